"""Full collections wait until nobody types."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from jsft_tui.tui.terminal.idle_gc import DUE, OVERDUE, PAUSE, IdleCollector


class Ring:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def _thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def old_garbage(collections: int) -> weakref.ref[Ring]:
    """Garbage that is old when so many collections of middle-aged objects have been."""
    ring = Ring()
    gc.collect(1)
    gc.collect(1)
    found = weakref.ref(ring)
    del ring
    for _ in range(collections):
        gc.collect(1)
    return found


@pytest.mark.parametrize(
    ("since_a_key", "collections", "is_collected"),
    [(PAUSE + 1, DUE + 1, True), (0.0, DUE + 1, False), (0.0, OVERDUE + 1, True), (PAUSE + 1, 0, False)],
    ids=["nobody types", "somebody types", "overdue", "not due"],
)
def test_a_full_collection_is_made_when_it_is_due_and_nobody_types(
    since_a_key: float, collections: int, is_collected: bool
) -> None:
    gc.collect()
    garbage = IdleCollector(lambda: time.monotonic() - since_a_key)
    garbage.take_over()
    found = old_garbage(collections)
    assert found() is not None
    garbage.look()
    assert (found() is None) == is_collected


def test_python_makes_no_full_collection_any_more() -> None:
    IdleCollector(time.monotonic).take_over()
    before = gc.get_stats()[2]["collections"]
    keep = [[] for _ in range(300_000)]  # type: ignore[var-annotated]
    assert gc.get_stats()[2]["collections"] == before
    del keep
