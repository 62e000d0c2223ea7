"""Use cases of customizations."""
