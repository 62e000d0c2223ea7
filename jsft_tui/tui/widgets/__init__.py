"""Widgets that are independent of SageMaker: they display what they are given, as text."""
