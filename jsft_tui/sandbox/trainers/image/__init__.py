"""The trainer of image classification."""
