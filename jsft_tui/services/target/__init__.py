"""Choosing where calls go."""
