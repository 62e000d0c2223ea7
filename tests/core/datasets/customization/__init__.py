"""Tests of the data formats of customizations."""
