"""S3 on disk: an index in SQLite, large objects in files, and the part of the S3 API that clients use."""
