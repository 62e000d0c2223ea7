"""Jobs as rows of a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.core.jobs.columns import COLUMNS, JobColumn, JobRow, Layout, columns_of
from jsft_tui.core.jobs.objective_curve import JobCurve, final_value
from jsft_tui.core.jobs.state import job_state
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.model_card import short_model_id
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.job_list import is_described
from jsft_tui.tui.theme.themes import Status, glyph, is_utf8
from jsft_tui.tui.widgets.chart import short, spark
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

SPARK_CELLS = 7
"""Cells of the line that shows how the objective went; its last value stands beside it."""

_SIGNS = {
    JobStatus.IN_PROGRESS: Status.RUNNING,
    JobStatus.COMPLETED: Status.COMPLETED,
    JobStatus.FAILED: Status.FAILED,
    JobStatus.STOPPING: Status.STOPPED,
    JobStatus.STOPPED: Status.STOPPED,
}


def _column(column: JobColumn) -> Column:
    return Column(
        column.key,
        column.header,
        width=column.width,
        min_width=column.min_width,
        align=Align.RIGHT if column.is_number else Align.LEFT,
        priority=column.priority,
        tail=column.tail,
    )


def _marked(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Add the letters of marked jobs, at the expense of the names."""
    names = [replace(column, min_width=column.min_width - 3) if column.key == "name" else column for column in columns]
    return (Column("mark", "", width=1), *names)


_BY_KEY = {column.key: column for column in COLUMNS}
WIDE, NARROW = (tuple(map(_column, columns_of(layout))) for layout in (Layout.WIDE, Layout.NARROW))
MARKED_WIDE, MARKED_NARROW = _marked(WIDE), _marked(NARROW)
"""While jobs are marked to be compared: with the letter that each has then."""
CURVE = _BY_KEY["curve"]
_UNKNOWN = {"cost": "?", "phase": ""}
_NEEDS_DESCRIPTION = ("model", "instance", "cost")


def job_status(status: JobStatus) -> Status:
    """The sign that goes with a status."""
    return _SIGNS.get(status, Status.UNKNOWN)


def status_cell(status: JobStatus, word: str = "") -> Cell:
    """A status as glyph and word."""
    sign = job_status(status)
    return Cell(f"{glyph(sign, os.environ)} {word or status.value}", sign.value)


@dataclass(frozen=True)
class JobRows:
    """The jobs that fit. Rows are made when they are painted, with the time it is then.

    Attributes:
        jobs: newest first.
        prices: by instance type; None while they are not known.
        now: epoch seconds at the last tick.
        columns: the columns that cells are made for.
        marks: job -> the letter that marks it.
        curves: job -> the curve of its objective.
    """

    jobs: Sequence[TrainingJob]
    prices: Mapping[str, Price] | None
    now: float
    columns: Sequence[Column]
    marks: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, JobCurve] = field(default_factory=dict)
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {job.name: place for place, job in enumerate(self.jobs)})

    def __len__(self) -> int:
        return len(self.jobs)

    def key(self, index: int) -> str:
        """The job's name."""
        return self.jobs[index].name

    def index_of(self, key: str) -> int | None:
        """The row of a job."""
        return self._places.get(key)

    def are_like(self, other: JobRows) -> bool:
        """Whether the other rows are of the same jobs in the same places and columns."""
        return self.columns is other.columns and list(self._places) == list(other._places)

    def changed(self, other: JobRows) -> list[str]:
        """The jobs that say something else in the other rows, time apart."""
        if self.prices is not other.prices:
            return list(self._places)
        others = _different(self.marks, other.marks) | _different(self.curves, other.curves)
        pairs = zip(self.jobs, other.jobs, strict=True)
        return [new.name for old, new in pairs if new.name in others or (old is not new and old != new)]

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row."""
        row = JobRow(self.jobs[index], self.prices, self.now)
        return [self._cell(column.key, row) for column in self.columns]

    def _cell(self, key: str, row: JobRow) -> Cell:
        if key == "mark":
            return Cell(self.marks.get(row.job.name, ""), "strong")
        if key == "curve":
            return self._curve(row.job)
        if _is_loading(key, row):
            return Cell("…", "quiet")
        text = _BY_KEY[key].text(row)
        if text is None:
            return Cell(_UNKNOWN.get(key, "–"), "quiet")
        return _DRAWN.get(key, _plain)(row, text)

    def _curve(self, job: TrainingJob) -> Cell:
        """How the objective went, and its last value; that alone where only the service's own is known."""
        curve, final = self.curves.get(job.name), final_value(job)
        if curve is None:
            return Cell("" if final is None else f"{'':{SPARK_CELLS}} {short(final[1])}")
        line = spark(curve.values, SPARK_CELLS) if is_utf8(os.environ) and len(curve.points) > 1 else ""
        # CloudWatch's values are averages: of a job that has ended the service tells the last one as it was.
        is_told = job.status.is_final and final is not None and final[0] == curve.metric
        return Cell(f"{line:{SPARK_CELLS}} {short(final[1] if is_told and final is not None else curve.last)}")


def _is_loading(key: str, row: JobRow) -> bool:
    return (key in _NEEDS_DESCRIPTION and not is_described(row.job)) or (key == "cost" and row.prices is None)


def _plain(row: JobRow, text: str) -> Cell:
    del row
    return Cell(text)


def _model(row: JobRow, text: str) -> Cell:
    del row
    return Cell(short_model_id(text))


def _status(row: JobRow, text: str) -> Cell:
    return status_cell(row.job.status, text)


def _state(row: JobRow, text: str) -> Cell:
    return _warning(text) if job_state(row.job, row.now).needs_look else status_cell(row.job.status, text)


def _phase(row: JobRow, text: str) -> Cell:
    return _warning(text) if job_state(row.job, row.now).needs_look else Cell(text)


def _warning(text: str) -> Cell:
    return Cell(f"{glyph(Status.WARNING, os.environ)} {text}", Status.WARNING.value)


_DRAWN: Mapping[str, Callable[[JobRow, str], Cell]] = {
    "model": _model,
    "status": _status,
    "state": _state,
    "phase": _phase,
}
"""Cells that are more than their text; a column without an entry is plain."""


def _different(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)} if one is not other else set()


def fitting(jobs: Sequence[TrainingJob], words: str, status: JobStatus | None) -> list[TrainingJob]:
    """The jobs of a status whose name, model, status or phase contain all the words."""
    wanted = words.lower().split()

    def fits(job: TrainingJob) -> bool:
        text = f"{job.name} {job.model_id or ''} {job.status.value} {job.secondary_status} {job.instance_type}".lower()
        return (status is None or job.status is status) and all(word in text for word in wanted)

    return [job for job in jobs if fits(job)]
