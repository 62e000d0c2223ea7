"""Datasets of image models."""
