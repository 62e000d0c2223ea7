"""Tests of the adapters of customizations."""
