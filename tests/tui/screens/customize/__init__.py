"""Tests of the Customize screen."""
