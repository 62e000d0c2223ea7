"""What is told of a search in few words: cost, what is left, how far it is, how it searches."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.phases.timeline import about_duration
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell


@dataclass(frozen=True)
class KnownSearch:
    """What is known of a search.

    Attributes:
        search: with its trials.
        prices: by instance type; None while they are not known.
        now: epoch seconds.
        ordinary: the best job of the same model and data that is no trial; None without one.
        key: names the keys.
    """

    search: Search
    prices: Mapping[str, Price] | None
    now: float
    ordinary: TrainingJob | None
    key: KeyOf

    def is_best(self, trial: Trial) -> bool:
        """Return whether a trial is the best one so far."""
        best = self.search.best
        return best is not None and best.name == trial.name


def cost_cells(known: KnownSearch) -> tuple[Cell, ...]:
    """Return what the search has cost so far, and the most it can cost."""
    if known.prices is None:
        return (Cell("…", Ink.MUTED),)
    spent, bound = known.search.spent(known.prices, known.now), known.search.bound(known.prices)
    if spent is None:
        return (Cell("price unknown", Ink.MUTED),)
    more = "" if known.search.is_complete else "+"
    first = Cell(f"{dollars(spent)}{more}", MONEY_STRONG)
    is_over = known.search.job.status.is_final
    if bound is None:
        return first, Cell("" if is_over else " so far")
    return first, Cell(" of at most " if is_over else " so far, at most "), Cell(dollars(bound), Ink.MONEY)


def left_cells(known: KnownSearch) -> tuple[Cell, ...]:
    """Return how many trials are to come, and about how long that takes; nothing once it has ended."""
    job = known.search.job
    if job.status.is_final:
        return ()
    to_come = max(0, job.max_jobs - job.counts.ended) if job.max_jobs is not None else None
    seconds = known.search.seconds_left(known.now)
    words = plural(to_come, "trial") if to_come is not None else "unknown"
    return Cell(words), Cell(f", {about_duration(seconds)}" if seconds is not None else "", Ink.MUTED)


def search_state(search: Search) -> tuple[Cell, ...]:
    """Return how far a search is, for the border: `● 10 of 12 trials, 2 running`."""
    job = search.job
    sign = job.status.as_status
    of = f" of {job.max_jobs}" if job.max_jobs else ""
    counts = [(job.counts.running, "running"), (job.counts.stopped, "stopped"), (job.counts.failed, "failed")]
    told = "".join(f", {count} {word}" for count, word in counts if count)
    status = "" if job.status.value == "InProgress" else f"{job.status.value}, "
    words = f"{status}{job.counts.launched}{of} trials{told}"
    return (Cell(f"{glyph(sign, os.environ)} ", sign.value), Cell(words, Ink.MUTED))


def short_state(search: Search) -> tuple[Cell, ...]:
    """Return the same in few words: `● 10 of 12 trials`."""
    job = search.job
    sign = job.status.as_status
    of = f" of {job.max_jobs}" if job.max_jobs else ""
    return (Cell(f"{glyph(sign, os.environ)} ", sign.value), Cell(f"{job.counts.launched}{of} trials", Ink.MUTED))


def how_words(search: Search) -> str:
    """Return how it searches, for the border: `Bayesian, early stopping`."""
    config = search.job.request.get("HyperParameterTuningJobConfig")
    stops = isinstance(config, Mapping) and config.get("TrainingJobEarlyStoppingType") == "Auto"
    direction = f"{search.job.direction.value} {short_name(search.job.metric)}" if search.job.metric else ""
    return ", ".join(filter(None, (search.job.strategy, direction, "early stopping" if stops else "")))


def is_stoppable(trial: Trial) -> bool:
    """Return whether a trial can be stopped alone."""
    return trial.status is JobStatus.IN_PROGRESS
