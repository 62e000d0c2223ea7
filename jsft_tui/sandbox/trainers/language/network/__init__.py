"""The transformer: its layers, its matrices, and what it is trained for."""
