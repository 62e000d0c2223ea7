"""The metrics of a job, found in its log with its own metric definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point, metric_value
from jsft_tui.metric_search.child import SearchChild, Searched
from jsft_tui.metric_search.program import Definition, wrong_with

LINES_AT_ONCE = 2_000
"""Lines of one search: a long log is never held whole."""
CHARACTERS_AT_ONCE = 200_000
"""The same in characters: no definition that is only somewhat slow uses up its time on one search of long lines."""
MOST_FAILURES = 3
"""After so many failed searches in a row it is given up."""


class MetricScraper:
    """Finds metric values in log lines, as SageMaker does: unanchored search, group 1 is the value.

    Anybody may have written the regular expressions, and one can take longer than the universe: they are searched
    for in a process of its own, which begins with the first lines and ends with `close`. Where that cannot be started,
    or fails, the lines wait for the next search. Not for several threads.

    Attributes:
        unused: one sentence for every definition that finds nothing here; new ones come at the end.
    """

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.unused: list[str] = []
        self._definitions: list[Definition] = []
        self._child: SearchChild | None = None
        self._waiting: list[LogLine] = []
        """Lines that could not be searched yet."""
        self._failures = 0
        for name, regex in definitions:
            if wrong := wrong_with(regex):
                self.unused.append(f"the metric definition {name} {wrong}.")
            else:
                self._definitions.append((name, regex))

    def points(self, lines: Iterable[LogLine]) -> list[Point]:
        """The values in some lines as they were written: what a progress bar wrote over counts, too."""
        return [point for some in _batches(lines) for point in self._points(some)]

    def last_points(self) -> list[Point]:
        """The values in the lines that still wait when no others come: they are searched, or it is given up."""
        found: list[Point] = []
        while self._waiting:
            found += self._points(())
        return found

    def all_points(self, lines: Iterable[LogLine]) -> Iterator[Point]:
        """The values in any number of lines, which are held a part at a time; closes it at the end."""
        try:
            for some in _batches(lines):
                yield from self._points(some)
            yield from self.last_points()
        finally:
            self.close()

    def _points(self, lines: Sequence[LogLine]) -> list[Point]:
        if not self._definitions:
            return []
        self._waiting += lines
        searched, lines = self._search([line.exact for line in self._waiting]), self._waiting
        if searched is None:
            return []
        self._waiting = []
        for name in searched.dropped:
            self.unused.append(f"the metric definition {name} takes too long to search for, and is used no more.")
            # A child that begins later must not strive with it again.
            self._definitions = [definition for definition in self._definitions if definition[0] != name]
        return [
            Point(name, lines[number].time, value)
            for number, name, captured, after in searched.found
            if (value := metric_value(captured, after)) is not None
        ]

    def _search(self, texts: Sequence[str]) -> Searched | None:
        """What a child finds; None where there is none that answers: for now, or from now on."""
        try:
            if self._child is None:
                self._child = SearchChild(self._definitions)
            searched = self._child.search(texts)
        except (OSError, ValueError) as error:
            self.close()
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self.unused.append(f"no more metrics are searched for: {error}")
                self._definitions, self._waiting = [], []
            return None
        self._failures = 0
        return searched

    def close(self) -> None:
        """End the process; searching again begins another one."""
        if self._child is not None:
            self._child.close()
        self._child = None


def _batches(lines: Iterable[LogLine]) -> Iterator[list[LogLine]]:
    """The lines in parts that are small enough for one search."""
    some: list[LogLine] = []
    size = 0
    for line in lines:
        some.append(line)
        size += len(line.exact)
        if len(some) >= LINES_AT_ONCE or size >= CHARACTERS_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some
