"""Searches (hyperparameter tuning jobs): looking at them, following them, going on from them."""
