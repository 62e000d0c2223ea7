"""The API of models, endpoint configurations and endpoints, and how endpoints change."""
