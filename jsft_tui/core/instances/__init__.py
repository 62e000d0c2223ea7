"""Instance types and their hardware."""
