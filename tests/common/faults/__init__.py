"""A sandbox with a fault proxy before it: what goes wrong between a client and AWS, on demand."""
