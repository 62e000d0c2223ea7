"""Deploying trained models, and the endpoints that there are."""
