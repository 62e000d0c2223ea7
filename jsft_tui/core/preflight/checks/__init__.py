"""Preflight checks, one module each: a module that defines `CHECK` is a check. Adding one is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from jsft_tui.core.preflight.base.check import Check

ORDER = (
    "credentials",
    "permissions",
    "role",
    "role_access",
    "data",
    "data_region",
    "data_format",
    "data_size",
    "output_region",
    "instance",
    "availability",
    "image",
    "weights",
    "quota",
    "hyperparameters",
    "name",
    "eula",
    "volume",
    "kms",
    "vpc",
    "spot",
    "cost",
    "model_state",
    "limits",
    "sandbox",
)
"""The order that people see; a check that is not named here comes last."""


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order people see."""
    modules = (importlib.import_module(found.name) for found in pkgutil.walk_packages(__path__, f"{__name__}."))
    found = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    return tuple(sorted(found, key=lambda check: (place_of(check.name), check.name)))


def place_of(name: str) -> int:
    """Where a check stands in that order."""
    return ORDER.index(name) if name in ORDER else len(ORDER)
