"""The metrics of a job, found in its log with its own metric definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from jsft_tui.core.metrics import LogLine, Point, metric_value
from jsft_tui.metric_search.child import SearchChild, Searched
from jsft_tui.metric_search.program import Definition, wrong_with

LINES_AT_ONCE = 2_000
"""Lines of one search: a long log is never held whole."""


class MetricScraper:
    """Finds metric values in log lines, as SageMaker does: unanchored search, group 1 is the value.

    Anybody may have written the regular expressions, and one can take longer than the universe: they are searched
    for in a process of its own, which begins with the first lines and ends with `close`. Not for several threads.

    Attributes:
        unused: one sentence for every definition that finds nothing here; new ones come at the end.
    """

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.unused: list[str] = []
        self._definitions: list[Definition] = []
        self._child: SearchChild | None = None
        for name, regex in definitions:
            if wrong := wrong_with(regex):
                self.unused.append(f"the metric definition {name} {wrong}.")
            else:
                self._definitions.append((name, regex))

    def points(self, lines: Sequence[LogLine]) -> list[Point]:
        """The values in some lines as they were written: what a progress bar wrote over counts, too."""
        if not self._definitions or not lines:
            return []
        searched = self._search([line.exact for line in lines])
        for name in searched.dropped:
            self.unused.append(f"the metric definition {name} takes too long on a line, and is used no more.")
            # A child that begins later must not strive with it again.
            self._definitions = [definition for definition in self._definitions if definition[0] != name]
        return [
            Point(name, lines[number].time, value)
            for number, name, captured, after in searched.found
            if (value := metric_value(captured, after)) is not None
        ]

    def all_points(self, lines: Iterable[LogLine]) -> Iterator[Point]:
        """The values in any number of lines, which are held a part at a time; closes it at the end."""
        rest = iter(lines)
        try:
            while some := list(islice(rest, LINES_AT_ONCE)):
                yield from self.points(some)
        finally:
            self.close()

    def _search(self, texts: Sequence[str]) -> Searched:
        try:
            if self._child is None:
                self._child = SearchChild(self._definitions)
            return self._child.search(texts)
        except (OSError, ValueError) as error:
            self.unused.append(f"no more metrics are searched for: {error}")
            self._definitions = []
            self.close()
            return Searched((), ())

    def close(self) -> None:
        """End the process; searching again begins another one."""
        if self._child is not None:
            self._child.close()
        self._child = None
