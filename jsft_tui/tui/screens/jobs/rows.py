"""Jobs as rows of a table."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.cost import cost_so_far
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

TAIL = 16
"""Cells at the end of a name that are kept: by `-YYYYMMDD-HHMMSS` the names of jobs of one model differ."""
_NAME = Column("name", "NAME", min_width=24, tail=TAIL)
_MODEL = Column("model", "MODEL", min_width=16, priority=1)
_ELAPSED = Column("elapsed", "ELAPSED", width=8, align=Align.RIGHT)
CURVE = Column("curve", "OBJECTIVE", width=SPARK_CELLS + 8, priority=3)
_COST = Column("cost", "COST", width=8, align=Align.RIGHT)

WIDE = (
    _NAME,
    Column("status", "STATUS", width=12),
    Column("phase", "PHASE", min_width=19, priority=2),
    _MODEL,
    Column("instance", "INSTANCE", width=18, priority=4),
    CURVE,
    _ELAPSED,
    _COST,
)
NARROW = (_NAME, Column("state", "STATUS", width=13), _MODEL, _ELAPSED, _COST)
"""Where there is no room for the phase beside the status, it takes the status's place while the job runs; so does
the cause when it has failed."""

_MARK = Column("mark", "", width=1)
_MARKED_NAME = replace(_NAME, min_width=21)
MARKED_WIDE = (_MARK, _MARKED_NAME, *WIDE[1:])
MARKED_NARROW = (_MARK, _MARKED_NAME, *NARROW[1:])
"""While jobs are marked to be compared: the letter that each has then."""


def job_status(status: JobStatus) -> Status:
    """The sign that goes with a status."""
    return _SIGNS.get(status, Status.UNKNOWN)


def status_cell(status: JobStatus, word: str = "") -> Cell:
    """A status as glyph and word."""
    sign = job_status(status)
    return Cell(f"{glyph(sign, os.environ)} {word or status.value}", sign.value)


def instance_text(job: TrainingJob) -> str:
    """The instances: `2 x ml.g5.xlarge spot`."""
    if not is_described(job):
        return "…"
    machines = ", ".join(f"{count} x {name}" if count > 1 else name for name, count in job.instances.items())
    return f"{machines or '–'}{' spot' if job.spot else ''}"


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
        """The row."""
        made = self._cells(self.jobs[index])
        return [made[column.key] for column in self.columns]

    def _cells(self, job: TrainingJob) -> Mapping[str, Cell]:
        state, known = job_state(job, self.now), is_described(job)
        style = Status.WARNING.value if state.needs_look else ""
        bang = f"{glyph(Status.WARNING, os.environ)} " if state.needs_look else ""
        return {
            "mark": Cell(self.marks.get(job.name, ""), "strong"),
            "name": Cell(job.name),
            "status": status_cell(job.status),
            "phase": Cell(f"{bang}{state.more}", style),
            "state": Cell(f"{bang}{state.word}", style) if bang else status_cell(job.status, state.word),
            "curve": self._curve(job),
            "model": Cell(short_model_id(job.model_id or "–") if known else "…", "" if job.model_id else "quiet"),
            "instance": Cell(instance_text(job), "" if known else "quiet"),
            "elapsed": Cell(clock(job.elapsed_seconds(self.now))),
            "cost": self._cost(job) if known else Cell("…", "quiet"),
        }

    def _curve(self, job: TrainingJob) -> Cell:
        """How the objective went, and its last value; that alone where only the service's own is known."""
        curve, final = self.curves.get(job.name), final_value(job)
        if curve is None:
            return Cell("" if final is None else f"{'':{SPARK_CELLS}} {short(final[1])}")
        line = spark(curve.values, SPARK_CELLS) if is_utf8(os.environ) and len(curve.points) > 1 else ""
        # CloudWatch's values are averages: of a job that has ended the service tells the last one as it was.
        is_told = job.status.is_final and final is not None and final[0] == curve.metric
        return Cell(f"{line:{SPARK_CELLS}} {short(final[1] if is_told and final is not None else curve.last)}")

    def _cost(self, job: TrainingJob) -> Cell:
        if self.prices is None:
            return Cell("…", "quiet")
        cost = cost_so_far(job, self.prices, self.now)
        return Cell("?" if cost is None else dollars(cost), "quiet" if cost is None else "")


def _different(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)} if one is not other else set()


def fitting(jobs: Sequence[TrainingJob], words: str, status: JobStatus | None) -> list[TrainingJob]:
    """The jobs of a status whose name, model, status or phase contain all the words."""
    wanted = words.lower().split()

    def fits(job: TrainingJob) -> bool:
        text = f"{job.name} {job.model_id or ''} {job.status.value} {job.secondary_status} {job.instance_type}".lower()
        return (status is None or job.status is status) and all(word in text for word in wanted)

    return [job for job in jobs if fits(job)]
