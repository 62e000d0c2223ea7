"""The command line face: parses flags, prints results. No rule, no AWS."""
