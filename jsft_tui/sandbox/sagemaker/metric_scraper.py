"""Find metrics in a job's log lines by the MetricDefinitions of its request."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence

from jsft_tui.metric_search.child import SearchChild
from jsft_tui.metric_search.program import Definition, wrong_with
from jsft_tui.sandbox.sagemaker.job_store import FinalMetric

Event = tuple[int, str]
"""Timestamp in milliseconds since the epoch, and a line."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_log = logging.getLogger(__name__)


def leading_number(text: str) -> float | None:
    """Return the number at the start of a captured text, or None if it is not a finite number (`nan`, `inf`).

    JumpStart's regexes capture `[0-9\\.]+`, which includes the period that ends a sentence: `0.9.` is 0.9.
    """
    match = _NUMBER.match(text.strip())
    number = float(match[0]) if match else math.nan
    return number if math.isfinite(number) else None


class MetricScraper:
    """Metric search in a child process, which is started with the first lines.

    Attributes:
        warnings: one sentence for every definition that is not used; new ones are appended.
        final: the last value of every metric so far.
    """

    def __init__(self, definitions: Sequence[Mapping[str, str]]) -> None:
        self.warnings: list[str] = []
        self.final: dict[str, FinalMetric] = {}
        self._definitions: list[Definition] = []
        self._child: SearchChild | None = None
        for definition in definitions:
            name, regex = definition["Name"], definition["Regex"]
            if wrong := wrong_with(regex):
                self.warnings.append(f"metric definition {name} {wrong}")
            else:
                self._definitions.append((name, regex))

    def scrape(self, events: Sequence[Event]) -> list[FinalMetric]:
        """Return the metrics in some lines: the first group of the first match of each definition in each line."""
        if not self._definitions or not events:
            return []
        try:
            self._child = self._child or SearchChild(self._definitions)
            answer = self._child.search([text for _, text in events])
        except (OSError, ValueError) as problem:
            _log.warning("The metric search has ended: %r", problem)
            self.warnings.append(f"metrics are no longer extracted: {problem}")
            self._definitions = []
            self.close()
            return []
        for name in answer.dropped:
            self.warnings.append(f"metric definition {name} takes too long to match and is no longer used")
        found = [
            FinalMetric(name, value, events[line][0] / 1000)
            for line, name, captured, _ in answer.found
            if (value := leading_number(captured)) is not None
        ]
        self.final |= {metric.name: metric for metric in found}
        return found

    def close(self) -> None:
        """Terminate the child process."""
        if self._child:
            self._child.close()
        self._child = None
