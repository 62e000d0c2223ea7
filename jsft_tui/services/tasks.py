"""Work in daemon threads: a call that hangs never keeps the program from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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


class Kept(Generic[T]):
    """An answer that is good for a while; threads that want it at the same time ask once. A Problem is not kept."""

    def __init__(self, ask: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._answer: tuple[float, T] | None = None

    def value(self) -> T:
        """The answer, asked for anew when the last one is too old."""
        with self._lock:
            if self._answer is None or self._clock() - self._answer[0] > self._seconds:
                value = self._ask()  # a slow question makes its answer no older than it is
                self._answer = (self._clock(), value)
            return self._answer[1]

    def forget(self) -> None:
        """Ask anew the next time."""
        with self._lock:
            self._answer = None


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


class LatestOnly:
    """Runs calls in daemon threads, by group: an answer is delivered only while no newer call of its group began.

    `deliver` is called in the worker's thread; whoever owns a user interface posts a message in it.
    """

    def __init__(self, deliver: Callable[[Answer], None]) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._generations: dict[str, int] = {}

    def start(self, group: str, call: Callable[[], object], then: Callable[[object], None]) -> None:
        """Begin a call; an older one of the same group is forgotten.

        Args:
            group: what the call is about.
            call: runs in a thread of its own; a Problem is an answer, anything else that is raised too.
            then: goes with the answer to whoever delivers it.
        """
        with self._lock:
            generation = self._generations[group] = self._generations.get(group, 0) + 1

        def run() -> None:
            try:
                value: object = call()
            except BaseException as error:  # noqa: BLE001  (an answer: the receiver shows or raises it)
                value = error
            self._deliver(Answer(group, generation, value, then))

        threading.Thread(target=run, name=f"jsft {group}", daemon=True).start()

    def forget(self, *groups: str) -> None:
        """Drop the answers that are under way, of these groups or (without any) of all."""
        with self._lock:
            for group in groups or tuple(self._generations):
                self._generations[group] = self._generations.get(group, 0) + 1

    def is_current(self, answer: Answer) -> bool:
        """Whether no newer call of the answer's group has begun."""
        with self._lock:
            return self._generations.get(answer.group) == answer.generation


@dataclass(frozen=True)
class Answer:
    """What a call of a group came to: its value, or what it raised."""

    group: str
    generation: int
    value: object
    then: Callable[[object], None]
