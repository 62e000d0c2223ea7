"""Several jobs side by side: what was set differently, what it cost, and how good each became."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.objective import Points, best_of, by_importance, short_name
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price

FEWEST, MOST = 2, 6
"""Jobs that can be compared."""
LETTERS = "ABCDEF"
"""What the jobs are called where there is no room for their names."""


@dataclass(frozen=True)
class Compared:
    """A job with its metric values.

    Attributes:
        unused: one sentence for each of its metric definitions that found nothing in the log for a reason of its own.
    """

    job: TrainingJob
    metrics: Mapping[str, Points]
    unused: tuple[str, ...] = ()


def unused_definitions(jobs: Sequence[Compared]) -> list[str]:
    """Why metrics of the jobs are missing, each reason once."""
    return list(dict.fromkeys(reason for each in jobs for reason in each.unused))


@dataclass(frozen=True)
class ComparisonRow:
    """A line of the table: what it is about, and a text for each job; `differs` when they are not all the same."""

    label: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether not all jobs have the same."""
        return len(set(self.values)) > 1


def compare(jobs: Sequence[Compared], prices: Mapping[str, Price], now: float) -> list[ComparisonRow]:
    """All rows: status, settings, cost and time, then each metric's best value and when it came.

    Args:
        jobs: two to six.
        prices: USD by instance type.
        now: epoch seconds.
    """
    if not FEWEST <= len(jobs) <= MOST:
        raise ValueError(f"{plural(len(jobs), 'job')} cannot be compared, only {FEWEST} to {MOST}")
    return [*_settings(jobs), *_spent(jobs, prices, now), *_metrics(jobs)]


def differing(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Only the rows in which the jobs are not all alike."""
    return [row for row in rows if row.differs]


def metric_names(jobs: Sequence[Compared]) -> list[str]:
    """The metrics that any of the jobs has values of, the most important first."""
    return by_importance({name for each in jobs for name, points in each.metrics.items() if points})


def curve(compared: Compared, metric: str) -> list[tuple[float, float]]:
    """A metric over the seconds since the job began to run, so that jobs of different days lie over one another."""
    start = compared.job.started or compared.job.created
    return [(time - start, value) for time, value in compared.metrics.get(metric, ())]


def ends(texts: Sequence[str]) -> list[str]:
    """The texts without the words that all begin with, so that what differs is seen in a narrow column."""
    if len(set(texts)) < len(texts) or len(texts) < FEWEST:
        return list(texts)
    low, high = min(texts), max(texts)
    same = next((n for n, pair in enumerate(zip(low, high, strict=False)) if pair[0] != pair[1]), len(low))
    words = max(low.rfind(separator, 0, same) for separator in "-/ ") + 1
    return [f"…{text[words:]}" for text in texts] if words > 1 else list(texts)


def as_csv(names: Sequence[str], rows: Sequence[ComparisonRow]) -> str:
    """The table as CSV, a column for each job. What a spreadsheet would take for a formula is quoted as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["", *map(_as_text, names)])
    for row in rows:
        writer.writerow([_as_text(row.label), *map(_as_text, row.values)])
    return out.getvalue()


def _as_text(text: str) -> str:
    # OWASP, "CSV injection": a cell that begins so is run by spreadsheets; a number is left as it is.
    if text[:1] not in ("=", "+", "-", "@", "\t", "\r"):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def _settings(jobs: Sequence[Compared]) -> list[ComparisonRow]:
    def row(label: str, values: Sequence[str]) -> ComparisonRow:
        return ComparisonRow(label, tuple(values))

    names = dict.fromkeys(name for each in jobs for name in each.job.hyperparameters)
    channels = dict.fromkeys(name for each in jobs for name in each.job.data_uris)
    return [
        row("status", [each.job.status.value for each in jobs]),
        row("model", [each.job.parent_model or "–" for each in jobs]),
        *(row(f"data {name}", [each.job.data_uris.get(name, "–") for each in jobs]) for name in channels),
        row("instance", [_instance(each.job) for each in jobs]),
        *(row(name, [each.job.hyperparameters.get(name, "–") for each in jobs]) for name in names),
    ]


def _instance(job: TrainingJob) -> str:
    count = f"{job.instance_count} x " if job.instance_count > 1 else ""
    return f"{count}{job.instance_type}" + (", spot" if job.spot else "")


def _spent(jobs: Sequence[Compared], prices: Mapping[str, Price], now: float) -> list[ComparisonRow]:
    costs = [dollars(cost_so_far(each.job, prices, now)) for each in jobs]
    times = [clock(each.job.billed_seconds(now) / max(1, each.job.instance_count)) for each in jobs]
    return [ComparisonRow("billed time", tuple(times)), ComparisonRow("cost", tuple(costs))]


def _metrics(jobs: Sequence[Compared]) -> list[ComparisonRow]:
    rows = []
    for name in dict.fromkeys(name for each in jobs for name in each.metrics):
        found = [best_of(name, each.metrics.get(name, ())) for each in jobs]
        short = short_name(name)
        rows.append(ComparisonRow(f"best {short}", tuple(f"{b.value:.6g}" if b else "–" for b in found)))
        after = [
            clock(b.time - (each.job.started or each.job.created)) if b else "–"
            for b, each in zip(found, jobs, strict=True)
        ]
        rows.append(ComparisonRow(f"after {short}", tuple(after)))
    return rows
