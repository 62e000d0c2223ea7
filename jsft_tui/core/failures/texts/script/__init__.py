"""Texts of the training script: its libraries, its process, and what it runs out of."""
