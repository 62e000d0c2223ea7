"""A session with an open target and its services."""
