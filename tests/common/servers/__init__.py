"""Servers that tests talk to, and what lies before them."""
