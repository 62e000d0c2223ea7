"""A job's metrics as charts, two side by side; training and validation of the same metric in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.curves import SMOOTHINGS, Points, grouped
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.widgets.chart import Chart, Look, Series

LEAST_WIDTH = 70
"""Cells below which there is room for one chart only."""
LONG = 180.0
"""Seconds from which on the time is shown in minutes."""


class JobCharts(Horizontal):
    """Two metrics at a time, or two pairs of them."""

    DEFAULT_CSS = """
    JobCharts { height: 9; }
    JobCharts Chart { width: 1fr; height: 1fr; margin: 0 1 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "toggle_logarithmic", "Logarithmic scale", show=False),
        Binding("o", "smooth", "Smoother", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._charts = (Chart(), Chart())
        self._first = 0
        self._look = Look()
        self._view_model: JobViewModel | None = None

    def compose(self) -> ComposeResult:
        """The charts."""
        yield from self._charts

    def begin(self) -> None:
        """Another job: from its first metric on."""
        self._first, self._view_model = 0, None

    def on_resize(self) -> None:
        """There is room for two charts, or for one; known only once the charts are laid out."""
        if self._view_model is not None:
            self.show(self._view_model)

    def next(self, view_model: JobViewModel) -> bool:
        """Show the metrics after these; whether there are others."""
        count = len(grouped(view_model.metrics))
        if count <= self._at_once:
            return False
        self._first = self._first + self._at_once if self._first + self._at_once < count else 0
        self.show(view_model)
        return True

    def action_toggle_logarithmic(self) -> None:
        """A logarithmic scale, or a plain one again."""
        self._set_look(replace(self._look, is_logarithmic=not self._look.is_logarithmic))

    def action_smooth(self) -> None:
        """Smooth the curves more; after the most, not at all."""
        at = SMOOTHINGS.index(self._look.smoothing)
        self._set_look(replace(self._look, smoothing=SMOOTHINGS[(at + 1) % len(SMOOTHINGS)]))

    def _set_look(self, look: Look) -> None:
        self._look = look
        for chart in self._charts:
            chart.set_look(look)

    @property
    def _at_once(self) -> int:
        return 2 if self.size.width >= LEAST_WIDTH else 1

    def show(self, view_model: JobViewModel) -> None:
        """Draw what is known by now."""
        self._view_model = view_model
        self._charts[1].display = self._at_once == 2
        shown = grouped(view_model.metrics)[self._first : self._first + self._at_once]
        for number, chart in enumerate(self._charts):
            if number >= len(shown):
                chart.set_series(title="" if number or view_model.metrics else " metrics", x_name="")
                continue
            axis = time_axis([view_model.points(name) for name in shown[number]])
            series = [Series(short_name(name), axis.over(view_model.points(name))) for name in shown[number]]
            chart.set_series(*series, title="", x_name=axis.unit, x_text=_where(view_model, axis))


@dataclass(frozen=True)
class TimeAxis:
    """Time since a start (epoch seconds) in a unit of so many seconds."""

    start: float
    seconds: float
    unit: str

    def over(self, points: Points) -> list[tuple[float, float]]:
        """(epoch seconds, value) pairs over this axis."""
        return [((time - self.start) / self.seconds, value) for time, value in points]

    def time(self, x: float) -> float:
        """The epoch seconds of a place on the axis."""
        return self.start + x * self.seconds


def time_axis(series: Sequence[Points]) -> TimeAxis:
    """The axis from the first of all points to the last."""
    times = [points[end][0] for points in series if points for end in (0, -1)]
    start = min(times, default=0.0)
    is_long = max(times, default=0.0) - start >= LONG
    return TimeAxis(start, 60.0, "min") if is_long else TimeAxis(start, 1.0, "s")


def _where(view_model: JobViewModel, axis: TimeAxis) -> Callable[[float], str]:
    """Says in words where a place on the axis is: the time since the first point, and the epoch."""

    def text(x: float) -> str:
        epoch = view_model.epoch_at(axis.time(x))
        since = clock(x * axis.seconds)
        return since if epoch is None else f"{since} epoch {epoch}"

    return text
