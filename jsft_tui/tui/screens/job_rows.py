"""Jobs as rows of a table."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.core.durations import clock
from jsft_tui.core.jobs import JobStatus, TrainingJob
from jsft_tui.core.model_card import short_model_id
from jsft_tui.core.money import Price, cost_so_far, dollars
from jsft_tui.services.job_board import is_described, is_running
from jsft_tui.tui.theme import Sign, glyph
from jsft_tui.tui.widgets.columns import Column
from jsft_tui.tui.widgets.line import Align
from jsft_tui.tui.widgets.virtual_table import Cell

_SIGNS = {
    JobStatus.IN_PROGRESS: Sign.RUNNING,
    JobStatus.COMPLETED: Sign.COMPLETED,
    JobStatus.FAILED: Sign.FAILED,
    JobStatus.STOPPING: Sign.STOPPED,
    JobStatus.STOPPED: Sign.STOPPED,
}

_NAME = Column("name", "NAME", min_width=24)
_MODEL = Column("model", "MODEL", min_width=16, priority=1)
_ELAPSED = Column("elapsed", "ELAPSED", width=8, align=Align.RIGHT)
_COST = Column("cost", "COST", width=8, align=Align.RIGHT)

WIDE = (
    _NAME,
    Column("status", "STATUS", width=12),
    Column("phase", "PHASE", width=12, priority=2),
    _MODEL,
    Column("instance", "INSTANCE", width=18, priority=3),
    _ELAPSED,
    _COST,
)
NARROW = (_NAME, Column("state", "STATUS", width=13), _MODEL, _ELAPSED, _COST)
"""Where there is no room for the phase beside the status, it takes the status's place while the job runs."""

_MARK = Column("mark", "", width=1)
MARKED_WIDE = (_MARK, *WIDE)
MARKED_NARROW = (_MARK, replace(_NAME, min_width=21), *NARROW[1:])
"""While jobs are marked to be compared: the letter that each has then."""


def status_sign(status: JobStatus) -> Sign:
    """The sign that goes with a status."""
    return _SIGNS.get(status, Sign.UNKNOWN)


def status_cell(status: JobStatus, word: str = "") -> Cell:
    """A status as glyph and word."""
    sign = status_sign(status)
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
    """

    jobs: Sequence[TrainingJob]
    prices: Mapping[str, Price] | None
    now: float
    columns: Sequence[Column]
    marks: Mapping[str, str] = field(default_factory=dict)
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
        marked = {name for name in {*self.marks, *other.marks} if self.marks.get(name) != other.marks.get(name)}
        pairs = zip(self.jobs, other.jobs, strict=True)
        return [new.name for old, new in pairs if new.name in marked or (old is not new and old != new)]

    def cells(self, index: int) -> Sequence[Cell]:
        """The row."""
        made = self._cells(self.jobs[index])
        return [made[column.key] for column in self.columns]

    def _cells(self, job: TrainingJob) -> Mapping[str, Cell]:
        phase = job.secondary_status if is_running(job) else ""
        known = is_described(job)
        return {
            "mark": Cell(self.marks.get(job.name, ""), "strong"),
            "name": Cell(job.name),
            "status": status_cell(job.status),
            "phase": Cell(phase),
            "state": status_cell(job.status, phase),
            "model": Cell(short_model_id(job.model_id or "–") if known else "…", "" if job.model_id else "quiet"),
            "instance": Cell(instance_text(job), "" if known else "quiet"),
            "elapsed": Cell(clock(job.elapsed_seconds(self.now))),
            "cost": self._cost(job) if known else Cell("…", "quiet"),
        }

    def _cost(self, job: TrainingJob) -> Cell:
        if self.prices is None:
            return Cell("…", "quiet")
        cost = cost_so_far(job, self.prices, self.now)
        return Cell("?" if cost is None else dollars(cost), "quiet" if cost is None else "")


def fitting(jobs: Sequence[TrainingJob], words: str, status: JobStatus | None) -> list[TrainingJob]:
    """The jobs of a status whose name, model, status or phase contain all the words."""
    wanted = words.lower().split()

    def fits(job: TrainingJob) -> bool:
        text = f"{job.name} {job.model_id or ''} {job.status.value} {job.secondary_status} {job.instance_type}".lower()
        return (status is None or job.status is status) and all(word in text for word in wanted)

    return [job for job in jobs if fits(job)]
