"""The columns of a list of jobs: declared once for the Jobs screen, `jsft jobs`, and its JSON document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.state import job_state
from jsft_tui.core.jobs.training_job import TrainingJob, iso
from jsft_tui.core.sizing.pricing import Price


class Layout(Enum):
    """Where a column is shown. JSON has every column that declares a key for it."""

    PRINTED = "printed"
    """In the output of `jsft jobs`."""
    WIDE = "wide"
    """On the Jobs screen of a wide terminal."""
    NARROW = "narrow"
    """On the Jobs screen of a narrow terminal."""


@dataclass(frozen=True)
class JobRow:
    """A job at a time.

    Attributes:
        job: the job.
        prices: by instance type; None while they are not loaded.
        now: epoch seconds.
    """

    job: TrainingJob
    prices: Mapping[str, Price] | None
    now: float

    @property
    def cost(self) -> float | None:
        """USD until now; None when it is unknown."""
        return None if self.prices is None else cost_so_far(self.job, self.prices, self.now)


@dataclass(frozen=True)
class JobColumn:
    """A column.

    Attributes:
        key: its name in the code.
        header: its title; empty when only JSON has it.
        text: the cell for people; None when the value is unknown.
        json: key in the JSON document -> value.
        layouts: where it is shown.
        unknown: what `jsft jobs` prints for an unknown value.
        is_number: whether it is aligned to the right.
        width: cells on the screen; without it the column shares what is left with others like it.
        min_width: the fewest cells of a column without a width.
        priority: in which order columns give way on the screen: the highest first, those with 0 never.
        tail: cells at the end of a text that are kept when it is cut.
    """

    key: str
    header: str = ""
    text: Callable[[JobRow], str | None] = lambda _: None
    json: Mapping[str, Callable[[JobRow], object]] = field(default_factory=dict)
    layouts: frozenset[Layout] = frozenset(Layout)
    unknown: str = "-"
    is_number: bool = False
    width: int | None = None
    min_width: int = 8
    priority: int = 0
    tail: int = 0


def instances_text(job: TrainingJob) -> str:
    """Return the instances: `2 x ml.g5.xlarge spot`; empty when none are known."""
    types = ", ".join(f"{count} x {name}" if count > 1 else name for name, count in job.instances.items())
    return f"{types} spot" if types and job.spot else types


_NOT_NARROW = frozenset({Layout.PRINTED, Layout.WIDE})
_NONE: frozenset[Layout] = frozenset()

NAME_TAIL = 16
"""Cells at the end of a name that are kept: by `-YYYYMMDD-HHMMSS` the names of jobs of one model differ."""

COLUMNS = (
    JobColumn(
        "name",
        "NAME",
        lambda row: row.job.name,
        {"name": lambda row: row.job.name},
        min_width=24,
        tail=NAME_TAIL,
    ),
    JobColumn(
        "status",
        "STATUS",
        lambda row: row.job.status.value,
        {"status": lambda row: row.job.status.value},
        layouts=_NOT_NARROW,
        width=12,
    ),
    # Where there is no room for the phase beside the status, the phase replaces the status of a running job, and the
    # cause that of a failed one.
    JobColumn(
        "state",
        "STATUS",
        lambda row: job_state(row.job, row.now).word or row.job.status.value,
        layouts=frozenset({Layout.NARROW}),
        width=13,
    ),
    JobColumn(
        "phase",
        "PHASE",
        lambda row: job_state(row.job, row.now).more or None,
        {"secondary_status": lambda row: row.job.secondary_status},
        layouts=_NOT_NARROW,
        min_width=19,
        priority=2,
    ),
    JobColumn(
        "model",
        "MODEL",
        lambda row: row.job.model_id,
        {"model_id": lambda row: row.job.model_id},
        min_width=16,
        priority=1,
    ),
    JobColumn(
        "instance",
        "INSTANCE",
        lambda row: instances_text(row.job) or None,
        {
            "instance_type": lambda row: row.job.instance_type,
            "instance_count": lambda row: row.job.instance_count,
        },
        layouts=_NOT_NARROW,
        width=18,
        priority=4,
    ),
    JobColumn("created", json={"created": lambda row: iso(row.job.created)}, layouts=_NONE),
    # The screen draws the curve and its last value itself.
    JobColumn("curve", "OBJECTIVE", layouts=frozenset({Layout.WIDE}), width=15, priority=3),
    JobColumn(
        "elapsed",
        "ELAPSED",
        lambda row: clock(row.job.elapsed_seconds(row.now)),
        {"elapsed_seconds": lambda row: round(row.job.elapsed_seconds(row.now), 1)},
        is_number=True,
        width=8,
    ),
    JobColumn(
        "cost",
        "COST",
        lambda row: None if row.cost is None else dollars(row.cost),
        {"cost_usd": lambda row: None if row.cost is None else round(row.cost, 4)},
        unknown="unknown",
        is_number=True,
        width=8,
    ),
)


def columns_of(layout: Layout) -> tuple[JobColumn, ...]:
    """Return the columns of a layout, in their order."""
    return tuple(column for column in COLUMNS if layout in column.layouts)


def job_row_document(row: JobRow) -> dict[str, object]:
    """Return a job as `jsft jobs --json` has it."""
    return {key: value(row) for column in COLUMNS for key, value in column.json.items()}
