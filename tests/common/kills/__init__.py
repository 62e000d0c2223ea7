"""A main job whose processes are killed at random moments."""
