"""Options and arguments of runs."""
