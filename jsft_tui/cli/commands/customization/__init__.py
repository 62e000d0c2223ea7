"""Commands about customizations."""
