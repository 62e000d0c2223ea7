"""Settings, defaults, and drafts on disk."""
