"""Searches in the list of jobs, and what is told of them wherever they are shown."""
