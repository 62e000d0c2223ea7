"""Customization: training a model by a recipe, serverless or on instances."""
