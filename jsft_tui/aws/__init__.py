"""Adapters for AWS: one module per service, boto3 in, core values out, no policy."""
