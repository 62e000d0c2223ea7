"""Measure jsft as ratios, never in a timed test: each module is a program of its own."""
