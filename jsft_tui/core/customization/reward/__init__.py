"""What rewards answers: reward functions, and models that judge."""
