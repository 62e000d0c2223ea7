"""Send only changed cells to the terminal, and no control characters from untrusted text.

Textual repaints dirty regions as a whole without comparing them with the last frame; it passes on the escape and C1
bytes of any text, and it runs the `@click` actions that markup in a text can contain. All of this is handled here, at
the one place where every frame passes as segments, just before it is encoded. Like the other modules of this folder,
this one relies on private parts of Textual 8.2; if they have changed, Textual paints by itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.segment import Segment

from jsft_tui.tui.terminal.drawing.frame_buffer import FrameBuffer
from jsft_tui.tui.theme.glyphs import uses_ascii

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object

QUEUED_WRITES = 3
"""Maximum number of writes that wait for a slow terminal (Textual: 30), so that no stale frames are rendered."""

FIRST_WAIT, LONGEST_WAIT = 0.004, 0.1
"""Seconds between checks whether the terminal has taken the last frame; doubled each time, up to the longest."""

_ERASE_IN_COLOR = ("xterm", "tmux", "linux", "rxvt", "alacritty", "foot", "konsole", "vte", "gnome", "putty", "mintty")
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_COLORS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}


class DiffRenderMixin(_Base):
    """Renders frame differences. Put it before `App` in the bases, and bind `redraw` to ctrl+l."""

    _buffer: FrameBuffer | None = None
    _writer: Any = None
    _cursor: tuple[int, int] | None = None
    _pointer = "default"
    _renders_differences = True
    _retry_delay = FIRST_WAIT
    _retry_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorten_write_queue()

    def on_mount(self) -> None:
        """Repaint everything when the program returns from the background or from an editor."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    def action_redraw(self) -> None:
        """Repaint the whole screen, whatever the terminal displays."""
        if self._buffer is not None:
            self._buffer.forget()
            self._cursor = None
        self.refresh(layout=True)

    def write_sequence(self, sequence: str) -> None:
        """Write a sequence between two frames, such as image data. It must not move the cursor."""
        if self._paints_now() and self._driver is not None:
            self._driver.write(sequence)

    def _set_pointer_shape(self, shape: str) -> None:
        """Set the mouse pointer's shape only if it changes: Textual sets the default one for each new screen."""
        if shape != self._pointer:
            self._pointer = shape
            super()._set_pointer_shape(shape)

    async def _broker_event(self, *_args: Any, **_kwargs: Any) -> bool:
        """Never run actions from text, such as `@click` in a style."""
        return False

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is None or not self._renders_differences or not self._paints_now():
            super()._display(screen, renderable)
            return
        try:
            self._paint(renderable)
        except (AttributeError, TypeError, ValueError, LookupError) as error:
            # Textual's private structures differ from those of 8.2.
            self._renders_differences = False
            self.log.error(f"Textual paints by itself: {error!r}")
            super()._display(screen, renderable)
            self.call_later(self.refresh, layout=True)
            return
        self.post_display_hook()

    def _paints_now(self) -> bool:
        """Return whether `App._display` would write a frame to a full-screen terminal."""
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
        buffer = self._current_buffer()
        # With NO_COLOR set, Textual would still send grays (https://no-color.org).
        colors = None if self.no_color else _COLORS[self.console.color_system or "truecolor"]
        for x, y, width, segments in updated_parts(update):
            buffer.put(x, y, width, segments, colors)
        if self._retry_timer is None:
            self._send()

    def _current_buffer(self) -> FrameBuffer:
        """Return the buffer for the current size and writer thread (a resumed program has a new one)."""
        assert self._driver is not None
        writer = self._driver._writer_thread  # type: ignore[attr-defined]  # of the drivers for Unix
        size = (self.size.width, self.size.height)
        if self._buffer is None or size != (self._buffer.width, self._buffer.height):
            encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
            self._buffer = FrameBuffer(
                *size,
                encoding=encoding,
                can_erase=erases_in_color(os.environ.get("TERM", "")),
                ascii_only=uses_ascii(os.environ),
            )
            self._cursor = None
        elif writer is not self._writer:
            self._buffer.forget()
            self._cursor = None
        self._writer = writer
        return self._buffer

    def _send(self) -> None:
        """Write the difference, or wait until the terminal has taken the last one; frames in between are merged."""
        self._retry_timer = None
        if self._buffer is None or not self._running or self._closed:
            return
        if self._writer_is_busy() or not self._paints_now():
            self._retry_timer = asyncio.get_running_loop().call_later(self._retry_delay, self._send)
            self._retry_delay = min(LONGEST_WAIT, self._retry_delay * 2)
            return
        self._retry_delay = FIRST_WAIT
        difference = self._buffer.difference()
        frame = f"{difference}{self._move_to_input(has_moved=bool(difference))}"
        if frame:
            assert self._driver is not None
            self._driver.write(f"{_SYNC_START}{frame}{_SYNC_END}" if self._sync_available else frame)
            self._driver.flush()

    def _move_to_input(self, *, has_moved: bool) -> str:
        """Move the cursor to the focused input, where input methods place their candidates; it is hidden elsewhere."""
        if not hasattr(self.screen.focused, "cursor_screen_offset"):
            self._cursor = None
            return ""
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        if not has_moved and (x, y) == self._cursor:
            return ""
        self._cursor = (x, y)
        return f"\x1b[{y + 1};{x + 1}H"

    def _writer_is_busy(self) -> bool:
        # A writer thread that has ended (suspended, or the terminal is gone) takes nothing: a write would block
        # forever.
        return not self._writer.is_alive() or self._writer._queue.qsize() > 0


def updated_parts(update: Any) -> Iterator[tuple[int, int, int, Iterable[Segment]]]:
    """Yield the parts of rows (column, row, width, content) that an update of Textual's compositor repaints."""
    if hasattr(update, "chops"):
        for y, x1, x2 in update.spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                # What only touches the span has at most the background of a widget further back.
                if strip is not None and x < x2 and end > x1:
                    yield x, y, end - x, strip
    elif hasattr(update, "strips") and hasattr(update, "region"):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, update.region.width, [segment for strip in strips for segment in strip]
    else:
        raise TypeError(f"unknown update {type(update).__name__}")


def erases_in_color(term: str) -> bool:
    """Return whether this terminal type erases with the current background color ("bce" in terminfo).

    GNU screen does not; unknown terminals are treated like it.
    """
    return term.startswith(_ERASE_IN_COLOR)


def shorten_write_queue() -> None:
    """Reduce the write queue of Textual's writer thread, if it has that setting."""
    from textual.drivers import _writer_thread

    if hasattr(_writer_thread, "MAX_QUEUED_WRITES"):
        _writer_thread.MAX_QUEUED_WRITES = QUEUED_WRITES  # type: ignore[misc]  # Textual declares it final
