"""The Hyperparameters screen."""
