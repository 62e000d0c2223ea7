"""Fixtures of the tests of the core."""

from __future__ import annotations

from tests.common.dropped_modules import drop_module

__all__ = ["drop_module"]
