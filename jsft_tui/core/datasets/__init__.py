"""What training data must look like: one module per task, over a byte-budgeted reader."""
