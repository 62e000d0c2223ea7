"""Standard output and questions of the command line."""
