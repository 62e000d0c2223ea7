"""Commands about models and instance types."""
