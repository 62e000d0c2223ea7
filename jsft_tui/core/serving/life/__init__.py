"""How long an endpoint lives, and what reminds of it."""
