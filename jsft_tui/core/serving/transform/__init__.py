"""Batch transform jobs: what is sent, and what SageMaker tells of them."""
