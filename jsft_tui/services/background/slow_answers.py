"""Say once that AWS does not answer quickly, so that nobody takes a call that waits for one that hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable

from jsft_tui.aws.client.http import deadline


def say_when_waiting(say: Callable[[str], None]) -> None:
    """Let `say` know, once and from another thread, when a call was not answered for some seconds."""
    once = threading.Lock()

    def tell() -> None:
        if once.acquire(blocking=False):
            say(f"No answer from AWS yet; each call is given {deadline.PATIENCE.seconds:g} s.")

    deadline.tell_when_waiting(tell)
