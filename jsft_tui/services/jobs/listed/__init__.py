"""The list of jobs, kept current."""
