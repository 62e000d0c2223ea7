"""Training jobs of the sandbox: the API, and the processes that train."""
