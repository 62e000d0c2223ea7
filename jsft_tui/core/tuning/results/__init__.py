"""What the trials of a search found."""
