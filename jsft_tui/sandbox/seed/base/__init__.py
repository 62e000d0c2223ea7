"""What all seeded models share."""
