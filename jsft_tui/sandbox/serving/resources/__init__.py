"""What serving keeps: models, endpoint configurations, endpoints, and transform jobs."""
