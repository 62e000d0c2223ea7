"""Work in daemon threads: a call that hangs never keeps the program from ending."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Generic, NamedTuple, TypeVar

from jsft_tui.core.common.errors import Problem

T = TypeVar("T")
S = TypeVar("S")
P = TypeVar("P")


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

    def is_done(self, within: float) -> bool:
        """Return whether it has ended, well or badly, after at most this many seconds."""
        return self._done.wait(within)

    def result(self, timeout: float | None = None) -> T:
        """Return the value of the call.

        Raises:
            Problem: it is not done in time (code `Timeout`).
            BaseException: what the call raised.
        """
        if not self._done.wait(timeout):
            raise Problem("Timeout", f"{self.what}: no answer in {timeout:g} s.", "Try again.", retryable=True)
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set whenever there is no error


class TtlCache(Generic[T]):
    """A value that is valid for a while; threads that want it at the same time fetch it once. A Problem is not kept."""

    def __init__(self, ask: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._asking = threading.Lock()
        self._lock = threading.Lock()
        self._generation = 0
        self._answer: tuple[float, T] | None = None

    def value(self) -> T:
        """Return the value; fetch it when it is too old. Threads that want it at the same time wait for one call."""
        with self._asking:
            with self._lock:
                generation, answer = self._generation, self._answer
            if answer is not None and self._clock() - answer[0] <= self._seconds:
                return answer[1]
            value = self._ask()  # a slow question makes its answer no older than it is
            with self._lock:
                if generation == self._generation:
                    self._answer = (self._clock(), value)
            return value

    def keep(self, value: T) -> None:
        """Use this value from now on."""
        with self._lock:
            self._answer = (self._clock(), value)

    def forget(self) -> None:
        """Fetch the value again the next time; never wait for a call that is under way."""
        with self._lock:
            self._generation += 1
            self._answer = None


def map_parallel(call: Callable[[S], T], items: Iterable[S], workers: int) -> Iterator[tuple[S, T | Problem]]:
    """Call a function for many items in a few threads; yield the pairs as they are done, in any order.

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


class Cancelled(Exception):
    """Raised in a call whose result nobody awaits any more."""


MAX_UNREAD = 2
"""Progress values that a call may report before the first of them is read."""
CHECK_EVERY = 0.1
"""Seconds between two checks whether the result is still awaited, while a report waits to be read."""


class Reporter(Generic[P]):
    """Reports the progress of a call and observes its cancellation.

    It reports no faster than the receiver reads: whatever waits for the receiver keeps it from everything else.
    """

    def __init__(
        self, is_wanted: Callable[[], bool], tell: Callable[[P], None], unread: threading.Semaphore | None = None
    ) -> None:
        """`unread` is acquired for each value, and released by whoever reads it."""
        self._is_wanted = is_wanted
        self._tell = tell
        self._unread = unread

    @property
    def is_wanted(self) -> bool:
        """Whether the result is still awaited."""
        return self._is_wanted()

    def tell(self, value: P) -> None:
        """Report a value; wait while too many of those before it are unread.

        Raises:
            Cancelled: the result is not awaited any more.
        """
        while self._is_wanted():
            if self._unread is None or self._unread.acquire(timeout=CHECK_EVERY):
                self._tell(value)
                return
        raise Cancelled


class _Progress(NamedTuple, Generic[P]):
    """The call tells how far it is."""

    value: P


class _Returned(NamedTuple, Generic[T]):
    """The call has ended well."""

    value: T


class _Raised(NamedTuple):
    """The call has failed."""

    error: BaseException


class AwaitedCalls:
    """Runs calls in daemon threads for coroutines of one event loop that await them.

    Textual's thread workers and `asyncio.to_thread` run in an executor whose threads the interpreter joins when it
    ends: a call that hangs would keep the program from ending (github.com/Textualize/textual/issues/3966).
    """

    def __init__(self) -> None:
        self._busy: Counter[str] = Counter()

    @property
    def busy(self) -> frozenset[str]:
        """The names of the calls that are awaited now."""
        return frozenset(+self._busy)

    async def run(self, name: str, call: Callable[[Reporter[P]], T], on_progress: Callable[[P], None]) -> T:
        """Run a call in a thread and return its value.

        Cancelling the coroutine abandons the call: what it reports or returns afterwards is dropped, and its next
        report raises `Cancelled` in its thread.

        Args:
            name: of the call in `busy`.
            call: runs in a thread of its own.
            on_progress: is given what the call reports, in the event loop.

        Raises:
            BaseException: what the call raised.
        """
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[_Progress[P] | _Returned[T] | _Raised] = asyncio.Queue()
        abandoned, unread = threading.Event(), threading.Semaphore(MAX_UNREAD)

        def post(event: _Progress[P] | _Returned[T] | _Raised) -> None:
            with suppress(RuntimeError):  # the loop is closed: the program has ended
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            reporter: Reporter[P] = Reporter(
                lambda: not abandoned.is_set(), lambda value: post(_Progress(value)), unread
            )
            try:
                value = call(reporter)
            except BaseException as error:  # noqa: BLE001  (raised in the coroutine)
                post(_Raised(error))
            else:
                post(_Returned(value))

        self._busy[name] += 1
        threading.Thread(target=work, name=f"jsft {name}", daemon=True).start()
        try:
            while isinstance(event := await events.get(), _Progress):
                on_progress(event.value)
                unread.release()
            if isinstance(event, _Raised):
                raise event.error
            return event.value
        finally:
            abandoned.set()
            self._busy[name] -= 1
