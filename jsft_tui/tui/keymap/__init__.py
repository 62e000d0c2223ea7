"""Actions, their keys, and what the keys are called."""
