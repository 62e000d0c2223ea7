"""Full collections wait until the user is idle."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from jsft_tui.tui.terminal.idle_gc import DUE, IDLE_TIME, OVERDUE, IdleCollector


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
    """Garbage in the oldest generation, followed by this many collections of generation 1."""
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
    [(IDLE_TIME + 1, DUE + 1, True), (0.0, DUE + 1, False), (0.0, OVERDUE + 1, True), (IDLE_TIME + 1, 0, False)],
    ids=["idle", "typing", "overdue", "not due"],
)
def test_a_full_collection_runs_when_it_is_due_and_the_user_is_idle(
    since_a_key: float, collections: int, is_collected: bool
) -> None:
    gc.collect()
    garbage = IdleCollector(lambda: time.monotonic() - since_a_key)
    garbage.take_over()
    found = old_garbage(collections)
    assert found() is not None
    garbage.collect_if_due()
    assert (found() is None) == is_collected


def test_python_runs_no_full_collection_by_itself() -> None:
    IdleCollector(time.monotonic).take_over()
    before = gc.get_stats()[2]["collections"]
    keep = [[] for _ in range(300_000)]  # type: ignore[var-annotated]
    assert gc.get_stats()[2]["collections"] == before
    del keep
