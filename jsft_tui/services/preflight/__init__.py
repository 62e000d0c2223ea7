"""What the checks need to know, and the run of all checks."""
