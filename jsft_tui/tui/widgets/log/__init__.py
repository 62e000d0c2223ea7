"""The view of a log."""
