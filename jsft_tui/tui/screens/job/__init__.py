"""The Job screen."""
