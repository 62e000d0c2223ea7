"""Restore the terminal whatever ends the program, and end the program when its terminal is gone.

On SIGTERM, Textual leaves the alternate screen and raw mode on; when hang-ups are ignored (`nohup`), it reads a closed
terminal forever at full speed. It also prints a crash with all local variables, which may contain credentials. This
module relies on private parts of Textual 8.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.worker import WorkerFailed

from jsft_tui.crash import write_crash_report
from jsft_tui.tui.terminal.background_color import asked

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

CHECK_INTERVAL = 1.0
"""Seconds between checks whether the terminal still exists."""

EXIT_TIMEOUT = 3.0
"""Seconds that an orderly exit may take after a signal; a terminal that takes no output would block it."""


class RestoreTerminalMixin(_Base):
    """Exits with 143 after SIGTERM, 131 after SIGQUIT, 129 after a hang-up, 1 after a crash.

    Put it before `App` in the bases.
    """

    _crash: BaseException | None = None
    _watch: threading.Event | None = None
    _ends_at: float | None = None
    """When the program has to have ended after a signal (`time.monotonic`), and with which code."""
    _code = 0

    def on_mount(self) -> None:
        """Let the modes from before the question for the background color be restored at the end."""
        if self.is_headless or not sys.__stdin__ or not sys.__stdin__.isatty():
            return
        if (question := asked()) and (modes := question.hand_over_modes()):
            # The driver saw those in which the question was asked.
            self._driver.attrs_before = modes  # type: ignore[union-attr]  # a driver for Unix, as stdin is a terminal

    async def run_async(self, *, headless: bool = False, **kwargs: Any) -> Any:
        """Run it. Watch for signals and for the loss of the terminal from before the terminal is taken.

        Textual waits for ever where the terminal goes while it sets it up: nobody reads the queue of what to write.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            # nohup's choice to ignore hang-ups is respected as long as there is a terminal. This is not a handler of
            # the event loop, because the loop may be blocked by a terminal that takes no output.
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda number, _: self._exit_on_signal(number, loop))
        if not headless:
            # Any thread may take a signal, but only this one runs its handler. A handler of the loop has signals wake
            # it: else it would sleep on until a key or a timer comes. The driver replaces this handler.
            loop.add_signal_handler(signal.SIGCONT, lambda: None)
            self._watch = threading.Event()
            threading.Thread(target=self._watch_over, args=(self._watch,), name="jsft-terminal", daemon=True).start()
        return await super().run_async(headless=headless, **kwargs)

    def on_unmount(self) -> None:
        """Stop watching the terminal, which has been restored."""
        if self._watch is not None:
            self._watch.set()

    def _exit_on_signal(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        if is_gone(0):
            os._exit(128 + number)
        # No thread is started here: the signal may have come while this one starts another and holds its lock.
        self._ends_at, self._code = time.monotonic() + EXIT_TIMEOUT, 128 + number
        loop.call_soon_threadsafe(partial(self.exit, return_code=128 + number))

    def _watch_over(self, done: threading.Event) -> None:
        """End the program when its terminal is gone, or when it takes too long to end after a signal.

        In a thread, because the event loop may be blocked by the terminal.
        """
        while not done.wait(CHECK_INTERVAL):
            if is_gone(0):
                os._exit(128 + signal.SIGHUP)
            self._end_if_late()
        while self._ends_at is not None:
            time.sleep(CHECK_INTERVAL)
            self._end_if_late()

    def _end_if_late(self) -> None:
        if self._ends_at is None or time.monotonic() < self._ends_at:
            return
        attributes = getattr(self._driver, "attrs_before", None)
        if attributes is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, attributes)
        os._exit(self._code)

    def _handle_exception(self, error: Exception) -> None:
        if self._crash is None:
            self._crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def panic(self, *renderables: Any) -> None:
        """End after an error without rendering it."""
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
        # The only output of a crash, after the terminal has been restored.
        print(crash_line(self._crash), file=sys.__stderr__)


def crash_line(error: BaseException) -> str:
    """Write the crash report and return the sentence that says where it is."""
    name = type(error).__name__
    try:
        path = write_crash_report(error)
    except OSError as problem:
        return f"jsft ended because of an internal error ({name}), and the report could not be written: {problem}."
    return f"jsft ended because of an internal error ({name}); please report it with the file {path}"


def is_gone(descriptor: int) -> bool:
    """Return whether a descriptor is no longer a terminal."""
    try:
        termios.tcgetattr(descriptor)
    except termios.error:
        return True
    return False
