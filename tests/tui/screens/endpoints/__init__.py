"""Tests of screen 7."""
