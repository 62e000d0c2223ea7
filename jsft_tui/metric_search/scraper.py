"""Extract the metrics of a job from its log lines with the job's own metric definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, metric_value
from jsft_tui.metric_search.child import SearchChild, SearchResult
from jsft_tui.metric_search.program import Definition, regex_problem

MAX_LINES = 2_000
"""Lines of one search, so that a long log is never held in memory as a whole."""
MAX_CHARACTERS = 200_000
"""Characters of one search, so that a slow definition does not use up its time on a few long lines."""
MAX_FAILURES = 3
"""Consecutive failed searches after which no more metrics are extracted."""

ReadValue = Callable[[str, str], float | None]
"""Read a value from the captured text and the text that follows it; None: it is not a finite number."""


class MetricScraper:
    """Extracts metric values from log lines as SageMaker does: unanchored search, group 1 is the value.

    The regular expressions are untrusted, and matching one may practically never end. They run in a child process,
    which is started with the first lines and terminated by `close`. When it cannot be started or fails, the lines are
    kept for the next search. Not thread-safe.

    Attributes:
        unused: one sentence for every definition that is not used; new ones are appended.
    """

    def __init__(self, definitions: Iterable[Definition], read_value: ReadValue = metric_value) -> None:
        self.unused: list[str] = []
        self._read_value = read_value
        self._definitions: list[Definition] = []
        self._child: SearchChild | None = None
        self._pending: list[LogLine] = []
        self._failures = 0
        for name, regex in definitions:
            if problem := regex_problem(regex):
                self.unused.append(f"the metric definition {name} {problem}.")
            else:
                self._definitions.append((name, regex))

    def points(self, lines: Iterable[LogLine]) -> list[Point]:
        """Return the values in some lines as they were written, including overwritten states of a progress bar."""
        return [point for batch in _batches(lines) for point in self._points(batch)]

    def last_points(self) -> list[Point]:
        """Return the values in the pending lines when no more lines follow: search until it succeeds or is given up."""
        found: list[Point] = []
        while self._pending:
            found += self._points(())
        return found

    def all_points(self, lines: Iterable[LogLine]) -> Iterator[Point]:
        """Yield the values in any number of lines, batch by batch; then close the scraper."""
        try:
            for batch in _batches(lines):
                yield from self._points(batch)
            yield from self.last_points()
        finally:
            self.close()

    def close(self) -> None:
        """Terminate the child process; another search starts a new one."""
        if self._child is not None:
            self._child.close()
        self._child = None

    def _points(self, lines: Sequence[LogLine]) -> list[Point]:
        if not self._definitions:
            return []
        self._pending += lines
        result = self._search([line.raw for line in self._pending])
        if result is None:
            return []
        searched, self._pending = self._pending, []
        self._drop(result.dropped)
        return [
            Point(name, searched[number].time, value)
            for number, name, captured, after in result.found
            if (value := self._read_value(captured, after)) is not None
        ]

    def _search(self, texts: Sequence[str]) -> SearchResult | None:
        """Return the child's result, or None if it failed."""
        try:
            self._child = self._child or SearchChild(self._definitions)
            result = self._child.search(texts)
        except (OSError, ValueError) as error:
            self.close()
            self._failures += 1
            if self._failures >= MAX_FAILURES:
                self.unused.append(f"metrics are no longer extracted: {error}")
                self._definitions, self._pending = [], []
            return None
        self._failures = 0
        return result

    def _drop(self, names: Sequence[str]) -> None:
        for name in names:
            self.unused.append(f"the metric definition {name} takes too long to match and is no longer used.")
        # A child that is started later must not spend time on them again.
        self._definitions = [definition for definition in self._definitions if definition[0] not in names]


def _batches(lines: Iterable[LogLine]) -> Iterator[list[LogLine]]:
    """Yield the lines in batches that are small enough for one search."""
    batch: list[LogLine] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line.raw)
        if len(batch) >= MAX_LINES or size >= MAX_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
