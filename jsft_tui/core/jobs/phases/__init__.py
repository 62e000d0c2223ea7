"""The phases of a job: its state, what it waits for, and how long it takes."""
