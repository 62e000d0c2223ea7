"""Datasets of tabular models."""
