"""Work in daemon threads: a call that hangs never keeps the program from ending."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

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
        """Whether it has ended, well or badly, waiting for so many seconds at most."""
        return self._done.wait(within)

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


class TtlCache(Generic[T]):
    """An answer that is good for a while; threads that want it at the same time ask once. A Problem is not kept."""

    def __init__(self, ask: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._asking = threading.Lock()
        self._lock = threading.Lock()
        self._generation = 0
        self._answer: tuple[float, T] | None = None

    def value(self) -> T:
        """The answer, asked for anew when the last one is too old; several that want it wait for one question."""
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
        """Take this for the answer, from now on."""
        with self._lock:
            self._answer = (self._clock(), value)

    def forget(self) -> None:
        """Ask anew the next time; waits for no question."""
        with self._lock:
            self._generation += 1
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


class Cancelled(Exception):
    """Nobody wants the answer any more: a newer call of the group began, or the group was forgotten."""


MOST_UNHEARD = 2
"""Values that a call may have told before the first of them is handed over."""
LOOK_AGAIN = 0.1
"""Seconds after which whoever waits to tell something looks whether anybody still wants it."""


class Reporter(Generic[P]):
    """Given to a call of a group: it tells how far it is, and learns that nobody waits for it any more.

    It tells no faster than it is heard: what waits for the receiver keeps the receiver from everything else.
    """

    def __init__(
        self, is_wanted: Callable[[], bool], tell: Callable[[P], None], unheard: threading.Semaphore | None = None
    ) -> None:
        """`unheard` is taken for each value, and given back by whoever hands the value over."""
        self._is_wanted = is_wanted
        self._tell = tell
        self._unheard = unheard

    @property
    def is_wanted(self) -> bool:
        """Whether somebody still waits."""
        return self._is_wanted()

    def tell(self, value: P) -> None:
        """Tell something on the way; waits while too much of what was told before is not handed over yet.

        Raises:
            Cancelled: nobody waits any more.
        """
        while self._is_wanted():
            if self._unheard is None or self._unheard.acquire(timeout=LOOK_AGAIN):
                self._tell(value)
                return
        raise Cancelled


@dataclass(frozen=True)
class Answer:
    """What a call came to, or told on the way; `apply` hands it to whoever asked, `heard` says that it is through."""

    group: str
    generation: int
    is_last: bool
    apply: Callable[[], None]
    heard: Callable[[], None]


class ExclusiveTasks:
    """Runs calls in daemon threads, by group: answers count only while no newer call of their group began.

    `deliver` is called in the worker's thread. Whoever owns a user interface posts a message in it, and hands the
    answer to `settle` where widgets may be touched.
    """

    def __init__(self, deliver: Callable[[Answer], None]) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._generations: dict[str, int] = {}
        self._busy: set[tuple[str, int]] = set()

    @property
    def busy(self) -> frozenset[str]:
        """The groups whose current call is not done, or whose answer was not handed over yet."""
        with self._lock:
            return frozenset(group for group, number in self._busy if self._generations.get(group) == number)

    def start(
        self,
        group: str,
        call: Callable[[Reporter[P]], T],
        then: Callable[[T], None],
        failed: Callable[[BaseException], None],
        each: Callable[[P], None] = lambda _: None,
    ) -> None:
        """Begin a call; an older one of the same group is forgotten.

        Args:
            group: what the call is about.
            call: runs in a thread of its own.
            then: is given its value.
            failed: is given what it raised.
            each: is given what it tells on the way.
        """
        with self._lock:
            generation = self._generations[group] = self._generations.get(group, 0) + 1
            self._busy.add((group, generation))

        unheard = threading.Semaphore(MOST_UNHEARD)

        def deliver(apply: Callable[[], None], *, is_last: bool) -> None:
            self._deliver(Answer(group, generation, is_last, apply, unheard.release))

        def run() -> None:
            wanted: Reporter[P] = Reporter(
                lambda: self._is_current(group, generation),
                lambda value: deliver(lambda: each(value), is_last=False),
                unheard,
            )
            try:
                value = call(wanted)
            except BaseException as error:  # noqa: BLE001  (an answer: the receiver shows or raises it)
                problem = error
                deliver(lambda: failed(problem), is_last=True)
            else:
                deliver(lambda: then(value), is_last=True)

        threading.Thread(target=run, name=f"jsft {group}", daemon=True).start()

    def settle(self, answer: Answer) -> None:
        """Hand an answer to whoever asked, unless nobody waits for it any more."""
        try:
            if self._is_current(answer.group, answer.generation):
                answer.apply()
        finally:
            answer.heard()
            if answer.is_last:
                with self._lock:
                    self._busy.discard((answer.group, answer.generation))

    def forget(self, *groups: str) -> None:
        """Drop the answers that are under way, of these groups or (without any) of all."""
        with self._lock:
            for group in groups or tuple(self._generations):
                self._generations[group] = self._generations.get(group, 0) + 1

    def _is_current(self, group: str, generation: int) -> bool:
        with self._lock:
            return self._generations.get(group) == generation
