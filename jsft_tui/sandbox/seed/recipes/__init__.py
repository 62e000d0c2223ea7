"""Seed the models that are customized by recipes: their specs, override parameters, base model and data."""
