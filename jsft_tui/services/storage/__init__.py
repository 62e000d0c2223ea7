"""S3: listing, reading, uploading, downloading."""
