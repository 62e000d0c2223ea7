"""Commands about S3 and datasets."""
