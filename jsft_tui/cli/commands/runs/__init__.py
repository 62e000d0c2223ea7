"""Commands about run files and launches."""
