"""Read all log streams of a job incrementally, merged in time order, with a page or two of each in memory."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Iterator

from jsft_tui.aws.jobs.logs import TrainingLogs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

PAGES_AT_ONCE = 4
"""Pages (up to 10,000 lines or 1 MB each, GetLogEvents) that one `collect` reads at most."""
LAST_LINES = 400
"""Lines at the end of a log in which the progress of a job is looked for."""


class _Stream:
    """The log of one host: the position in it, and its lines that wait for those of other hosts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.token: str | None = None
        self.lines: deque[LogLine] = deque()
        self.is_at_end = False
        self.newest = -math.inf
        """Latest time of the lines read so far."""
        self.settled = -math.inf
        """The same before the last page."""
        self._passed: set[str | None] = set()

    def begin_round(self) -> None:
        """Read to the end once more."""
        self.is_at_end = False
        self._passed.clear()

    def read_on(self, logs: TrainingLogs) -> int:
        """Read a page and return its number of lines.

        Raises:
            Problem: a page leads back to one that was read before: it would never end, and repeat lines.
        """
        page = logs.read(self.name, self.token)
        if page.token in self._passed and page.token != self.token:
            raise Problem(
                "ForeignAnswer", f"the pages of the log {self.name} go in circles.", "Try again.", retryable=True
            )
        self._passed.add(self.token)
        # An empty page with a new token is not the end (GetLogEvents).
        self.is_at_end = page.token is None or page.token == self.token
        self.token = page.token or self.token
        self.lines += page.lines
        self.settled = self.newest
        if page.lines:
            self.newest = max(self.newest, max(line.time for line in page.lines))
        return len(page.lines)


class LogTail:
    """Collect the log lines of a job. Lines are kept until they are taken, even if a later call fails. Not thread-safe.

    A round reads every stream to its end, a part with each `collect`. Because streams are read one after the other,
    the last lines of one may be later than lines that another has not delivered yet. So a line waits until the next
    round, but no longer, while another host could still have written an earlier one.
    """

    def __init__(self, logs: TrainingLogs, job: str) -> None:
        self._logs = logs
        self._job = job
        self._streams: dict[str, _Stream] = {}
        self._ready: list[LogLine] = []
        self._reached = -math.inf
        """Time of the newest line of the previous rounds."""
        self.lines_read = 0

    @property
    def is_behind(self) -> bool:
        """Whether the last `collect` stopped before the end of a stream."""
        return any(not stream.is_at_end for stream in self._streams.values())

    def collect(self) -> None:
        """Read new lines; of a long log only the next part.

        Raises:
            Problem: access denied, or no answer. Called again, it continues where it stopped.
        """
        if not self.is_behind:
            self._begin_round()
        pages = 0
        while self.is_behind:
            blocking = [s for s in self._unread if not s.lines or s.lines[0].time > self._limit(s)]
            if blocking and pages >= PAGES_AT_ONCE:
                return
            for stream in blocking:
                self.lines_read += stream.read_on(self._logs)
                pages += 1
            if unread := self._unread:
                self._make_ready(min(self._limit(stream) for stream in unread))
        self._end_round()

    @property
    def _unread(self) -> list[_Stream]:
        return [stream for stream in self._streams.values() if not stream.is_at_end]

    def _limit(self, stream: _Stream) -> float:
        """Return the time up to which the lines of a stream that is not at its end are ready.

        If another stream is at its end, the last page is held back: its lines may be newer than that stream's read.
        """
        return stream.newest if len(self._unread) == len(self._streams) else stream.settled

    def _begin_round(self) -> None:
        for name in self._logs.streams(self._job):
            self._streams.setdefault(name, _Stream(name))
        for stream in self._streams.values():
            stream.begin_round()

    def _end_round(self) -> None:
        newest = [stream.newest for stream in self._streams.values()]
        if newest:
            self._make_ready(math.inf if len(newest) == 1 else max(self._reached, min(newest)))
            self._reached = max(newest)

    def _make_ready(self, until: float) -> None:
        """Merge the lines of all streams up to a time; lines of one stream keep the order of the service."""
        due = [self._due(stream.lines, until) for stream in self._streams.values() if stream.lines]
        self._ready += due[0] if len(due) == 1 else heapq.merge(*due, key=lambda line: line.time)

    @staticmethod
    def _due(lines: deque[LogLine], until: float) -> list[LogLine]:
        due: list[LogLine] = []
        while lines and lines[0].time <= until:
            due.append(lines.popleft())
        return due

    def take(self) -> list[LogLine]:
        """Return and remove the lines that are ready, in time order."""
        lines, self._ready = self._ready, []
        return lines

    def take_all(self) -> list[LogLine]:
        """Return and remove all lines, for a log that no host writes to any more."""
        self._make_ready(math.inf)
        return self.take()


def log_or_missing(logs: TrainingLogs, name: str, describe: Callable[[], object]) -> Iterator[LogLine]:
    """Yield the log of something so far, in time order; without a line of it see whether it exists.

    Args:
        logs: where its log is.
        name: of what it is the log.
        describe: raises a Problem if there is nothing of that name.

    Raises:
        Problem: there is neither it nor a log of it, or its log cannot be read.
    """
    lines = whole_log(logs, name)
    first = next(lines, None)
    if first is None:
        describe()
        return
    yield first
    yield from lines


def whole_log(logs: TrainingLogs, job: str) -> Iterator[LogLine]:
    """Yield the log of a job so far, in time order; pages are read as lines are consumed.

    Raises:
        Problem: access denied, or no answer.
    """
    tail = LogTail(logs, job)
    tail.collect()
    while tail.is_behind:
        yield from tail.take()
        tail.collect()
    yield from tail.take_all()


def last_lines(logs: TrainingLogs, job: str, count: int) -> tuple[LogLine, ...]:
    """Return the last lines that the first host of a job wrote, at most `count`, with two calls.

    Raises:
        Problem: access denied, or no answer.
    """
    streams = sorted(logs.streams(job))
    return logs.last(streams[0], count) if streams else ()
