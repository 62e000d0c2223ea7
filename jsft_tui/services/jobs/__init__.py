"""Training jobs: listed, followed, compared."""
