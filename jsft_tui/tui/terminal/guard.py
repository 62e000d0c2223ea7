"""Gives the terminal back as it was, whatever ends the program, and never outlives its terminal.

Textual dies of SIGTERM with the alternate screen and raw mode left on, and it reads a terminal that went away for
ever, at full speed, when hang-ups are ignored (`nohup`). It also prints a crash with all local variables, which may
hold keys. With the display and the escape key, this is the only place that knows private
parts of Textual 8.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.worker import WorkerFailed

from jsft_tui.crash import write_crash_report

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

LOOK_EVERY = 1.0
"""Seconds between two looks whether the terminal is still there."""

LEAVE_WITHIN = 3.0
"""Seconds that an orderly end may take after a signal; a terminal that takes no more output would hold it up."""


class RestoreTerminalMixin(_Base):
    """Put before `App` in the bases. Ends with 143 after SIGTERM, 129 after a hang-up, 1 after a crash."""

    _crash: BaseException | None = None
    _watch: threading.Event | None = None

    def on_mount(self) -> None:
        """Watch for signals and for the end of the terminal."""
        if self.is_headless or not sys.__stdin__ or not sys.__stdin__.isatty():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Who asked with nohup that a hang-up be ignored gets that, as long as there is a terminal. Not a handler
            # of the event loop, which may be waiting for a terminal that takes no output.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda number, _: self._leave(number, loop))
        self._watch = threading.Event()
        watcher = threading.Thread(target=_watch_terminal, args=(0, self._watch), name="jsft-terminal", daemon=True)
        watcher.start()

    def on_unmount(self) -> None:
        """The terminal is given back: what happens to it now is not ours to watch."""
        if self._watch is not None:
            self._watch.set()

    def _leave(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        if is_gone(0):
            os._exit(128 + number)
        attributes = getattr(self._driver, "attrs_before", None)
        last_resort = threading.Timer(LEAVE_WITHIN, _leave_now, (attributes, 128 + number))
        last_resort.daemon = True
        last_resort.start()
        loop.call_soon_threadsafe(partial(self.exit, return_code=128 + number))

    def _handle_exception(self, error: Exception) -> None:
        if self._crash is None:
            self._crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def panic(self, *renderables: Any) -> None:
        """End after an error; nothing is rendered of it."""
        if self.is_headless:
            super().panic(*renderables)
            return
        if self._crash is None:
            self._crash = RuntimeError("The terminal could not be read.")
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        if self.is_headless:
            super()._fatal_error()
        else:
            self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        if self._crash is None or self.is_headless:
            super()._print_error_renderables()
            return
        self._exit_renderables.clear()
        # After the terminal is restored: the only line of a crash.
        print(crash_line(self._crash), file=sys.__stderr__)


def crash_line(error: BaseException) -> str:
    """Write the crash report; returns the sentence that says where it is."""
    name = type(error).__name__
    try:
        path = write_crash_report(error)
    except OSError as problem:
        return f"jsft ended because of an error of its own ({name}), and the report could not be written: {problem}."
    return f"jsft ended because of an error of its own ({name}); please report it with the file {path}"


def is_gone(descriptor: int) -> bool:
    """Whether a descriptor that was a terminal is none any more."""
    try:
        termios.tcgetattr(descriptor)
    except termios.error:
        return True
    return False


def _watch_terminal(descriptor: int, done: threading.Event) -> None:
    # In a thread: the event loop may be waiting for the very terminal that is gone.
    while not done.wait(LOOK_EVERY):
        if is_gone(descriptor):
            os._exit(128 + signal.SIGHUP)


def _leave_now(attributes: list[Any] | None, code: int) -> None:
    if attributes is not None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, attributes)
    os._exit(code)
