"""Checks of customizations by recipe."""
