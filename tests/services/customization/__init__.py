"""Tests of the use cases of customizations."""
