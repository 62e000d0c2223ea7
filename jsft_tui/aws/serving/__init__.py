"""Adapters of what serves models: endpoints, transform jobs, and what keeps and counts them."""
