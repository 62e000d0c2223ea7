"""The CreateTrainingJob request: built from a run, read back into one, exported."""
