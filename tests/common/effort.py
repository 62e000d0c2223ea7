"""Bounds of effort that hold on every machine: measured against work of a known size, not in seconds."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

PATIENCE = 120.0
"""Seconds after which what a test waits for is taken to hang: far more than anything takes on a busy machine.

A disk may stall for a minute.
"""

UNITS_A_SECOND = 20
"""Pieces of work that a machine of 2026 does in a second."""


def _unit() -> float:
    """Return the processor seconds of a fixed piece of work on this machine, as busy as it is."""
    begin = time.process_time()
    rows = [str(number) for number in range(200_000)]
    sum(len(row) for row in sorted(rows))
    return time.process_time() - begin


@contextlib.contextmanager
def at_most(seconds: float, what: str = "it") -> Iterator[None]:
    """Fail where a block takes more processor time than a machine of 2026 needs for so many seconds of work.

    The block has to be at least four times as fast as its bound: what is close to it is measured against work that
    is done right behind it, so that neither a slow machine nor a busy one fails it.
    """
    begin = time.process_time()
    yield
    took = time.process_time() - begin
    if took > seconds / 4:
        limit = seconds * UNITS_A_SECOND * max(_unit() for _ in range(5))
        assert took <= limit, f"{what} took {took:.2f} s of processor time, {limit:.2f} s are allowed"
