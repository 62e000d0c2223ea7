"""A job's metrics as charts beside each other; training and validation of the same metric in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from jsft_tui.core.jobs.metrics.curves import SMOOTHINGS, grouped
from jsft_tui.core.jobs.metrics.objective import best_of, short_name
from jsft_tui.core.jobs.metrics.training_axis import EPOCH, TrainingAxis, training_axis
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.screens.jobs.detail import Ghost, ghost_points
from jsft_tui.tui.widgets.chart import Axis, Chart, ChartOptions, Rank, Series
from jsft_tui.tui.widgets.chart.bars import spark_value
from jsft_tui.tui.widgets.master_detail import BESIDE

LEAST_WIDTH = 70
"""Cells below which there is room for one chart only."""
LEAST_HEIGHT = 24
"""Rows of the terminal below which there is one, too."""
THREE_FROM = 160
"""Cells of the terminal from which on there are three."""
MOST_CHARTS = 3


class JobCharts(Horizontal, can_focus=True):
    """One to three metrics at a time, or pairs of them."""

    DEFAULT_CSS = """
    JobCharts { height: 1fr; padding: 0 0 0 1; }
    JobCharts Chart { width: 1fr; height: 1fr; margin: 0 1 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "toggle_logarithmic", "Logarithmic scale", show=False),
        Binding("o", "smooth", "Smoother", show=False),
        Binding("left", "read_values(-1)", "Values at a cursor", show=False),
        Binding("right", "read_values(1)", "Values at a cursor", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._charts = tuple(Chart() for _ in range(MOST_CHARTS))
        for chart in self._charts:
            chart.can_focus = False  # tab goes from pane to pane
        self._first = 0
        self._look = ChartOptions()
        self._view_model: JobViewModel | None = None
        self._ghost: Ghost | None = None

    def compose(self) -> ComposeResult:
        """Compose the charts."""
        yield from self._charts

    def begin(self) -> None:
        """Another job: from its first metric on."""
        self._first, self._view_model, self._ghost = 0, None, None

    def on_resize(self) -> None:
        """There may be room for another number of charts; known only once the charts are laid out."""
        if self._view_model is not None:
            self.show(self._view_model, self._ghost)

    def next(self, view_model: JobViewModel) -> bool:
        """Show the metrics after these; whether there are others."""
        count = len(grouped(view_model.metrics))
        if count <= self._at_once:
            return False
        self._first = self._first + self._at_once if self._first + self._at_once < count else 0
        self.show(view_model, self._ghost)
        return True

    def show_titles(self, has_titles: bool) -> None:
        """Keep a line above each chart for its title, or not."""
        for chart in self._charts:
            chart.show_title(has_titles)

    def action_toggle_logarithmic(self) -> None:
        """Toggle the logarithmic scale."""
        self._set_look(replace(self._look, is_logarithmic=not self._look.is_logarithmic))

    def action_smooth(self) -> None:
        """Smooth the curves more; after the most, not at all."""
        at = SMOOTHINGS.index(self._look.smoothing)
        self._set_look(replace(self._look, smoothing=SMOOTHINGS[(at + 1) % len(SMOOTHINGS)]))

    def action_read_values(self, direction: int) -> None:
        """Show a cursor with the values in the first chart."""
        chart = self._charts[0]
        chart.can_focus = True
        chart.focus()
        chart.action_move_cursor(direction)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Take the cursor away with the focus."""
        if isinstance(event.widget, Chart):
            event.widget.can_focus = False

    def _set_look(self, look: ChartOptions) -> None:
        self._look = look
        for chart in self._charts:
            chart.set_options(look)

    @property
    def _at_once(self) -> int:
        terminal = self.app.size
        if terminal.width >= THREE_FROM:
            return 3
        return 2 if self.size.width >= LEAST_WIDTH - 2 and terminal.height >= LEAST_HEIGHT else 1

    def show(self, view_model: JobViewModel, ghost: Ghost | None) -> None:
        """Draw what is known by now, with the curve of an earlier run."""
        self._view_model, self._ghost = view_model, ghost
        groups = grouped(view_model.metrics)
        shown = groups[self._first : self._first + self._at_once]
        for number, chart in enumerate(self._charts):
            chart.display = number < max(1, len(shown))
            if number >= len(shown):
                chart.set_series(title="" if number or view_model.metrics else "metrics", x_name="")
                continue
            axis = training_axis([view_model.points(name) for name in shown[number]], view_model.marks)
            drawn = Axis(axis.first, axis.last, axis.unit or "time", axis.text)
            series = _curves(view_model, shown[number], axis)
            if ghost is not None and ghost.curve.metric in shown[number]:
                points = ghost_points(ghost, drawn)
                series.append(Series(ghost.job.name, points, rank=Rank.GHOST))
            note = _best_note(view_model, shown[number][-1]) if self.app.size.width < BESIDE else ""
            chart.set_series(*series, title="", note=note, axis=drawn)


def _best_note(view_model: JobViewModel, metric: str) -> str:
    best = best_of(metric, view_model.points(metric))
    return "" if best is None else f"{spark_value(best.value)} best"


def curves_over_epochs(view_model: JobViewModel) -> dict[str, Sequence[tuple[float, float]]]:
    """Return metric -> (epoch, value); empty while no epochs are known."""
    axis = training_axis([view_model.points(name) for name in view_model.metrics], view_model.marks)
    return {name: axis.over(view_model.points(name)) for name in view_model.metrics} if axis.unit == EPOCH else {}


def _curves(view_model: JobViewModel, metrics: Sequence[str], axis: TrainingAxis) -> list[Series]:
    """Return the curves of one metric, on held-out data (the main one) and on the training data."""
    series = []
    for number, name in enumerate(metrics):
        points = view_model.points(name)
        rank = Rank.MAIN if number == len(metrics) - 1 else Rank.TRAINING
        best = best_of(name, points) if rank is Rank.MAIN else None
        marked = next((place for place in axis.over(points) if best is not None and place[1] == best.value), None)
        series.append(Series(short_name(name), axis.over(points), rank=rank, best=marked))
    return series
