"""Storage for log lines: the recent ones in memory, all of them in an anonymous temporary file."""

from __future__ import annotations

import struct
import tempfile
from array import array
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.metrics.log_metrics import LogLine

RECENT = 4_096
"""Lines kept in memory."""

LONGEST = 4_096
"""Characters kept of a line: a single log line can be a megabyte."""

_HEAD = struct.Struct("<dHI")  # time, number of the stream, bytes of the text
_NOT_KEPT = "(not kept: no space for temporary files)"


class StoredLine(NamedTuple):
    """A line ready to display: no control characters, carriage returns folded."""

    time: float
    text: str
    stream: int = 0


class LogStore:
    """Append-only store. A million lines take 8 MB of memory and their text on disk. Not thread-safe."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="jsft-log-")  # noqa: SIM115  (closed by close)
        self._starts = array("q")
        self._end = 0
        self._recent: deque[StoredLine] = deque(maxlen=RECENT)
        self.streams: list[str] = []
        self._bar: str | None = None
        """The stream whose progress bar is the last line; None if the last line is not a progress bar."""

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def is_closed(self) -> bool:
        """Whether the store has been closed."""
        return self._file.closed

    def close(self) -> None:
        """Release the disk space."""
        self._file.close()

    def append(self, lines: Iterable[LogLine]) -> int:
        """Add lines and return the number of the first line that is new or changed.

        A progress bar overwrites the last line. When the disk is full, text stays readable only while it is recent.
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
            self._bar = line.stream if "\r" in line.raw else None
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
        """Return whether a line continues the last one: a progress bar arrives in parts, without a line end."""
        return self._bar == line.stream and line.raw.startswith("\r") and bool(self._recent)

    def line(self, index: int) -> StoredLine:
        """Return the line with this number, from 0."""
        recent = index - (len(self._starts) - len(self._recent))
        if recent >= 0:
            return self._recent[recent]
        return next(iter(self.lines(index, 1)))

    def lines(self, first: int, count: int) -> Iterable[StoredLine]:
        """Yield `count` lines from `first` on, or as many as there are, with a single read of the file."""
        count = min(count, len(self) - first)
        beyond = len(self) - len(self._recent)
        kept = [start for start in self._starts[first : min(first + count, beyond)] if start >= 0]
        data, origin = b"", 0
        if kept:
            origin = kept[0]
            self._file.seek(origin)
            # The index has no end of the last line, so read as much as a line can have at most.
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
    """Return the lines that a log event displays: split at line feeds, progress bars in their last state."""
    if text.isprintable():
        return [text[:LONGEST]]
    return [clean(line.rstrip("\r").rpartition("\r")[2])[:LONGEST] for line in text.rstrip("\n").split("\n")]
