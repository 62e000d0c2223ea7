"""The terminal: rendering, keys, signals, graphics."""
