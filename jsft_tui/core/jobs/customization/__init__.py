"""Customization jobs, serverless or on instances: what they are and what they cost."""
