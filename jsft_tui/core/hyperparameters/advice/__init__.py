"""What helps to choose the value of a hyperparameter."""
