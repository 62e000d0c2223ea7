"""Train text classification models."""
