"""The lines of a log: the recent ones in memory, all of them in a temporary file without a name."""

from __future__ import annotations

import struct
import tempfile
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

RECENT = 4_096
"""Lines kept in memory."""

LONGEST = 4_096
"""Characters of a line that are kept: a single line of a log can be a megabyte."""

_HEAD = struct.Struct("<dHI")  # time, number of the stream, bytes of the text
_NOT_KEPT = "(not kept: no space for temporary files)"


class StoredLine(NamedTuple):
    """A line as it is shown: no control characters, carriage returns folded."""

    time: float
    text: str
    stream: int = 0


class LogStore:
    """Append-only. A million lines take 8 MB of memory and their text on disk. Not for several threads."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="jsft-log-")  # noqa: SIM115  (closed by close)
        self._starts = array("q")
        self._end = 0
        self._recent: deque[StoredLine] = deque(maxlen=RECENT)
        self.streams: list[str] = []
        self._bar: str | None = None
        """The stream whose progress bar is the last line."""

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be added any more."""
        return self._file.closed

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def append(self, lines: Iterable[LogLine]) -> int:
        """Keep these lines; the number of the first line that is another one now.

        A progress bar writes over the last line. Text that a full disk cannot take stays readable while it is recent.
        """
        changed = len(self._starts)
        written = bytearray()
        starts: list[int] = []
        for line in lines:
            stream = self._stream(line.stream)
            if self._writes_over(line):
                self._recent.pop()
                (starts or self._starts).pop()
                changed = min(changed, len(self._starts))
            self._bar = line.stream if "\r" in line.exact else None
            for text in shown_texts(line.text):
                stored = StoredLine(line.time, text, stream)
                self._recent.append(stored)
                starts.append(self._end + len(written))
                data = text.encode("utf-8", "replace")
                written += _HEAD.pack(line.time, stream, len(data)) + data
        try:
            self._file.seek(self._end)
            self._file.write(written)
            self._file.flush()
        except OSError:
            starts = [-1] * len(starts)
        else:
            self._end += len(written)
        self._starts.extend(starts)
        return changed

    def _writes_over(self, line: LogLine) -> bool:
        """Whether a line goes on with the progress bar of the last one: it comes in parts when it has no line end."""
        return self._bar == line.stream and line.exact.startswith("\r") and bool(self._recent)

    def line(self, index: int) -> StoredLine:
        """The line with this number, from 0."""
        recent = index - (len(self._starts) - len(self._recent))
        if recent >= 0:
            return self._recent[recent]
        return next(iter(self.lines(index, 1)))

    def lines(self, first: int, count: int) -> Iterable[StoredLine]:
        """So many lines from `first` on, fewer at the end. Read together, which is fast."""
        count = min(count, len(self) - first)
        beyond = len(self) - len(self._recent)
        kept = [start for start in self._starts[first : min(first + count, beyond)] if start >= 0]
        data, origin = b"", 0
        if kept:
            origin = kept[0]
            self._file.seek(origin)
            # A line is at most this long; the last one's end is not in the index.
            data = self._file.read(kept[-1] - origin + _HEAD.size + 4 * LONGEST)
        for index in range(first, first + count):
            if index >= beyond:
                yield self._recent[index - beyond]
            elif self._starts[index] < 0:
                yield StoredLine(0.0, _NOT_KEPT)
            else:
                yield _unpacked(data, self._starts[index] - origin)

    def _stream(self, name: str) -> int:
        if name not in self.streams:
            self.streams.append(name)
        return min(self.streams.index(name), 0xFFFF)


def _unpacked(data: bytes, start: int) -> StoredLine:
    moment, stream, length = _HEAD.unpack_from(data, start)
    start += _HEAD.size
    return StoredLine(moment, data[start : start + length].decode("utf-8", "replace"), stream)


def shown_texts(text: str) -> list[str]:
    """The lines that a log event shows: split at line feeds, of progress bars the last state."""
    if text.isprintable():
        return [text[:LONGEST]]
    return [clean(line.rstrip("\r").rpartition("\r")[2])[:LONGEST] for line in text.rstrip("\n").split("\n")]


class Matches:
    """The lines that match, found a part at a time so that a search through a million lines holds nothing up."""

    def __init__(self, matches: Callable[[str], bool]) -> None:
        self._matches = matches
        self.hits = array("q")
        self.searched = 0

    def search(self, store: LogStore, seconds: float) -> bool:
        """Search on for at most about so long; whether all lines are searched."""
        until = time.monotonic() + seconds
        while self.searched < len(store) and time.monotonic() < until:
            first = self.searched
            count, matches = 0, self._matches
            for count, (_, text, _) in enumerate(store.lines(first, 1_000), 1):
                if matches(text):
                    self.hits.append(first + count - 1)
            self.searched = first + count
        return self.searched >= len(store)

    def forget(self, first: int) -> None:
        """The lines from this one on are others now."""
        self.searched = min(self.searched, first)
        while self.hits and self.hits[-1] >= first:
            self.hits.pop()


def contains(query: str) -> Callable[[str], bool]:
    """Whether a text contains the query; capitals count when the query has any."""
    if query != query.lower():
        return lambda text: query in text
    return lambda text: query in text.lower()
