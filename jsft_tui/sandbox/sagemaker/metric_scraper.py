"""The metrics that a request's MetricDefinitions find in a job's lines."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence

from jsft_tui.metric_search.child import SearchChild
from jsft_tui.metric_search.program import Definition, wrong_with
from jsft_tui.sandbox.sagemaker.job_store import FinalMetric

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
        """The metrics in some lines: for each line and definition the first match, its first group."""
        if not self._definitions or not events:
            return []
        try:
            self._child = self._child or SearchChild(self._definitions)
            answer = self._child.search([text for _, text in events])
        except (OSError, ValueError) as problem:
            _log.warning("The search for metrics has ended: %r", problem)
            self.warnings.append(f"no more metrics are searched for: {problem}")
            self._definitions = []
            self.close()
            return []
        for name in answer.dropped:
            self.warnings.append(f"metric definition {name} takes too long to search for, and is used no more")
        found = [
            FinalMetric(name, value, events[line][0] / 1000)
            for line, name, captured, _ in answer.found
            if (value := leading_number(captured)) is not None
        ]
        self.final |= {metric.name: metric for metric in found}
        return found

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.close()
        self._child = None
