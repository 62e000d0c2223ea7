"""Train image classification models."""
