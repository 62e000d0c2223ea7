"""The base classes of screens."""
