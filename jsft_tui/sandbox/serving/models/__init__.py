"""Models on this machine: copies of their data, and the processes that answer with them."""
