"""Jobs as rows of a table, in groups."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.status import Status
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.listed.groups import JobGroup
from jsft_tui.core.jobs.listed.words import PROGRESS_CELLS, cause_words, progress_words
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.metrics.objective_curve import JobCurve, final_value
from jsft_tui.core.jobs.phases.state import job_state
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.listed import ListedSearch
from jsft_tui.services.jobs.listed.job_list_state import is_described, is_running
from jsft_tui.tui.screens.jobs.facts import status_sign
from jsft_tui.tui.screens.jobs.searches.rows import search_row
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.bars import SPARK_CELLS, spark_cell, spark_value
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut

NATURAL_WIDTH = 96
MODEL_FROM = 150
"""Cells of the terminal from which on the model has a column."""

NARROW_BELOW = 66
"""Cells of the list, borders included, below which names have less room: a cost is never left out."""

_NAME = Column("name", "NAME", min_width=34, gap=1, cut=Cut.MIDDLE)
_SHORT_NAME = Column("name", "NAME", min_width=28, gap=1, cut=Cut.MIDDLE)
_MODEL = Column("model", "MODEL", width=18, gap=1, priority=3, cut=Cut.MIDDLE)
OBJECTIVE = Column("objective", "OBJECTIVE", min_width=7, max_width=17, gap=1, priority=1, spills=True)
_SHORT_OBJECTIVE = Column("objective", "OBJECTIVE", min_width=9, max_width=17, gap=1, spills=True)
_PROGRESS = Column("progress", "PROGRESS", width=PROGRESS_CELLS, gap=0, align=Align.RIGHT, priority=2)
_COST = Column("cost", "COST", min_width=8, max_width=9, gap=0, align=Align.RIGHT)

COLUMNS = (SIGN, _NAME, OBJECTIVE, _PROGRESS, _COST)
WIDE_COLUMNS = (SIGN, _NAME, _MODEL, OBJECTIVE, _PROGRESS, _COST)
NARROW_COLUMNS = (SIGN, _SHORT_NAME, _SHORT_OBJECTIVE, _PROGRESS, _COST)


def columns_for(terminal: int, list_width: int) -> Sequence[Column]:
    """Return the columns for a terminal and a list of so many cells."""
    if terminal >= MODEL_FROM:
        return WIDE_COLUMNS
    return NARROW_COLUMNS if list_width < NARROW_BELOW else COLUMNS


def sign_cell(job: TrainingJob, now: float) -> Cell:
    """Return the sign of a job: its status, or that it needs a look."""
    if job_state(job, now).needs_attention:
        return Cell(glyph(Status.WARNING, os.environ), Status.WARNING.value)
    return status_sign(job)


def status_cell(status: JobStatus, word: str = "") -> Cell:
    """Return a status as glyph and word."""
    sign = status.as_status
    return Cell(f"{glyph(sign, os.environ)} {word or status.value}", sign.value)


@dataclass(frozen=True)
class ListedJobs:
    """What the rows are made from.

    Attributes:
        prices: by instance type; None while they are not known.
        now: local time at the last tick.
        marks: job -> the letter that marks it to be compared.
        curves: job -> the curve of its objective.
        progress: job -> its epochs, as far as they are known.
        is_current: whether the list is up to date.
        searches: the searches that have a row.
    """

    prices: Mapping[str, Price] | None
    now: datetime
    marks: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, JobCurve] = field(default_factory=dict)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    is_current: bool = True
    searches: Mapping[str, ListedSearch] = field(default_factory=dict)


@dataclass(frozen=True)
class JobRows:
    """The jobs that fit, in groups. Rows are made when they are painted, with the time it is then."""

    parts: Sequence[JobGroup]
    known: ListedJobs
    columns: Sequence[Column]
    jobs: Sequence[TrainingJob] = field(init=False)
    groups: Sequence[Group] = field(init=False)
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        jobs: list[TrainingJob] = []
        groups = []
        for part in self.parts:
            groups.append(Group(len(jobs), part.title, part.note))
            jobs += part.jobs
        object.__setattr__(self, "jobs", tuple(jobs))
        object.__setattr__(self, "groups", tuple(groups))
        object.__setattr__(self, "_places", {job.name: place for place, job in enumerate(jobs)})

    def __len__(self) -> int:
        return len(self.jobs)

    def key(self, index: int) -> str:
        """Return the job's name."""
        return self.jobs[index].name

    def index_of(self, key: str) -> int | None:
        """Return the row of a job."""
        return self._places.get(key)

    def are_like(self, other: JobRows) -> bool:
        """Whether the other rows are of the same jobs in the same groups, places and columns."""
        is_same_grid = self.columns is other.columns and self.groups == other.groups
        return is_same_grid and list(self._places) == list(other._places)

    def changed(self, other: JobRows) -> list[str]:
        """Return the jobs whose rows differ in the other source, time apart."""
        old, new = self.known, other.known
        if old.prices is not new.prices or old.is_current != new.is_current:
            return list(self._places)
        others = (
            _different(old.marks, new.marks)
            | _different(old.curves, new.curves)
            | _different(old.progress, new.progress)
            | _different(old.searches, new.searches)
        )
        pairs = zip(self.jobs, other.jobs, strict=True)
        return [job.name for before, job in pairs if job.name in others or (before is not job and before != job)]

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row."""
        job, seconds = self.jobs[index], self.known.now.timestamp()
        if (search := self.known.searches.get(job.name)) is not None:
            row = search_row(search, job, self.known.prices, self.known.now)
            return [row[column.key] for column in self.columns]
        letter = self.known.marks.get(job.name)
        row = {
            "sign": Cell(letter, Ink.ACCENT) if letter else sign_cell(job, seconds),
            "name": Cell(job.name),
            "model": Cell(
                shortest_model_id(job.model_id) if job.model_id else "" if is_described(job) else "…", "muted"
            ),
            "objective": self._objective(job, seconds),
            "progress": Cell(self._as_known(job, progress_words(job, self._progress(job), self.known.now)), "muted"),
            "cost": self._cost(job, seconds),
        }
        return [row[column.key] for column in self.columns]

    def _progress(self, job: TrainingJob) -> Progress | None:
        return self.known.progress.get(job.name)

    def _as_known(self, job: TrainingJob, text: str) -> str:
        """Return what may have changed meanwhile with a question mark."""
        return f"{text}?" if text and not self.known.is_current and is_running(job) else text

    def _cost(self, job: TrainingJob, now: float) -> Cell:
        if not is_described(job) or self.known.prices is None:
            return Cell("…", Ink.MUTED)
        cost = cost_so_far(job, self.known.prices, now)
        return Cell("?", Ink.MUTED) if cost is None else Cell(self._as_known(job, f"${cost:,.2f}"), Ink.MONEY)

    def _objective(self, job: TrainingJob, now: float) -> Cell:
        """How the objective went, with its last value; or why there is none."""
        if job.status is JobStatus.FAILED:
            return Cell(cause_words(job, now), Ink.BAD)
        if job.status is JobStatus.STOPPED:
            return Cell(cause_words(job, now), Ink.MUTED)
        curve, final = self.known.curves.get(job.name), final_value(job)
        if curve is None and final is None:
            if not is_described(job):
                return Cell("…", Ink.MUTED)
            style = Ink.WARN if job_state(job, now).needs_attention else Ink.MUTED
            return Cell(cause_words(job, now), style)
        # CloudWatch's values are averages: of a job that has ended the service tells the last one as it was.
        is_told = job.status.is_final and final is not None and (curve is None or final[0] == curve.metric)
        if final is not None and (curve is None or len(curve.points) < 2):
            return _value_alone(*final)
        if curve is None:
            return Cell("")
        values = [*curve.values[:-1], final[1] if final is not None and is_told else curve.last]
        return spark_cell(values, is_alive=is_running(job))


def _value_alone(metric: str, value: float) -> Cell:
    """Return the value with its name, else below those that stand beside a curve, else alone."""
    number = spark_value(value)
    below = Cell(f"{'':{SPARK_CELLS}} {number}", shorter=Cell(number))
    return Cell(f"{short_name(metric)} ", Ink.MUTED, rest=(Cell(number),), shorter=below)


def _different(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)} if one is not other else set()


def fitting(
    jobs: Sequence[TrainingJob], words: str, status: JobStatus | None = None, model: str = ""
) -> list[TrainingJob]:
    """Return the jobs of a status and a model whose name, model, status or phase contain all the words."""
    wanted = words.lower().split()

    def fits(job: TrainingJob) -> bool:
        text = f"{job.name} {job.model_id or ''} {job.status.value} {job.secondary_status} {job.instance_type}".lower()
        is_wanted = (status is None or job.status is status) and (not model or job.model_id == model)
        return is_wanted and all(word in text for word in wanted)

    return [job for job in jobs if fits(job)]
