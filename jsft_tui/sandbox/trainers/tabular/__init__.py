"""Train tabular classification models."""
