"""The terminal itself: drawing, keys, signals, graphics."""
