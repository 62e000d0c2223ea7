"""A job's metrics as charts, two side by side."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal

from jsft_tui.core.objective import short_name
from jsft_tui.services.job_story import JobStory
from jsft_tui.tui.widgets.chart import Chart, Series

LEAST_WIDTH = 70
"""Cells below which there is room for one chart only."""
LONG = 180.0
"""Seconds from which on the time is shown in minutes."""


class JobCharts(Horizontal):
    """Two metrics at a time."""

    DEFAULT_CSS = """
    JobCharts { height: 9; }
    JobCharts Chart { width: 1fr; height: 1fr; margin: 0 1 0 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._charts = (Chart(), Chart())
        self._first = 0

    def compose(self) -> ComposeResult:
        """The charts."""
        yield from self._charts

    def begin(self) -> None:
        """Another job: from its first metric on."""
        self._first = 0

    def next(self, story: JobStory) -> bool:
        """Show the metrics after these; whether there are others."""
        count = len(story.metrics)
        if count <= self._at_once:
            return False
        self._first = self._first + self._at_once if self._first + self._at_once < count else 0
        self.show(story)
        return True

    @property
    def _at_once(self) -> int:
        return 2 if self.size.width >= LEAST_WIDTH else 1

    def show(self, story: JobStory) -> None:
        """Draw what is known by now."""
        self._charts[1].display = self._at_once == 2
        shown = story.metrics[self._first : self._first + self._at_once]
        for number, chart in enumerate(self._charts):
            if number >= len(shown):
                chart.set_series(title="" if number or story.metrics else " metrics", x_name="")
                continue
            points, unit = over_time(story.points(shown[number]))
            chart.set_series(Series(short_name(shown[number]), points), title="", x_name=unit)


def over_time(points: Sequence[tuple[float, float]]) -> tuple[list[tuple[float, float]], str]:
    """The points over the time since the first one, and its unit."""
    if not points:
        return [], "s"
    start = points[0][0]
    is_long = points[-1][0] - start >= LONG
    scale, unit = (60.0, "min") if is_long else (1.0, "s")
    return [((time - start) / scale, value) for time, value in points], unit
