"""The S3 API of the sandbox."""
