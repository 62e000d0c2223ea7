"""Targets: choose one, start the sandbox, name its files."""
