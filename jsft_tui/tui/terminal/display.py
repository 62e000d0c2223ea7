"""Sends to the terminal only what changed, and never a control character that is not ours.

Textual repaints dirty regions whole and does not compare them with the last frame; it passes on the escape and C1
bytes of any text, and it runs the `@click` actions that markup in a text can hold. All of that is dealt with here, at
the one place where every frame passes as segments, just before it becomes bytes. With the guard, this is the only
place that knows private parts of Textual 8.2; when they no longer have the shape known here, Textual paints by itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.segment import Segment

from jsft_tui.tui.terminal.frame_buffer import Picture

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object

QUEUED_WRITES = 3
"""So many writes wait at most for a slow terminal (Textual: 30): keys are handled, stale frames are never made."""

FIRST_WAIT, LONGEST_WAIT = 0.004, 0.1
"""Seconds until a terminal that did not take the last frame yet is asked again; doubled each time."""

_ERASE_IN_COLOUR = ("xterm", "tmux", "linux", "rxvt", "alacritty", "foot", "konsole", "vte", "gnome", "putty", "mintty")
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_COLORS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class DiffRenderMixin(_Base):
    """Put before `App` in the bases. Bind `redraw` to ctrl+l."""

    _picture: Picture | None = None
    _writer: Any = None
    _cursor: tuple[int, int] | None = None
    _pointer = "default"
    _is_thrifty = True
    _wait = FIRST_WAIT
    _waiting: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorten_write_queue()

    def on_mount(self) -> None:
        """Paint everything when the program comes back from the background or from an editor."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    def action_redraw(self) -> None:
        """Forget what the terminal shows, and paint it all."""
        if self._picture is not None:
            self._picture.forget()
            self._cursor = None
        self.refresh(layout=True)

    def write_sequence(self, sequence: str) -> None:
        """Write to the terminal, between two frames, what is no text: a picture's data. It must not move the cursor."""
        if self._paints_now() and self._driver is not None:
            self._driver.write(sequence)

    def _set_pointer_shape(self, shape: str) -> None:
        """Tell the terminal of the mouse pointer's shape when it is another one: each new screen says the usual one."""
        if shape != self._pointer:
            self._pointer = shape
            super()._set_pointer_shape(shape)

    async def _broker_event(self, *_args: Any, **_kwargs: Any) -> bool:
        """Texts hold no actions here: `@click` in a style is never run."""
        return False

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is None or not self._is_thrifty or not self._paints_now():
            super()._display(screen, renderable)
            return
        try:
            self._paint(renderable)
        except (AttributeError, TypeError, ValueError, LookupError) as error:
            # The shapes are others than those of Textual 8.2.
            self._is_thrifty = False
            self.log.error(f"Textual paints by itself: {error!r}")
            super()._display(screen, renderable)
            self.call_later(self.refresh, layout=True)
            return
        self.post_display_hook()

    def _paints_now(self) -> bool:
        """Whether `App._display` would write a frame to a whole terminal."""
        try:
            return bool(
                self._running
                and not self._closed
                and not self._batch_count
                and not self.is_headless
                and self._driver is not None
                and not self._driver.is_inline
            )
        except AttributeError:
            return False

    def _paint(self, update: Any) -> None:
        picture = self._current_picture()
        # With NO_COLOR set Textual would still send greys (https://no-color.org).
        colors = None if self.no_color else _COLORS[self.console.color_system or "truecolor"]
        if hasattr(update, "chops"):
            for y, x1, x2 in update.spans:
                for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    if strip is not None and x <= x2 and end > x1:
                        picture.put(x, y, end - x, strip, colors)
        elif hasattr(update, "strips") and hasattr(update, "region"):
            for y, strips in enumerate(update.strips, update.region.y):
                segments: list[Segment] = [segment for strip in strips for segment in strip]
                picture.put(update.region.x, y, update.region.width, segments, colors)
        else:
            raise TypeError(f"unknown update {type(update).__name__}")
        if self._waiting is None:
            self._send()

    def _current_picture(self) -> Picture:
        """The picture of this size and this stay on the terminal (a resumed program has a writer of its own)."""
        assert self._driver is not None
        writer = self._driver._writer_thread  # type: ignore[attr-defined]
        size = (self.size.width, self.size.height)
        if self._picture is None or size != (self._picture.width, self._picture.height):
            encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
            self._picture = Picture(*size, encoding=encoding, can_erase=erases_in_color(os.environ.get("TERM", "")))
            self._cursor = None
        elif writer is not self._writer:
            self._picture.forget()
            self._cursor = None
        self._writer = writer
        return self._picture

    def _send(self) -> None:
        """Write the difference, or wait while the terminal has not taken the last one: what comes in between is one."""
        self._waiting = None
        if self._picture is None or not self._running or self._closed:
            return
        if self._writer_is_busy() or not self._paints_now():
            self._waiting = asyncio.get_running_loop().call_later(self._wait, self._send)
            self._wait = min(LONGEST_WAIT, self._wait * 2)
            return
        self._wait = FIRST_WAIT
        difference = self._picture.difference()
        frame = f"{difference}{self._go_to_cursor(is_elsewhere=bool(difference))}"
        if frame:
            assert self._driver is not None
            self._driver.write(f"{_SYNC_START}{frame}{_SYNC_END}" if self._sync_available else frame)
            self._driver.flush()

    def _go_to_cursor(self, *, is_elsewhere: bool) -> str:
        """Go where one types, as input methods show there what they offer. The cursor is not seen otherwise."""
        if not hasattr(self.screen.focused, "cursor_screen_offset"):
            self._cursor = None
            return ""
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        if not is_elsewhere and (x, y) == self._cursor:
            return ""
        self._cursor = (x, y)
        return f"\x1b[{y + 1};{x + 1}H"

    def _writer_is_busy(self) -> bool:
        # A writer that is not alive (suspended, or its terminal went away) takes nothing: a write to it would wait
        # for ever.
        return not self._writer.is_alive() or self._writer._queue.qsize() > 0


def erases_in_color(term: str) -> bool:
    """Whether a terminal of this kind erases with the background that it draws with ("bce" in terminfo).

    GNU screen and its like do not; what is not known here is taken to be like it.
    """
    return term.startswith(_ERASE_IN_COLOUR)


def shorten_write_queue() -> None:
    """Let Textual's writer thread queue few writes; nothing happens when it has no such setting."""
    from textual.drivers import _writer_thread

    if hasattr(_writer_thread, "MAX_QUEUED_WRITES"):
        _writer_thread.MAX_QUEUED_WRITES = QUEUED_WRITES  # type: ignore[misc]
