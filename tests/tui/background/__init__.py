"""Tests of what the interface keeps current while it is used."""
