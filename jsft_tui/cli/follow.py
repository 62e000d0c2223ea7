"""A job followed on the command line: phases and log lines as they come, then the training output."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from jsft_tui.cli.output import coloured, glyph, say, status_word
from jsft_tui.core.durations import clock
from jsft_tui.core.errors import Problem, ProblemKind
from jsft_tui.core.jobs import JobStatus, TrainingJob
from jsft_tui.core.metrics import Progress
from jsft_tui.core.money import cost_so_far, dollars
from jsft_tui.core.training_output import training_output
from jsft_tui.services.watch import Ended, Event, Logged, Measured, PhaseChanged, Progressed, Trouble
from jsft_tui.services.workbench import Workbench

BAR_CELLS = 24


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


def follow_job(bench: Workbench, name: str, write: Callable[[str], None] = click.echo) -> TrainingJob:
    """Follow a job to its end.

    Args:
        bench: where it runs.
        name: the job.
        write: prints a phase or a log line (stdout, or stderr when stdout is for JSON).
    """
    line = LiveLine()
    try:
        for event in bench.watcher.follow(name):
            if isinstance(event, Ended):
                line.clear()
                return event.job
            if isinstance(event, (Measured, Progressed)):
                line.update(event)
                continue
            line.clear()
            _write_event(event, write)
            line.draw()
    except Problem as problem:
        line.clear()
        if problem.code == "NoSuchJob":
            raise
        remedy = f"{problem.remedy} The job goes on; watch it again: jsft logs {name} --follow".strip()
        raise Problem(problem.code, problem.message, remedy, kind=problem.kind) from problem
    except KeyboardInterrupt:
        line.clear()
        message = f"stopped watching; {name} goes on running."
        raise Problem("Interrupted", message, f"Watch it again: jsft logs {name} --follow", kind=_INTERRUPTED) from None
    raise AssertionError("a watch ends with its job")


_INTERRUPTED = ProblemKind.INTERRUPTED


def _write_event(event: Event, write: Callable[[str], None]) -> None:
    if isinstance(event, PhaseChanged):
        since = clock(event.transition.start - event.job.created)
        write(coloured(f"{glyph('●')} {since:>6}  {event.transition.status}", "cyan") + f"  {event.transition.message}")
    elif isinstance(event, Logged):
        for logged in event.lines:
            write(f"  {logged.text}")
    elif isinstance(event, Trouble):
        again = f"Trying again in {event.pause:g} s." if event.pause else event.problem.remedy
        say(f"{event.problem.message} {again}")


def print_output(job: TrainingJob, bench: Workbench) -> None:
    """The training output, and for a failed job what it means and what to do."""
    click.echo(f"{status_word(job.status)}  {job.secondary_status}")
    for label, value in training_output(job):
        click.echo(f"{label:<19}{value}")
    cost = cost_so_far(job, bench.prices.table(), time.time())
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
    remedy = diagnosis.remedy if diagnosis else f"Read its log: jsft logs {job.name}"
    verb = "failed" if job.status is JobStatus.FAILED else "was stopped"
    return Problem("JobFailed", f"{job.name} {verb}: {reason}", remedy, kind=ProblemKind.JOB)
