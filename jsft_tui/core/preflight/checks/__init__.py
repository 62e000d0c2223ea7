"""Preflight checks: every module below this package that declares a `CHECK` is one."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsft_tui.core.common.discovery import discover
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Check, Plan
from jsft_tui.core.preflight.base.inputs import Requirement


@cache
def checks() -> tuple[Check, ...]:
    """Return all checks, in their order."""
    return tuple(sorted(discover(__name__, "CHECK", Check), key=lambda check: (check.order, check.name)))


def checks_of(method: Method, *, is_search: bool = False) -> tuple[Check, ...]:
    """Return the checks of a way of training, in their order; those of searches only for one."""
    return tuple(check for check in checks() if method in check.methods and (is_search or not check.for_searches))


def checks_for(plan: Plan) -> tuple[Check, ...]:
    """Return the checks of a plan, in their order."""
    return tuple(check for check in checks() if check.applies_to(plan))


def requirements() -> tuple[Requirement[Any], ...]:
    """Return what the checks require, each once."""
    return tuple(dict.fromkeys(requirement for check in checks() for requirement in check.requires))


def requirements_for(plan: Plan) -> tuple[Requirement[Any], ...]:
    """Return what the checks of a plan require, each once."""
    return tuple(dict.fromkeys(requirement for check in checks_for(plan) for requirement in check.requires))


def position_of(name: str) -> int:
    """Return the position of a check among the others; an unknown one comes last."""
    return next((at for at, check in enumerate(checks()) if check.name == name), len(checks()))
