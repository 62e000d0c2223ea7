"""Deploying a trained model: what is chosen, and the requests."""
