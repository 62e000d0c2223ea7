"""Combinations of hyperparameters that do not work."""
