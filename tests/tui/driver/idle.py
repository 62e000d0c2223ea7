"""When nothing is under way in an app, counted and not guessed.

Textual's pilot takes an app for idle when the whole process used no CPU for 20 ms: three such waits for every key, more
on a busy machine, and never an answer while another thread works. The event loop knows it exactly: nothing is ready to
run, nothing waits to be drawn, and no timer is about to fire.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual._context import active_app
from textual.app import App, ScreenStackError

from tests.common.effort import PATIENCE

SOON = 0.21
"""Seconds: a timer that fires within them belongs to what is under way (the rest of a filter's text or of a cursor)."""


async def wait_until_handled(min_sleep: float = 0.0, max_sleep: float = PATIENCE) -> None:
    """Wait until what was sent is handled and drawn; timers take their time.

    Both functions stand in the place of `textual._wait.wait_for_idle`, which sleeps for `min_sleep` at least.

    Args:
        min_sleep: not needed.
        max_sleep: seconds after which it is given up: something goes on all the time.
    """
    app, loop = active_app.get(), asyncio.get_running_loop()
    ends = time.monotonic() + max_sleep
    while time.monotonic() < ends:
        await asyncio.sleep(0)
        if not _is_ready(loop):
            _draw(app)
            if not _is_ready(loop):
                return


async def wait_until_idle(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until what was sent is handled and drawn, and so is what timers do about it soon.

    Args:
        min_sleep: not needed.
        max_sleep: seconds of waiting for timers after which it is given up: one fires again and again. What is done
            meanwhile does not count, so that a slow machine does not end it sooner.
    """
    loop = asyncio.get_running_loop()
    while True:
        await wait_until_handled()
        next_timer = _next_timer(loop)
        if next_timer is None or max_sleep <= 0:
            return
        pause = max(0.001, next_timer - loop.time())
        max_sleep -= pause
        await asyncio.sleep(pause)


def _is_ready(loop: Any) -> bool:
    return bool(loop._ready)


def _next_timer(loop: Any) -> float | None:
    """When the next timer fires that belongs to what is under way, in the loop's time."""
    latest = loop.time() + SOON
    times = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
    return min((when for when in times if when <= latest), default=None)


def _draw(app: App[Any]) -> None:
    """Draw what has changed now, and not at the next of 60 times a second."""
    try:
        app.screen._on_timer_update()
    except ScreenStackError:
        return  # it ends: there is nothing to draw on
