"""Datasets of language models."""
