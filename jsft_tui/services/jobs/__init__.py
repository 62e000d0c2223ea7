"""Training jobs: list, follow, compare."""
