"""Hyperparameter tuning jobs: ranges, objective, request, trials, cost."""
