"""Compare jobs: what was set differently, how good each became, and what it took."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import clean, dollars, plural
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark
from jsft_tui.core.jobs.metrics.objective import (
    Points,
    best_of,
    by_importance,
    is_held_out,
    lower_is_better,
    objective,
    short_name,
)
from jsft_tui.core.jobs.metrics.training_axis import training_axis
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price

MIN_JOBS, MAX_JOBS = 2, 6
"""Number of jobs that can be compared."""
LETTERS = "ABCDEF"
"""Names of the compared jobs where space is short."""


@dataclass(frozen=True)
class ComparedJob:
    """A job with its metric values.

    Attributes:
        marks: when its log told an epoch, oldest first; empty if it never did.
        unused: one sentence for each of its metric definitions that could not be used.
    """

    job: TrainingJob
    metrics: Mapping[str, Points]
    unused: tuple[str, ...] = ()
    marks: tuple[EpochMark, ...] = ()


def unused_definitions(jobs: Sequence[ComparedJob]) -> list[str]:
    """Return why metrics of the jobs are missing, each reason once."""
    return list(dict.fromkeys(reason for each in jobs for reason in each.unused))


class RowGroup(Enum):
    """What the rows of the table are about, in their order."""

    CHANGED = "What you changed"
    RESULT = "How good it became"
    SPENT = "What it took"


@dataclass(frozen=True)
class ComparisonRow:
    """A row of the table: its label, and a text for each job.

    Attributes:
        group: what it is about.
        best: positions of the jobs with the best value; none where no value is better.
        metric: the metric that it is about; empty for other rows.
        is_told_always: whether it is shown even where all jobs are alike.
        is_detail: whether it is shown only among all rows.
    """

    label: str
    values: tuple[str, ...]
    group: RowGroup = RowGroup.CHANGED
    best: frozenset[int] = frozenset()
    metric: str = ""
    is_told_always: bool = False
    is_detail: bool = False

    @property
    def differs(self) -> bool:
        """Return whether the jobs have different values."""
        return len(set(self.values)) > 1

    @property
    def is_telling(self) -> bool:
        """Return whether it is shown where only the differences are."""
        return self.is_told_always or (self.differs and not self.is_detail)


def compare(jobs: Sequence[ComparedJob], prices: Mapping[str, Price], now: float) -> list[ComparisonRow]:
    """Return all rows: what was set, each metric's best value and when the objective's was reached, time and cost.

    Args:
        jobs: two to six.
        prices: USD by instance type.
        now: epoch seconds.
    """
    if not MIN_JOBS <= len(jobs) <= MAX_JOBS:
        raise ValueError(f"{plural(len(jobs), 'job')} cannot be compared; the limits are {MIN_JOBS} to {MAX_JOBS}")
    return [*_settings(jobs), *_results(jobs), *_spent(jobs, prices, now)]


def differing(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Return only the rows that tell the jobs apart, and the objective."""
    return [row for row in rows if row.is_telling]


def metric_names(jobs: Sequence[ComparedJob]) -> list[str]:
    """Return the metrics that any of the jobs has values of, most important first."""
    return by_importance({name for each in jobs for name, points in each.metrics.items() if points})


def best_job(jobs: Sequence[ComparedJob]) -> ComparedJob | None:
    """Return the job with the best value of the objective; None if there is none."""
    metric = objective(metric_names(jobs))
    found = _best_values(jobs, metric) if metric is not None else []
    places = _best_of_all(found, lower=bool(lower_is_better(metric or "")))
    return jobs[min(places)] if places else None


def distinct_ends(texts: Sequence[str]) -> list[str]:
    """Return the texts without their common first words, so that the difference is visible in a narrow column."""
    if len(set(texts)) < len(texts) or len(texts) < MIN_JOBS:
        return list(texts)
    low, high = min(texts), max(texts)
    same = next((n for n, pair in enumerate(zip(low, high, strict=False)) if pair[0] != pair[1]), len(low))
    words = max(low.rfind(separator, 0, same) for separator in "-/ ") + 1
    return [f"…{text[words:]}" for text in texts] if words > 1 else list(texts)


def as_csv(names: Sequence[str], rows: Sequence[ComparisonRow]) -> str:
    """Return the table as CSV, a line for each row, a column for each job.

    Cells are cleaned. Those that a spreadsheet would run as a formula are escaped.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["", *map(_as_text, names)])
    for row in rows:
        writer.writerow([_as_text(row.label), *map(_as_text, row.values)])
    return out.getvalue()


def _as_text(text: str) -> str:
    # OWASP, "CSV injection": spreadsheets run cells that begin with these, some of them after blanks and in full width;
    # a number is harmless.
    cell = clean(text)
    if not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def as_markdown(names: Sequence[str], rows: Sequence[ComparisonRow]) -> str:
    """Return the table in Markdown, the best values in bold."""
    lines = [["", *names], ["---"] * (len(names) + 1)]
    for row in rows:
        values = [f"**{value}**" if at in row.best else value for at, value in enumerate(row.values)]
        lines.append([row.label, *values])
    return "".join(f"| {' | '.join(clean(cell).replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _settings(jobs: Sequence[ComparedJob]) -> list[ComparisonRow]:
    def row(label: str, values: Sequence[str]) -> ComparisonRow:
        return ComparisonRow(label, tuple(values))

    names = dict.fromkeys(name for each in jobs for name in each.job.hyperparameters)
    channels = dict.fromkeys(name for each in jobs for name in each.job.data_uris)
    return [
        row("model", [each.job.parent_model or "–" for each in jobs]),
        *(row(f"data {name}", [each.job.data_uris.get(name, "–") for each in jobs]) for name in channels),
        row("instance", [_instance(each.job) for each in jobs]),
        *(row(name, [each.job.hyperparameters.get(name, "–") for each in jobs]) for name in names),
    ]


def _instance(job: TrainingJob) -> str:
    if (customization := customization_job(job)) is not None:
        return f"{SERVERLESS}, {customization.title}"
    count = f"{job.instance_count} x " if job.instance_count > 1 else ""
    recipe = recipe_job(job)
    return f"{count}{job.instance_type}" + (", spot" if job.spot else "") + (f", {recipe.words}" if recipe else "")


def _results(jobs: Sequence[ComparedJob]) -> list[ComparisonRow]:
    names = metric_names(jobs)
    main = objective(names)
    rows = [ComparisonRow("status", tuple(each.job.status.value for each in jobs), RowGroup.RESULT)]
    for name in names:
        found = _best_values(jobs, name)
        texts = tuple("–" if value is None else f"{value:.6g}" for value in found)
        lower = lower_is_better(name)
        best = _best_of_all(found, lower=lower) if lower is not None else frozenset()
        # What is measured on the training data tells less than what is measured on other data.
        is_detail = name != main and not is_held_out(name) and any(map(is_held_out, names))
        rows.append(ComparisonRow(short_name(name), texts, RowGroup.RESULT, best, name, name == main, is_detail))
    if main is not None:
        rows.append(ComparisonRow("best at", tuple(_best_at(each, main) for each in jobs), RowGroup.RESULT))
    return rows


def _best_values(jobs: Sequence[ComparedJob], metric: str) -> list[float | None]:
    """Return the best value of each job; the last one where it is not known what is better."""
    return [_best_value(metric, each.metrics.get(metric, ())) for each in jobs]


def _best_value(metric: str, points: Points) -> float | None:
    if (best := best_of(metric, points)) is not None:
        return best.value
    return next((value for _, value in reversed(points) if math.isfinite(value)), None)


def _best_of_all(values: Sequence[float | None], *, lower: bool) -> frozenset[int]:
    """Return the positions of the best values; none if all are the same, or fewer than two are known."""
    known = [value for value in values if value is not None]
    if len(set(known)) < MIN_JOBS:
        return frozenset()
    best = min(known) if lower else max(known)
    return frozenset(at for at, value in enumerate(values) if value == best)


def _best_at(compared: ComparedJob, metric: str) -> str:
    """Return when a job was best: the epoch if its log tells one, else the time since it started."""
    points = compared.metrics.get(metric, ())
    best = best_of(metric, points)
    if best is None:
        return "–"
    axis = training_axis([points], compared.marks)
    if not axis.unit:
        return clock(best.time - (compared.job.started or compared.job.created))
    place = next((at for at, value in axis.over(points) if value == best.value), None)
    return "–" if place is None else f"{axis.unit} {axis.text(place)}"


def _spent(jobs: Sequence[ComparedJob], prices: Mapping[str, Price], now: float) -> list[ComparisonRow]:
    costs = [cost_so_far(each.job, prices, now) for each in jobs]
    times = [each.job.billed_seconds(now) / max(1, each.job.instance_count) for each in jobs]
    # A job that has not come to its end is no bargain.
    is_whole = [each.job.status is JobStatus.COMPLETED for each in jobs]

    def row(label: str, values: Sequence[float | None], texts: Sequence[str]) -> ComparisonRow:
        compared = [value if whole else None for value, whole in zip(values, is_whole, strict=True)]
        is_same = len(set(texts)) == 1
        best = frozenset[int]() if is_same else _best_of_all(compared, lower=True)
        return ComparisonRow(label, tuple(texts), RowGroup.SPENT, best)

    tokens = [_tokens(each.job) for each in jobs]
    return [
        row("training time", times, [*map(clock, times)]),
        row("cost", costs, [*map(dollars, costs)]),
        *([ComparisonRow("tokens billed", tuple(tokens), RowGroup.SPENT)] if any(tokens) else []),
    ]


def _tokens(job: TrainingJob) -> str:
    """Return the tokens that a customization was billed; empty for any other job."""
    customization = customization_job(job)
    return "" if customization is None or customization.tokens is None else f"{customization.tokens:,}"
