"""Save the latest state in a thread of its own, so that a slow disk does not block the UI."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from jsft_tui.core.common.errors import Problem

T = TypeVar("T")


class LatestSaver(Generic[T]):
    """Calls `save` with the latest value, in one thread."""

    def __init__(self, save: Callable[[T], None], on_problem: Callable[[Problem], object]) -> None:
        self._save = save
        self._on_problem = on_problem
        self._wake = threading.Condition()
        self._waiting: list[T] = []
        """The value to save next; empty when there is none."""
        self._is_writing = False
        self._thread: threading.Thread | None = None
        self.problem: Problem | None = None
        """Why the last value could not be saved; None if it was."""

    def save(self, value: T) -> None:
        """Save this value soon, instead of one that was not saved yet."""
        with self._wake:
            self._waiting = [value]
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jsft saver", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def flush(self, seconds: float) -> None:
        """Wait until everything is saved, at most so many seconds."""
        with self._wake:
            self._wake.wait_for(lambda: not self._waiting and not self._is_writing, seconds)

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting)
                value, self._is_writing = self._waiting.pop(), True
            problem = None
            try:
                self._save(value)
            except Problem as error:
                problem = error
            except Exception as error:  # noqa: BLE001  (the thread must survive to save the next change)
                problem = Problem("CannotWrite", f"the draft cannot be saved: {error}.")
            if problem is not None:
                self._on_problem(problem)
            with self._wake:
                self.problem, self._is_writing = problem, False
                self._wake.notify_all()
