"""Work in daemon threads: a call that hangs never keeps the program from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from jsft_tui.core.errors import Problem

T = TypeVar("T")
S = TypeVar("S")


class BackgroundCall(Generic[T]):
    """A call that runs in a daemon thread of its own."""

    def __init__(self, call: Callable[[], T], what: str) -> None:
        self.what = what
        self._done = threading.Event()
        self._value: T | None = None
        self._error: BaseException | None = None
        threading.Thread(target=self._run, args=(call,), name=f"jsft {what}", daemon=True).start()

    def _run(self, call: Callable[[], T]) -> None:
        try:
            self._value = call()
        except BaseException as error:  # noqa: BLE001  (handed to the waiter, who raises it)
            self._error = error
        finally:
            self._done.set()

    def result(self, timeout: float | None = None) -> T:
        """The call's value.

        Raises:
            Problem: it is not done in time (code `Timeout`).
            BaseException: what the call raised.
        """
        if not self._done.wait(timeout):
            raise Problem("Timeout", f"{self.what}: no answer in {timeout:g} s.", "Try again.", retryable=True)
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set whenever there is no error


def map_parallel(call: Callable[[S], T], items: Iterable[S], workers: int) -> Iterator[tuple[S, T | Problem]]:
    """Call something for many items in a few threads; pairs come as they are done, in any order.

    A Problem of one item is its result; any other error ends the iteration.
    """
    waiting: queue.SimpleQueue[S] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[S, T | Problem | BaseException]] = queue.SimpleQueue()
    count = 0
    for item in items:
        waiting.put(item)
        count += 1

    def work() -> None:
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((item, call(item)))
            except BaseException as error:  # noqa: BLE001  (raised again by the reader)
                done.put((item, error))

    for number in range(min(workers, count)):
        threading.Thread(target=work, name=f"jsft worker {number}", daemon=True).start()
    for _ in range(count):
        item, result = done.get()
        if isinstance(result, BaseException) and not isinstance(result, Problem):
            raise result
        yield item, result
