"""Print searches: state, cost, and trials; follow one until it ends."""

from __future__ import annotations

import sys
import time

from jsft_tui.cli.console.output import Part, Print, Styled, glyph, labeled, out, say, table
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, fit
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial, short_number
from jsft_tui.core.tuning.results.tuning_job import TuningStatus
from jsft_tui.services.jobs.follow import Trouble
from jsft_tui.services.session.services import Services
from jsft_tui.services.tuning.follow import Finished

SIGN_IN_WITHIN, KEYS_WITHIN = 12 * 3600.0, 30.0
"""Seconds to wait for a new sign-in at a terminal, and for renewed credentials elsewhere."""
WIDEST = 24
"""Cells of a value in the table; JSON has the whole value."""

_COLORS = {Status.COMPLETED: "green", Status.FAILED: "red", Status.RUNNING: "cyan"}


def status_part(status: Status, word: str) -> Styled:
    """Return a status as symbol and word."""
    return Styled(f"{glyph(status)} {word}", _COLORS.get(status))


def print_search(search: Search, services: Services) -> None:
    """Print a search with its trials, the best first."""
    job, now, prices = search.job, time.time(), services.prices.table()
    most = f" of {job.max_jobs}" if job.max_jobs else ""
    out(
        status_part(job.status.as_status, job.status.value), f"  {job.counts.launched}{most} trials: {job.counts.words}"
    )
    labeled("Search", f"{job.strategy}, {job.direction.value} {job.metric}")
    labeled("Best so far", best_line(search))
    spent, bound = search.spent(prices, now), search.bound(prices)
    labeled("Cost", f"{dollars(spent)} so far, at most {dollars(bound)}")
    left = search.seconds_left(now)
    if left is not None:
        labeled("Left", f"about {clock(left)}")
    if job.failure_reason:
        labeled("Failure reason", job.failure_reason)
    if search.trials:
        out("")
        _print_trials(search, now)


def best_line(search: Search) -> str:
    """Return the best trial, its value and what it tried, in one line."""
    best = search.best
    if best is None or best.objective is None:
        return "no trial has ended with a value yet"
    tried = _tried(best)
    return f"{short_name(search.job.metric)} {best.objective:.6g} by {best.name} ({tried})"


def _tried(trial: Trial) -> str:
    return ", ".join(f"{name} {short_number(value)}" for name, value in trial.values.items())


def _print_trials(search: Search, now: float) -> None:
    names = search.job.tuned
    headers = ("TRIAL", short_name(search.job.metric).upper(), *names, "STATUS", "TIME")
    rows = [_row(trial, search, names, now) for trial in search.ranked]
    table(headers, rows, right=(len(headers) - 1,))


def _row(trial: Trial, search: Search, names: tuple[str, ...], now: float) -> tuple[Part, ...]:
    value = trial.missing if trial.objective is None else f"{trial.objective:.6g}"
    is_best = search.best is not None and trial.name == search.best.name
    status = trial.status.as_status
    return (
        trial.name,
        Styled(value, "green" if is_best else None),
        *(fit(short_number(trial.values.get(name, "")), WIDEST) for name in names),
        status_part(status, trial.status.value),
        clock(trial.seconds(now)) if trial.started is not None else "",
    )


def follow_search(services: Services, name: str, write: Print = out) -> Search:
    """Follow a search until it ends: a line for each trial that ends and each better value.

    Raises:
        Problem: it cannot be followed any more, or following was interrupted (code `Interrupted`).
    """
    told: set[str] = set()
    within = SIGN_IN_WITHIN if is_terminal(sys.stdin) else KEYS_WITHIN
    try:
        for event in services.searches.follow(name).events(within):
            if isinstance(event, Trouble):
                say(event.text)
                continue
            _tell(event.search, told, write)
            if isinstance(event, Finished):
                return event.search
    except KeyboardInterrupt:
        remedy = f"Follow it again: jsft tuning {name} --follow"
        message = f"stopped following; {name} keeps running."
        raise Problem("Interrupted", message, remedy, kind=ProblemKind.INTERRUPTED) from None
    raise AssertionError("a follower ends with its search")


def _tell(search: Search, told: set[str], write: Print) -> None:
    for trial in search.trials:
        if not trial.has_ended or trial.name in told:
            continue
        told.add(trial.name)
        ended = search.job.counts.ended
        number = f"{len(told)}/{search.job.max_jobs or ended}"
        value = trial.missing if trial.objective is None else f"{trial.objective:.6g}"
        is_best = search.best is not None and search.best.name == trial.name
        best = Styled("  best so far", "green") if is_best else ""
        write(status_part(trial.status.as_status, trial.name), f"  {number}  {value}  {_tried(trial)}", best)


def search_problem(search: Search) -> Problem | None:
    """Return the Problem of a search that failed or was stopped; None when it completed."""
    job = search.job
    if job.status is TuningStatus.COMPLETED:
        return None
    verb = "failed" if job.status is TuningStatus.FAILED else "was stopped"
    reason = f": {job.failure_reason.splitlines()[0]}" if job.failure_reason else "."
    failed = next((trial for trial in search.trials if trial.failure_reason), None)
    remedy = Remedy("See why a trial failed", RemedyCommand.JOB, failed.name) if failed else ""
    return Problem("SearchFailed", f"{job.name} {verb}{reason}", remedy, kind=ProblemKind.JOB)
