"""The lines around a screen: strip, filter, message, keys."""
