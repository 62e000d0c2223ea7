"""Where to work, and signing in there."""
