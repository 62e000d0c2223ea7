"""The CreateTrainingJob request: built from a run, parsed back into one, exported."""
