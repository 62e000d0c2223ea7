"""Metrics of training jobs: log metrics, curves, the objective, utilization."""
