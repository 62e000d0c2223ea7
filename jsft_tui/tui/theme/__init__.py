"""Themes, and styles of statuses."""
