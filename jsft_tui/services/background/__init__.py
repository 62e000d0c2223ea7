"""Calls in daemon threads, and their progress."""
