"""Hyperparameter tuning jobs that really search: their trials are the sandbox's training jobs."""
