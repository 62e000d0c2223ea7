"""The Welcome screen."""
