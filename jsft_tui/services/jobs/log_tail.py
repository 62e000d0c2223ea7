"""Reading on in all log streams of a job: their lines in the order of time, of each stream a page or two in memory."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Iterator

from jsft_tui.aws.logs import TrainingLogs
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

PAGES_AT_ONCE = 4
"""Pages (up to 10,000 lines or 1 MB each, GetLogEvents) that are read before they are told."""


class _Stream:
    """One host's log: how far it was read, and what of it waits for the lines of others."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.token: str | None = None
        self.lines: deque[LogLine] = deque()
        self.is_at_end = False
        self.newest = -math.inf
        """The latest time of the lines that were read."""
        self.settled = -math.inf
        """The same, without the last page."""

    def read_on(self, logs: TrainingLogs) -> int:
        """Read a page; how many lines it had."""
        page = logs.read(self.name, self.token)
        # An empty page whose token moved is not the end (GetLogEvents).
        self.is_at_end = page.token is None or page.token == self.token
        self.token = page.token or self.token
        self.lines += page.lines
        self.settled = self.newest
        if page.lines:
            self.newest = max(self.newest, max(line.time for line in page.lines))
        return len(page.lines)


class LogTail:
    """What was read is kept until it is taken, whatever fails meanwhile. Not for several threads.

    A round reads every stream to its end, a part with every `collect`. Streams are read one after the other: what one
    wrote last may be later than what another writes before it is read again. So a line waits for the next round,
    but no longer, while another host could still have written something before it.
    """

    def __init__(self, logs: TrainingLogs, job: str) -> None:
        self._logs = logs
        self._job = job
        self._streams: dict[str, _Stream] = {}
        self._ready: list[LogLine] = []
        self._reached = -math.inf
        """The time of the newest line of the rounds before."""
        self.lines_read = 0

    @property
    def is_behind(self) -> bool:
        """Whether there was more to read than was read the last time."""
        return any(not stream.is_at_end for stream in self._streams.values())

    def collect(self) -> None:
        """Read on; of a long log only a part.

        Raises:
            Problem: not allowed, or no answer. Asked again, it goes on where it was.
        """
        if not self.is_behind:
            self._begin_round()
        pages = 0
        while self.is_behind:
            waited_for = [s for s in self._unread if not s.lines or s.lines[0].time > self._limit(s)]
            if waited_for and pages >= PAGES_AT_ONCE:
                return
            for stream in waited_for:
                self.lines_read += stream.read_on(self._logs)
                pages += 1
            if unread := self._unread:
                self._make_ready(min(self._limit(stream) for stream in unread))
        self._end_round()

    @property
    def _unread(self) -> list[_Stream]:
        return [stream for stream in self._streams.values() if not stream.is_at_end]

    def _limit(self, stream: _Stream) -> float:
        """Until when the lines of a stream that is not read to its end are told.

        Beside one that is at its end the last page is kept: it may be of just now, when that one was read before.
        """
        return stream.newest if len(self._unread) == len(self._streams) else stream.settled

    def _begin_round(self) -> None:
        for name in self._logs.streams(self._job):
            self._streams.setdefault(name, _Stream(name))
        for stream in self._streams.values():
            stream.is_at_end = False

    def _end_round(self) -> None:
        newest = [stream.newest for stream in self._streams.values()]
        if newest:
            self._make_ready(math.inf if len(newest) == 1 else max(self._reached, min(newest)))
            self._reached = max(newest)

    def _make_ready(self, until: float) -> None:
        """Lines up to a time, those of all streams in order; of one stream they stay as the service gave them."""
        due = [self._due(stream.lines, until) for stream in self._streams.values() if stream.lines]
        self._ready += due[0] if len(due) == 1 else heapq.merge(*due, key=lambda line: line.time)

    @staticmethod
    def _due(lines: deque[LogLine], until: float) -> list[LogLine]:
        due: list[LogLine] = []
        while lines and lines[0].time <= until:
            due.append(lines.popleft())
        return due

    def take(self) -> list[LogLine]:
        """The lines that are ready, in the order of time."""
        lines, self._ready = self._ready, []
        return lines

    def take_all(self) -> list[LogLine]:
        """The same, and those that wait for others: nothing is written any more."""
        self._make_ready(math.inf)
        return self.take()


def whole_log(logs: TrainingLogs, job: str) -> Iterator[LogLine]:
    """All that a job has written so far, in the order of time; read as it is taken.

    Raises:
        Problem: not allowed, or no answer.
    """
    tail = LogTail(logs, job)
    tail.collect()
    while tail.is_behind:
        yield from tail.take()
        tail.collect()
    yield from tail.take_all()
