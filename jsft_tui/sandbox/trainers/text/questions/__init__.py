"""Train question answering models."""
