"""Store buckets and objects on disk."""
