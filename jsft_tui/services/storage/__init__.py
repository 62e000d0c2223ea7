"""S3 and local files: list, read, upload, download, unpack."""
