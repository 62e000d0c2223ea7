"""The metrics that a request's MetricDefinitions find in a job's lines."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

from jsft_tui.sandbox import metric_search
from jsft_tui.sandbox.jobs import FinalMetric

PATIENCE_SECONDS = 60.0
"""How long a batch may take altogether before the searching process is given up."""

Event = tuple[int, str]
"""Milliseconds since the epoch, and a line."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_log = logging.getLogger(__name__)


def leading_number(text: str) -> float | None:
    """The number at the start of what a regex captured.

    JumpStart's regexes capture `[0-9\\.]+`, so a sentence's full stop may cling to it: `0.9.` is 0.9.
    None when there is no finite number (`nan`, `inf`).
    """
    match = _NUMBER.match(text.strip())
    number = float(match[0]) if match else math.nan
    return number if math.isfinite(number) else None


class MetricScraper:
    """Finds metrics with the help of a child process, which is started with the first lines.

    Attributes:
        complaints: one sentence for every definition that is not used; new ones come at the end.
        final: the last value of every metric so far.
    """

    def __init__(self, definitions: Sequence[Mapping[str, str]]) -> None:
        self.complaints: list[str] = []
        self.final: dict[str, FinalMetric] = {}
        self._definitions: list[metric_search.Definition] = []
        self._child: _Child | None = None
        for definition in definitions:
            name, regex = definition["Name"], definition["Regex"]
            if wrong := metric_search.wrong_with(regex):
                self.complaints.append(f"metric definition {name} {wrong}")
            else:
                self._definitions.append((name, regex))

    def scrape(self, events: Sequence[Event]) -> list[FinalMetric]:
        """The metrics in some lines: for each line and definition the first match, its first group."""
        if not self._definitions or not events:
            return []
        try:
            self._child = self._child or _Child(self._definitions)
            answer = self._child.ask([text for _, text in events])
        except (OSError, ValueError) as problem:
            _log.warning("The search for metrics has ended: %r", problem)
            self.complaints.append(f"no more metrics are searched for: {problem}")
            self._definitions = []
            self.close()
            return []
        for name in answer["dropped"]:
            self.complaints.append(f"metric definition {name} takes too long to search a line, and is used no more")
        found = [
            FinalMetric(name, value, events[line][0] / 1000)
            for line, name, captured in answer["found"]
            if (value := leading_number(captured)) is not None
        ]
        self.final |= {metric.name: metric for metric in found}
        return found

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.close()
        self._child = None


class _Child:
    """The searching process."""

    def __init__(self, definitions: Sequence[metric_search.Definition]) -> None:
        # Isolated and without site-packages: nothing of the user's environment matters, and it starts quickly.
        program = [sys.executable, "-I", "-S", metric_search.__file__]
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, start_new_session=True
        )
        assert self._process.stdin
        assert self._process.stdout
        self._into: IO[bytes] = self._process.stdin
        self._out_of: IO[bytes] = self._process.stdout
        self._write(definitions)

    def ask(self, texts: Sequence[str]) -> dict[str, Any]:
        """What the child finds in a batch.

        Raises:
            OSError: it has ended, or takes longer than it may (`TimeoutError`).
            ValueError: the answer cannot be read.
        """
        self._write(texts)
        answer: dict[str, Any] = json.loads(self._read_line())
        return answer

    def _write(self, document: Any) -> None:
        self._into.write(json.dumps(document).encode() + b"\n")
        self._into.flush()

    def _read_line(self) -> bytes:
        deadline = time.monotonic() + PATIENCE_SECONDS
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self._out_of, selectors.EVENT_READ)
            while not pieces or not pieces[-1].endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"a batch of lines took more than {PATIENCE_SECONDS:.0f} s")
                piece = os.read(self._out_of.fileno(), 1 << 16)
                if not piece:
                    raise ConnectionError("the searching process has ended")
                pieces.append(piece)
        return b"".join(pieces)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what was not flushed has no reader any more
            self._into.close()
        self._out_of.close()
