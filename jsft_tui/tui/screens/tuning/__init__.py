"""The Tuning screen."""
