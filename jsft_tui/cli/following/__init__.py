"""Jobs, endpoints and transform jobs followed on the command line."""
