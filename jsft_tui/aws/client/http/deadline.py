"""Bound how long a call may take in all, its retries included: a connection that is not done by then is cut.

botocore's own timeout is one of each read: a server that sends a byte now and then is waited for without end.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.errors import Problem


@dataclass(frozen=True)
class Patience:
    """How long a call may take.

    Attributes:
        seconds: in all, besides the time that the bytes of its body need.
        slowest: bytes a second, of the slowest line that data is still carried over.
    """

    seconds: float = 60.0
    slowest: float = 16_384.0

    def for_bytes(self, count: int) -> float:
        """Return the seconds for a call that carries so many bytes."""
        return self.seconds + count / self.slowest


PATIENCE = Patience()
"""The time of every call."""
NOTICE_AFTER = 5.0
"""Seconds after which it is said that a call takes long."""


class TooSlow(Exception):
    """A call was not answered, or not in whole, in the time that it has."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"AWS did not answer in full within {seconds:.3g} s")


def too_slow_problem(error: TooSlow, what: str) -> Problem:
    """Return the Problem of a call that took too long; `what` completes "could not ..."."""
    remedy = "Check the network, or try again."
    return Problem("Timeout", f"could not {what}: {error}.", remedy, retryable=True)


class Watch:
    """A piece of a call that is watched, and the socket that it uses."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.has_expired = False
        self._socket: Any = None
        self._is_over = False
        self._lock = threading.Lock()

    @property
    def socket(self) -> Any:
        """The socket that the call uses, if it has one."""
        return self._socket

    def use(self, connection: Any) -> None:
        """Learn the socket of a call.

        Raises:
            TooSlow: its time is over.
        """
        with self._lock:
            self._socket = connection
        if self.has_expired:
            raise TooSlow(self.seconds)

    def expire(self) -> None:
        """Cut the connection, unless the call is over."""
        with self._lock:
            if not self._is_over:
                self.has_expired = True
                _cut(self._socket)

    def end(self) -> None:
        """Leave the connection alone from now on."""
        with self._lock:
            self._is_over = True


def _cut(connection: Any) -> None:
    """End what is read from a socket and what is written to it; a thread that waits for it wakes up."""
    while connection is not None and not isinstance(connection, socket.socket):
        connection = getattr(connection, "socket", None)  # TLS inside of TLS (urllib3, `SSLTransport`)
    if connection is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)  # of the connection, below TLS


class _Notice(Watch):
    """A watch that says that a call takes long, instead of ending it."""

    def __init__(self, seconds: float, tell: Callable[[], None]) -> None:
        super().__init__(seconds)
        self._tell = tell

    def expire(self) -> None:
        """Say so, unless the call is over."""
        with self._lock:
            if not self._is_over:
                self._tell()


class Watchdog:
    """Ends each watch at its time, in one thread for all of them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Watch]] = []
        self._numbers = itertools.count()
        self._is_running = False

    def add(self, watch: Watch) -> None:
        """Let a watch expire when its seconds have passed."""
        with self._changed:
            heapq.heappush(self._waiting, (self._now() + watch.seconds, next(self._numbers), watch))
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
            elif self._waiting[0][2] is watch:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._is_running = False
                    return
                left = self._waiting[0][0] - self._now()
                if left > 0:
                    self._changed.wait(left)
                    continue
                _, _, watch = heapq.heappop(self._waiting)
            watch.expire()


_WATCHDOG = Watchdog()


class _Current(threading.local):
    """What the calling thread is doing.

    Attributes:
        ends: when the time of its call is over, without that of the body's bytes; None outside of a call.
        watch: what watches it at the moment.
    """

    ends: float | None = None
    watch: Watch | None = None


_CURRENT = _Current()


class _Waiting:
    """Whom to tell that a call takes long."""

    tell: Callable[[], None] | None = None


def tell_when_waiting(tell: Callable[[], None] | None) -> None:
    """Call this from a thread of its own when an attempt was not answered for `NOTICE_AFTER`; None: no more."""
    _Waiting.tell = tell


def begin_call(patience: Patience) -> None:
    """Note that a call begins in this thread: its attempts share its time."""
    _CURRENT.ends = time.monotonic() + patience.seconds


def seconds_left(patience: Patience, carried: int) -> float:
    """Return the seconds that are left of this thread's call, whose body has so many bytes."""
    ends = _CURRENT.ends
    left = patience.seconds if ends is None else ends - time.monotonic()
    return left + carried / patience.slowest


def current_watch() -> Watch | None:
    """Return what watches this thread at the moment."""
    return _CURRENT.watch


@contextmanager
def watching(seconds: float, told: float, connection: Any = None) -> Iterator[Watch]:
    """Cut the connection that is used inside when so many seconds have passed.

    Args:
        seconds: from now on.
        told: the seconds of the whole call, for the error's text.
        connection: the socket, if it is known already.

    Raises:
        TooSlow: they have passed.
    """
    if seconds <= 0:
        raise TooSlow(told)
    watch = Watch(seconds)
    watch.use(connection)
    before, _CURRENT.watch = _CURRENT.watch, watch
    _WATCHDOG.add(watch)
    notice = _Notice(NOTICE_AFTER, _Waiting.tell) if _Waiting.tell and seconds > NOTICE_AFTER else None
    if notice is not None:
        _WATCHDOG.add(notice)
    try:
        yield watch
    except Exception as error:
        if watch.has_expired:
            raise TooSlow(told) from error
        raise
    finally:
        watch.end()
        if notice is not None:
            notice.end()
        _CURRENT.watch = before
    if watch.has_expired:  # a cut connection looks like the end of the answer
        raise TooSlow(told)
