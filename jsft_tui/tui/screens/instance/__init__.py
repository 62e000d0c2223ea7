"""The Instance screen."""
