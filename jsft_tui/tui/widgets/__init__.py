"""Widgets that know nothing of SageMaker: they show what they are given, as text."""
