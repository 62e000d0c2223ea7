"""Tests of customizations by recipe."""
