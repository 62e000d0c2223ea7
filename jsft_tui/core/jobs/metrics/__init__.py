"""Metrics of training jobs."""
