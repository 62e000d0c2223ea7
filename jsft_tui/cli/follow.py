"""Follow a job on the command line: phases and log lines as they arrive, then the training output."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import click

from jsft_tui.cli.output import colored, glyph, say, status_word
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.jobs.waiting import waiting
from jsft_tui.services.jobs.follow import (
    Described,
    Ended,
    Event,
    Logged,
    Measured,
    PhaseChanged,
    Progressed,
    Trouble,
    Unsearched,
)
from jsft_tui.services.jobs.job_list import is_running
from jsft_tui.services.session.services import Services

BAR_CELLS = 24
SIGN_IN_WITHIN = 12 * 3600.0
"""Seconds to wait for a new sign-in at a terminal."""
KEYS_WITHIN = 30.0
"""Seconds to wait for renewed credentials where stdin is not interactive."""


class LiveLine:
    """A line at the end of the terminal with progress and metrics; nothing when stderr is not a terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._progress: Progress | None = None
        self._metrics: dict[str, float] = {}
        self._live = sys.stderr.isatty()

    def clear(self) -> None:
        """Remove the line, so that something else can be written."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = ""

    def update(self, event: Event) -> None:
        """Add an event's values and redraw the line."""
        if isinstance(event, Progressed):
            self._progress = event.progress
        elif isinstance(event, Measured):
            self._metrics |= {point.metric: point.value for point in event.points}
        self.draw()

    def draw(self) -> None:
        """Write the line."""
        if not self._live or (self._progress is None and not self._metrics):
            return
        parts = []
        if self._progress is not None:
            done = round(self._progress.fraction * BAR_CELLS)
            bar = "#" * done + "-" * (BAR_CELLS - done)
            parts.append(f"[{bar}] epoch {self._progress.epoch}/{self._progress.epochs}")
        parts += [f"{name.rpartition(':')[2]} {value:g}" for name, value in list(self._metrics.items())[-4:]]
        self._shown = "  ".join(parts)[:78]
        click.echo(f"\r\x1b[K{self._shown}", nl=False, err=True)


def follow_job(services: Services, name: str, write: Callable[[str], None] = click.echo) -> TrainingJob:
    """Follow a job until it ends; run the `on_finish` command when it ended meanwhile.

    Args:
        services: services of the job's target.
        name: the job.
        write: prints a phase or log lines (stdout, or stderr when stdout is for JSON).
    """
    printer = _EventPrinter(write)
    job = _follow(services, name, printer)
    if printer.was_running:
        try:
            services.finish_hook.run(job)
        except Problem as problem:
            say(str(problem))  # the job's own end decides on the exit code
    return job


def _sign_in_wait() -> float:
    """Return the seconds to wait for a new sign-in: long at a terminal, short in a script."""
    is_interactive = sys.stdin is not None and sys.stdin.isatty()  # None where it was closed (`<&-`)
    return SIGN_IN_WITHIN if is_interactive else KEYS_WITHIN


def _follow(services: Services, name: str, printer: _EventPrinter) -> TrainingJob:
    try:
        for event in services.followers.follow(name, _sign_in_wait()):
            if isinstance(event, Ended):
                printer.line.clear()
                return event.job
            printer.print(event)
    except Problem as problem:
        printer.line.clear()
        if problem.code == "NoSuchJob":
            raise
        remedy = f"{problem.remedy} The job keeps running. Follow it again: jsft logs {name} --follow".strip()
        raise Problem(problem.code, problem.message, remedy, kind=problem.kind) from problem
    except KeyboardInterrupt:
        printer.line.clear()
        message = f"stopped following; {name} keeps running."
        remedy = f"Follow it again: jsft logs {name} --follow"
        raise Problem("Interrupted", message, remedy, kind=ProblemKind.INTERRUPTED) from None
    raise AssertionError("a follower ends with its job")


class _EventPrinter:
    """Print the events of a job.

    Attributes:
        was_running: whether the job was running when it was first described.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self.line = LiveLine()
        self.was_running = False
        self._write = write
        self._waits_for = ""

    def print(self, event: Event) -> None:
        """Print an event, or redraw the progress line."""
        if isinstance(event, (Measured, Progressed)):
            self.line.update(event)
            return
        self.line.clear()
        if isinstance(event, Described):
            self._report_waiting(event.job)
        elif isinstance(event, PhaseChanged):
            self._write(_phase_text(event))
        elif isinstance(event, Logged):
            self._write("\n".join(f"  {logged.text}" for logged in event.lines))
        elif isinstance(event, Unsearched):
            report_skipped_metrics(event.reasons)
        elif isinstance(event, Trouble):
            # A retryable problem needs no remedy but waiting.
            remedy = "" if event.problem.retryable else f" {event.problem.remedy}"
            say(f"{event.text if event.pause else event.problem.message}{remedy}")
        self.line.draw()

    def _report_waiting(self, job: TrainingJob) -> None:
        """Report once what the job is waiting for."""
        self.was_running = self.was_running or is_running(job)
        waits = waiting(job, time.time())
        word = waits.word if waits is not None else ""
        if waits is not None and word != self._waits_for:
            say(f"{job.name}: {waits.text}")
        self._waits_for = word


def _phase_text(event: PhaseChanged) -> str:
    since = clock(event.transition.start - event.job.created)
    return colored(f"{glyph('●')} {since:>6}  {event.transition.status}", "cyan") + f"  {event.transition.message}"


def report_skipped_metrics(reasons: Sequence[str]) -> None:
    """Report which metric definitions are skipped, and why."""
    if reasons:
        say(f"Metrics skipped: {' '.join(reasons)}")


def print_output(job: TrainingJob, services: Services) -> None:
    """Print the training output; for a failed job also the diagnosis and the remedy."""
    click.echo(f"{status_word(job.status)}  {job.secondary_status}")
    for label, value in training_output(job):
        click.echo(f"{label:<19}{value}")
    cost = cost_so_far(job, services.prices.table(), time.time())
    click.echo(f"{'Cost':<19}{dollars(cost)}")
    if diagnosis := job.diagnosis:
        click.echo(f"{'What it means':<19}{diagnosis.cause}")
        click.echo(f"{'What to do':<19}{diagnosis.remedy}")
        if diagnosis.fixes and job.model_id:
            label = diagnosis.fixes[0].kind.label
            click.echo(f"{'In one step':<19}{label}: jsft clone {job.name} --fix -o run.yaml")
    if job.failure_reason:
        click.echo(f"{'Failure reason':<19}{job.failure_reason}")


def job_problem(job: TrainingJob) -> Problem | None:
    """Return the Problem of a job that failed or was stopped; None when it completed."""
    if job.status is JobStatus.COMPLETED:
        return None
    reason = job.failure_reason.splitlines()[0] if job.failure_reason else job.secondary_status
    diagnosis = job.diagnosis
    remedy = diagnosis.remedy if diagnosis else Remedy("Read its log", RemedyCommand.LOGS, job.name)
    verb = "failed" if job.status is JobStatus.FAILED else "was stopped"
    return Problem("JobFailed", f"{job.name} {verb}: {reason}", remedy, kind=ProblemKind.JOB)
