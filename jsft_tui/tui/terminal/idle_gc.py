"""Run full garbage collections while no keys are typed: each blocks the event loop for 50 to 190 ms.

Python runs one whenever enough objects were created, which is often when a screen is first displayed or a botocore
service model is loaded. Freezing the objects once after the start is not enough: measured over a minute of going
through the screens, Python alone made 5 full collections of up to 187 ms while keys were typed; with one freeze 4 s
after the start, 4 of up to 142 ms; with this scheduler none while typing and one of 115 ms afterwards. Younger
generations are collected by Python as usual.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHECK_INTERVAL = 5.0
"""Seconds between checks whether a collection is due."""
IDLE_TIME = 2.0
"""Seconds without a key after which the user counts as idle."""
DUE, OVERDUE = 10, 1000
"""Collections of generation 1 after which a full one runs when idle (Python's own threshold), or in any case."""
NEVER = 1_000_000_000


@contextmanager
def disabled_at_start() -> Iterator[None]:
    """Keep the collector disabled until `IdleCollector.take_over`, as nearly all objects of the start are permanent."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class IdleCollector:
    """Replaces Python's schedule of full collections."""

    def __init__(self, last_key_at: Callable[[], float]) -> None:
        """Create it; `last_key_at` returns the time of the last key (`time.monotonic`)."""
        self._last_key_at = last_key_at

    def take_over(self) -> None:
        """Let only `collect_if_due` run full collections, and exempt all existing objects from them."""
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, NEVER)
        gc.freeze()
        gc.enable()

    def collect_if_due(self) -> None:
        """Run a full collection if it is due."""
        count = gc.get_count()[2]
        is_idle = time.monotonic() - self._last_key_at() > IDLE_TIME
        if count > OVERDUE or (count > DUE and is_idle):
            gc.collect()
