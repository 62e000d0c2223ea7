"""Strict parsers of CSV and JSON lines."""
