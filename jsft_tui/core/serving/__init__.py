"""Deploying trained models: requests, endpoints, payloads, cost."""
