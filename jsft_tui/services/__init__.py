"""What the program does: use cases over the core and the AWS adapters."""
