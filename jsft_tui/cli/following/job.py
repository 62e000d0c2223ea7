"""Follow a job on the command line: phases and log lines as they arrive, then the training output."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from jsft_tui.cli.console.output import Part, Print, Styled, glyph, labeled, out, redraw, say, status_word
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean, dollars, fit
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.customization.customization_job import CustomizationJob, customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
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
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.services.session.services import Services

BAR_CELLS = 24
LINE_CELLS = 78
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
        self._customization: CustomizationJob | None = None
        self._live = is_terminal(sys.stderr)

    def clear(self) -> None:
        """Remove the line, so that something else can be written."""
        if self._shown:
            redraw("")
            self._shown = ""

    def update(self, event: Event) -> None:
        """Add an event's values and redraw the line."""
        if isinstance(event, Progressed):
            self._progress = event.progress
        elif isinstance(event, Measured):
            self._metrics |= {point.metric: point.value for point in event.points}
        self.draw()

    def describe(self, job: TrainingJob) -> None:
        """Take the progress that a customization tells itself, with its tokens."""
        self._customization = customization_job(job)

    def draw(self) -> None:
        """Write the line."""
        parts = self._progress_parts()
        if not self._live or not (parts or self._metrics):
            return
        parts += [f"{name.rpartition(':')[2]} {value:g}" for name, value in list(self._metrics.items())[-4:]]
        self._shown = fit(clean("  ".join(parts)), LINE_CELLS)
        redraw(self._shown)

    def _progress_parts(self) -> list[str]:
        """Return a bar and what it means; of a customization with step and tokens."""
        found, progress = self._customization, self._progress
        if found is not None and found.fraction is not None:
            tokens = "" if found.tokens is None else f"{found.tokens:,} tokens"
            return [_bar(found.fraction), *filter(None, (found.progress, tokens))]
        return [] if progress is None else [_bar(progress.fraction), f"epoch {progress.epoch}/{progress.epochs}"]


def _bar(fraction: float) -> str:
    done = round(fraction * BAR_CELLS)
    return f"[{'#' * done}{'-' * (BAR_CELLS - done)}]"


def follow_job(services: Services, name: str, write: Print = out) -> TrainingJob:
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
    is_interactive = is_terminal(sys.stdin)  # None where it was closed (`<&-`)
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

    def __init__(self, write: Print) -> None:
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
            self.line.describe(event.job)
        elif isinstance(event, PhaseChanged):
            self._write(*_phase_parts(event))
        elif isinstance(event, Logged):
            for line in (line for logged in event.lines for line in logged.text.split("\n")):
                self._write("  ", line)
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


def _phase_parts(event: PhaseChanged) -> tuple[Part, ...]:
    since = clock(event.transition.start - event.job.created)
    phase = Styled(f"{glyph(Status.RUNNING)} {since:>6}  {event.transition.status}", "cyan")
    return phase, f"  {event.transition.message}"


def report_skipped_metrics(reasons: Sequence[str]) -> None:
    """Report which metric definitions are skipped, and why."""
    if reasons:
        say(f"Metrics skipped: {' '.join(reasons)}")


def print_output(job: TrainingJob, services: Services) -> None:
    """Print the training output; for a failed job also the diagnosis and the remedy."""
    out(status_word(job.status), f"  {job.secondary_status}")
    for label, value in training_output(job):
        labeled(label, value)
    if (customization := customization_job(job)) is not None:
        for label, value in customization.lines:
            labeled(label, value)
        cost = services.customization.costs.of(job, customization)
        labeled("Cost", f"{dollars(cost.usd)} ({cost.reasoning})")
    else:
        for label, value in recipe.lines if (recipe := recipe_job(job)) is not None else ():
            labeled(label, value)
        labeled("Cost", dollars(cost_so_far(job, services.prices.table(), time.time())))
    if diagnosis := job.diagnosis:
        labeled("What it means", diagnosis.cause)
        labeled("What to do", diagnosis.remedy)
        if diagnosis.fixes and job.model_id:
            label = diagnosis.fixes[0].kind.label
            labeled("In one step", f"{label}: jsft clone {job.name} --fix -o run.yaml")
    if job.failure_reason:
        labeled("Failure reason", job.failure_reason)


def job_problem(job: TrainingJob) -> Problem | None:
    """Return the Problem of a job that failed or was stopped; None when it completed."""
    if job.status is JobStatus.COMPLETED:
        return None
    reason = job.failure_reason.splitlines()[0] if job.failure_reason else job.secondary_status
    diagnosis = job.diagnosis
    remedy = diagnosis.remedy if diagnosis else Remedy("Read its log", RemedyCommand.LOGS, job.name)
    verb = "failed" if job.status is JobStatus.FAILED else "was stopped"
    return Problem("JobFailed", f"{job.name} {verb}: {reason}", remedy, kind=ProblemKind.JOB)
