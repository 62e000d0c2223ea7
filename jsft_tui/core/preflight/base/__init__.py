"""The types of checks and their inputs, and the access that a launch requires."""
