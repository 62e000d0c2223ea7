"""Find the objects that the modules of a package declare, so that adding one is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TypeVar

T = TypeVar("T")


def discover(package: str, attribute: str, kind: type[T]) -> list[T]:
    """Import every module below a package and return what those that define the attribute assign to it.

    Args:
        package: dotted name of the package.
        attribute: the module-level name, for example `CHECK`.
        kind: the type that each value must have.

    Raises:
        TypeError: a module assigns something else to the attribute.
    """
    path = importlib.import_module(package).__path__
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(path, f"{package}.")]
    declared = [(module.__name__, getattr(module, attribute)) for module in modules if hasattr(module, attribute)]
    for name, value in declared:
        if not isinstance(value, kind):
            raise TypeError(f"{name}.{attribute} is not a {kind.__name__}")
    return [value for _, value in declared]
