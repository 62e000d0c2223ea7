"""Texts on their way to the model: read, put in the form of a template, split into tokens."""
