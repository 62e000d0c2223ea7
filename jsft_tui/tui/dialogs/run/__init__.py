"""Questions about the run."""
