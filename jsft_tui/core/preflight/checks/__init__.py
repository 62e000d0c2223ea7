"""Preflight checks: every module below this package that declares a `CHECK` is one."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsft_tui.core.common.discovery import discover
from jsft_tui.core.preflight.base.check import Check
from jsft_tui.core.preflight.base.inputs import Requirement


@cache
def checks() -> tuple[Check, ...]:
    """Return all checks, in their order."""
    return tuple(sorted(discover(__name__, "CHECK", Check), key=lambda check: (check.order, check.name)))


def requirements() -> tuple[Requirement[Any], ...]:
    """Return what the checks require, each once."""
    return tuple(dict.fromkeys(requirement for check in checks() for requirement in check.requires))


def position_of(name: str) -> int:
    """Return the position of a check among the others; an unknown one comes last."""
    return next((at for at, check in enumerate(checks()) if check.name == name), len(checks()))
