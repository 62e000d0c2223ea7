"""The views of a job: what the pane below shows, in the order in which `v` goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.tui.theme.tokens import ACCENT_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell


class View(Enum):
    """A view; the value is its name."""

    LOG = "Log"
    OUTPUT = "Output"
    CONFIGURATION = "Configuration"
    ALERTS = "Alerts"
    FILES = "Files in the model"


def views_of(job: TrainingJob | None) -> tuple[View, ...]:
    """Return the views that a job has in its state, the first one is shown first."""
    match job.status if job is not None else None:
        case JobStatus.COMPLETED:
            return View.OUTPUT, View.LOG, View.CONFIGURATION, View.FILES
        case JobStatus.FAILED | JobStatus.STOPPED:
            return View.LOG, View.OUTPUT, View.CONFIGURATION
        case _:
            return View.LOG, View.OUTPUT, View.CONFIGURATION, View.ALERTS


def following(views: Sequence[View], view: View, step: int) -> View:
    """Return the view so many steps after another one."""
    at = views.index(view) if view in views else -step
    return views[(at + step) % len(views)]


def view_cells(views: Sequence[View], shown: View) -> tuple[Cell, ...]:
    """Return the names of the views, the one that is shown stands out."""
    cells: list[Cell] = []
    for view in views:
        gap = Cell("   ") if cells else Cell("")
        cells += [gap, Cell(view.value, ACCENT_STRONG if view is shown else Ink.MUTED)]
    return tuple(cells)
