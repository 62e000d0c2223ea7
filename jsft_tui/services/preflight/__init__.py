"""Fetch the inputs of the preflight checks and run them."""
