"""Checks of the job."""
