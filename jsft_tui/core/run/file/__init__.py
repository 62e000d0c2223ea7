"""Run files: reading and writing them."""
