"""The Customize screen: which recipe, and where it runs."""
