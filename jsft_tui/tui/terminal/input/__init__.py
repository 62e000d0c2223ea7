"""Keys: how they are parsed, and in which order they are handled."""
