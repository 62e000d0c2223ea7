"""The trainer of tabular models."""
