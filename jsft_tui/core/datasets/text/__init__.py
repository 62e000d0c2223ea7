"""Datasets of text models."""
