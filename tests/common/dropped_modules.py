"""Put a module into a package of the product for one test, as a file that somebody adds would be."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest


class Cached(Protocol):
    def cache_clear(self) -> None: ...


DropModule = Callable[[str, str, str, Cached], None]
"""Package, module name, source, and the cached function that discovers it."""


@pytest.fixture
def drop_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DropModule]:
    undo: list[Callable[[], None]] = []

    def drop(package: str, name: str, source: str, cached: Cached) -> None:
        folder = tmp_path / package
        folder.mkdir()
        (folder / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        parent = importlib.import_module(package)
        monkeypatch.setattr(parent, "__path__", [*parent.__path__, str(folder)])
        undo.append(lambda: vars(parent).pop(name))
        undo.append(lambda: sys.modules.__delitem__(f"{package}.{name}"))
        undo.append(cached.cache_clear)
        cached.cache_clear()

    yield drop
    for step in undo:
        step()
