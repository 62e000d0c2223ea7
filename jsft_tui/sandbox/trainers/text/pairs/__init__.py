"""Train sentence pair classification models."""
