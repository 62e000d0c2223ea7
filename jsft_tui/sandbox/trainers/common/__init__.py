"""Provide what all trainers share."""
