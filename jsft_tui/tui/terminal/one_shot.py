"""Timers that go off once, however long the system holds the program."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer


def one_shot(node: MessagePump, delay: float, then: Callable[[], object], *, name: str | None = None) -> Timer:
    """Call a function once, after so many seconds, and return the timer, which stops with the node.

    Textual's own `set_timer` skips calls that are late, and with them the only one: where the program is held for
    longer than the delay between two readings of the clock in `Timer._run`, the timer ends without a call. Suspended
    programs and busy machines do that.
    """
    timer = node.set_timer(delay, then, name=name)
    timer._skip = False
    return timer
