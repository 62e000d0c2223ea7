"""Launching a training job exactly once."""
