"""What is sent to a model, and what it answers."""
