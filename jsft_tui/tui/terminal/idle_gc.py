"""Full garbage collections while nobody types: one takes 40 to 150 ms here, in which no key is answered.

Python starts one whenever enough objects have come, which is often just when a screen is shown for the first time or
a service's model is loaded. Young objects are collected as ever.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

EVERY = 5.0
"""Seconds between two looks whether a collection is due."""
PAUSE = 2.0
"""Seconds without a key after which nobody types."""
DUE, OVERDUE = 10, 1000
"""So many collections of middle-aged objects make a full one due (Python's own number), or do not let it wait."""
NEVER = 1_000_000_000


class IdleCollector:
    """Takes full collections over from Python."""

    def __init__(self, last_key_at: Callable[[], float]) -> None:
        """`last_key_at` tells when the last key came (`time.monotonic`)."""
        self._last_key_at = last_key_at

    def take_over(self) -> None:
        """From now on, only `look` collects everything. What is there stays for good, and is not looked through."""
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, NEVER)
        gc.freeze()

    def look(self) -> None:
        """Collect everything when that is due."""
        count = gc.get_count()[2]
        nobody_types = time.monotonic() - self._last_key_at() > PAUSE
        if count > OVERDUE or (count > DUE and nobody_types):
            gc.collect()
