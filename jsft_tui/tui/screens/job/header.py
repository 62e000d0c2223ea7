"""The lines above a job's charts: name and status, phases, cost and progress, alerts, how busy its instances are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from jsft_tui.core.jobs.alerts import Alert, AlertKind
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.jobs.utilization import MachineMetric, Use
from jsft_tui.core.jobs.waiting import waiting
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.screens.job.details import fact_cells, timeline_cells, title_cells
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line, wrapped_rows

MOST_ALERTS = 2
MOST_HOSTS = 4
"""Hosts that have a line of their own, where there is room."""
TALL = 32
"""Rows of a terminal from which on there is."""
LEAST_HEIGHT = 18
"""Rows of a terminal below which nothing is said of the instances."""
ORDER = (MachineMetric.GPU, MachineMetric.GPU_MEMORY, MachineMetric.CPU, MachineMetric.MEMORY, MachineMetric.DISK)


class JobHead(Vertical):
    """What is said of a job on every view of it."""

    DEFAULT_CSS = """
    JobHead { height: auto; }
    JobHead TextPane { display: none; overflow-y: hidden; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._title = LineBar()
        self._timeline = LineBar()
        self._facts = LineBar()
        self._notes = TextPane(can_focus=False, classes="notes")

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self._title
        yield self._timeline
        yield self._facts
        yield self._notes

    def show_nothing(self, title: str) -> None:
        """Nothing is known but a title."""
        self._title.show(*title_cells(title, None))
        self._timeline.show(())
        self._facts.show(())
        self.show_notes(())

    def show(self, view_model: JobViewModel, prices: Mapping[str, Price] | None, now: float) -> None:
        """Show what is known of a job at a moment (epoch seconds)."""
        if view_model.job is None:
            self.show_nothing(view_model.name)
            return
        self._title.show(*title_cells(view_model.name, view_model.job))
        self._timeline.show(*timeline_cells(view_model.job, now, view_model.eta_seconds(now)))
        self._facts.show(fact_cells(view_model, prices, now))

    def show_notes(self, lines: Sequence[TextLine]) -> None:
        """Show alerts and the use of the machines in as many rows as they take."""
        width = max(1, self.app.size.width - 2)
        rows = sum(len(wrapped_rows(each, width)) for each in lines)
        self._notes.display = rows > 0
        if rows:
            self._notes.styles.height = rows
        self._notes.show(lines)


def wait_lines(job: TrainingJob, now: float) -> list[TextLine]:
    """What the job waits for, and what to do about it; nothing when it gets on."""
    waits = waiting(job, now)
    return [line(f"! {waits.text}", Status.WARNING.value, indent=2)] if waits is not None else []


def alert_lines(alerts: Sequence[Alert]) -> list[TextLine]:
    """What needs a look, the most important first; what it waits for is said by `wait_lines`."""
    alerts = [alert for alert in alerts if alert.kind is not AlertKind.WAITING]
    lines = [line(f"! {alert.text}", Status.WARNING.value, indent=2) for alert in alerts[:MOST_ALERTS]]
    more = len(alerts) - MOST_ALERTS
    return [*lines, line(f"! {more} more", Status.WARNING.value)] if more > 0 else lines


def utilization_lines(use: Sequence[Use], height: int) -> list[TextLine]:
    """How busy the instances are: each, where a terminal of so many rows has room; else from the least to the most."""
    if not use or height < LEAST_HEIGHT:
        return []
    if 1 < len(use) <= MOST_HOSTS and height >= TALL:
        return [line(f"{each.host}  {_busy([each])}", "quiet") for each in use]
    name = f"{len(use)} hosts  " if len(use) > 1 else ""
    return [line(f"{name}{_busy(use)}", "quiet")]


def _busy(use: Sequence[Use]) -> str:
    parts = []
    for metric in ORDER:
        values = sorted(round(each.percent[metric]) for each in use if metric in each.percent)
        if values:
            span = f"{values[0]}" if values[0] == values[-1] else f"{values[0]}-{values[-1]}"
            parts.append(f"{metric.label} {span} %")
    return "  ".join(parts)
