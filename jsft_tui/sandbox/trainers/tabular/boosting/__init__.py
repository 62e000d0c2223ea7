"""Train gradient-boosted trees."""
