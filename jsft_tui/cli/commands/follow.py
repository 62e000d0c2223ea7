"""A job followed on the command line: phases and log lines as they come, then the training output."""

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
"""Seconds that somebody at a terminal has to sign in again."""
KEYS_WITHIN = 30.0
"""Seconds in which keys have to be renewed where nobody is: by whatever program does it there."""


class LiveLine:
    """One line on the terminal that shows progress and metrics; nothing at all when stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._progress: Progress | None = None
        self._metrics: dict[str, float] = {}
        self._live = sys.stderr.isatty()

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._shown = ""

    def update(self, event: Event) -> None:
        """Take in a value and draw the line anew."""
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
    """Follow a job to its end; one that was seen to end is the person's `on_finish` command's business, too.

    Args:
        bench: where it runs.
        name: the job.
        write: prints a phase or a log line (stdout, or stderr when stdout is for JSON).
    """
    teller = _Teller(write)
    job = _follow(services, name, teller)
    if teller.saw_it_run:
        try:
            services.finish_hook.run(job)
        except Problem as problem:
            say(str(problem))  # the job's own end decides on the exit code
    return job


def _patience() -> float:
    """Seconds to wait for a new sign-in: a person at a terminal may be away, a script is not kept waiting."""
    is_watched = sys.stdin is not None and sys.stdin.isatty()  # it is None where it was closed (`<&-`)
    return SIGN_IN_WITHIN if is_watched else KEYS_WITHIN


def _follow(services: Services, name: str, teller: _Teller) -> TrainingJob:
    try:
        for event in services.followers.follow(name, _patience()):
            if isinstance(event, Ended):
                teller.line.clear()
                return event.job
            teller.tell(event)
    except Problem as problem:
        teller.line.clear()
        if problem.code == "NoSuchJob":
            raise
        remedy = f"{problem.remedy} The job goes on; watch it again: jsft logs {name} --follow".strip()
        raise Problem(problem.code, problem.message, remedy, kind=problem.kind) from problem
    except KeyboardInterrupt:
        teller.line.clear()
        message = f"stopped watching; {name} goes on running."
        raise Problem("Interrupted", message, f"Watch it again: jsft logs {name} --follow", kind=_INTERRUPTED) from None
    raise AssertionError("a watch ends with its job")


_INTERRUPTED = ProblemKind.INTERRUPTED


class _Teller:
    """Writes what is told of a job.

    Attributes:
        saw_it_run: whether the job had not ended yet when it was first asked for.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self.line = LiveLine()
        self.saw_it_run = False
        self._write = write
        self._waits_for = ""

    def tell(self, event: Event) -> None:
        """Write it, or draw the line of progress anew."""
        if isinstance(event, (Measured, Progressed)):
            self.line.update(event)
            return
        self.line.clear()
        if isinstance(event, Described):
            self._look_at(event.job)
        elif isinstance(event, PhaseChanged):
            self._write(_phase_text(event))
        elif isinstance(event, Logged):
            self._write("\n".join(f"  {logged.text}" for logged in event.lines))
        elif isinstance(event, Unsearched):
            say_unused(event.reasons)
        elif isinstance(event, Trouble):
            # What the problem's remedy is helps only where waiting does not: while nobody is signed in.
            remedy = "" if event.problem.retryable else f" {event.problem.remedy}"
            say(f"{event.text if event.pause else event.problem.message}{remedy}")
        self.line.draw()

    def _look_at(self, job: TrainingJob) -> None:
        """Say once what the job waits for."""
        self.saw_it_run = self.saw_it_run or is_running(job)
        waits = waiting(job, time.time())
        word = waits.word if waits is not None else ""
        if waits is not None and word != self._waits_for:
            say(f"{job.name}: {waits.text}")
        self._waits_for = word


def _phase_text(event: PhaseChanged) -> str:
    since = clock(event.transition.start - event.job.created)
    return colored(f"{glyph('●')} {since:>6}  {event.transition.status}", "cyan") + f"  {event.transition.message}"


def say_unused(reasons: Sequence[str]) -> None:
    """Say which metric definitions find nothing, and why; nothing where all of them are used."""
    if reasons:
        say(f"Not looked for: {' '.join(reasons)}")


def print_output(job: TrainingJob, services: Services) -> None:
    """The training output, and for a failed job what it means and what to do."""
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


def ended_badly(job: TrainingJob) -> Problem | None:
    """The Problem of a job that failed or was stopped; None for one that completed."""
    if job.status is JobStatus.COMPLETED:
        return None
    reason = job.failure_reason.splitlines()[0] if job.failure_reason else job.secondary_status
    diagnosis = job.diagnosis
    remedy = diagnosis.remedy if diagnosis else Remedy("Read its log", RemedyCommand.LOGS, job.name)
    verb = "failed" if job.status is JobStatus.FAILED else "was stopped"
    return Problem("JobFailed", f"{job.name} {verb}: {reason}", remedy, kind=ProblemKind.JOB)
