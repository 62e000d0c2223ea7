"""Checks of a search."""
