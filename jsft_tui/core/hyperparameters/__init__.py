"""Hyperparameters of a run: the form, the rules across fields, the batch size."""
