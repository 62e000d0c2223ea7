"""Index texts for sentence similarity."""
