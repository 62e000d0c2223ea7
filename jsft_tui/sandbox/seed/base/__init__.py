"""Define what all seeded models share."""
