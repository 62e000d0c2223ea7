"""Textual calls the handler of every class of a widget, the subclass's first: none calls its super's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TUI = Path(__file__).resolve().parents[2] / "jsft_tui" / "tui"
NOT_DISPATCHED = frozenset({"on_event", "_on_key"})
"""What is called once, as any method is; an input's `_on_key` prevents what would come after it."""


def called_twice(source: str) -> Iterator[str]:
    """The handlers that call the same handler of their base class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(("on_", "_on_")):
            for part in ast.walk(node):
                if isinstance(part, ast.Attribute) and part.attr == node.name and ast.unparse(part.value) == "super()":
                    yield node.name


def test_no_handler_calls_that_of_its_base_class() -> None:
    found = {path.name: [*called_twice(path.read_text(encoding="utf-8"))] for path in TUI.rglob("*.py")}
    wrong = {name: set(handlers) - NOT_DISPATCHED for name, handlers in found.items()}
    assert not {name: handlers for name, handlers in wrong.items() if handlers}


def test_such_a_call_is_found() -> None:
    source = "class A(B):\n    def on_mount(self):\n        super().on_mount()"
    assert [*called_twice(source)] == ["on_mount"]
