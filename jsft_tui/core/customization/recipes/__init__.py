"""A customization's recipe: its choice, its parameters, and their values as they are sent."""
