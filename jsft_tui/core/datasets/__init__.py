"""Check training data: one module per task, over a reader with a byte budget."""
