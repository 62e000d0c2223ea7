"""Checks before a deploy: every module of this package that declares a `CHECK` is one."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsft_tui.core.common.discovery import discover
from jsft_tui.core.preflight.base.inputs import Requirement
from jsft_tui.core.serving.deploy.plan import DeployCheck


@cache
def checks() -> tuple[DeployCheck, ...]:
    """Return all checks, in their order."""
    return tuple(sorted(discover(__name__, "CHECK", DeployCheck), key=lambda check: (check.order, check.name)))


def requirements() -> tuple[Requirement[Any], ...]:
    """Return what the checks require, each once."""
    return tuple(dict.fromkeys(requirement for check in checks() for requirement in check.requires))
