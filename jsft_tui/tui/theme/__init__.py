"""Themes and the styles of statuses."""
