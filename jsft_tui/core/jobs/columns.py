"""The columns of `jsft jobs` and of its JSON document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.phases.state import job_state
from jsft_tui.core.jobs.training_job import TrainingJob, iso
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class JobRow:
    """A job at one time.

    Attributes:
        job: the job.
        prices: by instance type; None before they are loaded.
        now: epoch seconds.
    """

    job: TrainingJob
    prices: Mapping[str, Price] | None
    now: float

    @property
    def cost(self) -> float | None:
        """Return USD so far; None if unknown."""
        return None if self.prices is None else cost_so_far(self.job, self.prices, self.now)


@dataclass(frozen=True)
class JobColumn:
    """A column.

    Attributes:
        key: its name in the code.
        header: its title; empty for a column that only JSON has.
        text: the cell; None if the value is unknown.
        json: key in the JSON document -> value.
        unknown: what is printed for an unknown value.
        is_number: whether it is aligned to the right.
    """

    key: str
    header: str = ""
    text: Callable[[JobRow], str | None] = lambda _: None
    json: Mapping[str, Callable[[JobRow], object]] = field(default_factory=dict)
    unknown: str = "-"
    is_number: bool = False


def instances_text(job: TrainingJob) -> str:
    """Return the instances: `2 x ml.g5.xlarge spot`, `serverless`; empty when none are known."""
    if job.is_serverless:
        return SERVERLESS
    types = ", ".join(f"{count} x {name}" if count > 1 else name for name, count in job.instances.items())
    return f"{types} spot" if types and job.spot else types


COLUMNS = (
    JobColumn("name", "NAME", lambda row: row.job.name, {"name": lambda row: row.job.name}),
    JobColumn("status", "STATUS", lambda row: row.job.status.value, {"status": lambda row: row.job.status.value}),
    JobColumn(
        "phase",
        "PHASE",
        lambda row: job_state(row.job, row.now).more or None,
        {"secondary_status": lambda row: row.job.secondary_status},
    ),
    JobColumn("model", "MODEL", lambda row: row.job.model_id, {"model_id": lambda row: row.job.model_id}),
    JobColumn(
        "instance",
        "INSTANCE",
        lambda row: instances_text(row.job) or None,
        {
            "instance_type": lambda row: row.job.instance_type,
            "instance_count": lambda row: row.job.instance_count,
        },
    ),
    JobColumn("created", json={"created": lambda row: iso(row.job.created)}),
    JobColumn(
        "elapsed",
        "ELAPSED",
        lambda row: clock(row.job.elapsed_seconds(row.now)),
        {"elapsed_seconds": lambda row: round(row.job.elapsed_seconds(row.now), 1)},
        is_number=True,
    ),
    JobColumn(
        "cost",
        "COST",
        lambda row: None if row.cost is None else dollars(row.cost),
        {"cost_usd": lambda row: None if row.cost is None else round(row.cost, 4)},
        unknown="unknown",
        is_number=True,
    ),
)
PRINTED = tuple(column for column in COLUMNS if column.header)
SPARE = ("instance", "model", "phase")
"""Columns that are left out in that order where a terminal is too narrow for the names."""


def job_row_document(row: JobRow) -> dict[str, object]:
    """Return a job as `jsft jobs --json` has it."""
    return {key: value(row) for column in COLUMNS for key, value in column.json.items()}
