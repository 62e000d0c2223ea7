"""Hypothesis without a deadline for each example: the machine that runs the tests may be busy with others."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("core", deadline=None, max_examples=60)
settings.load_profile("core")
