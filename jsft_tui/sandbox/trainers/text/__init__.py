"""The trainer of text classification."""
