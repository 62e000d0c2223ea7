"""Commands about searches (hyperparameter tuning jobs)."""
