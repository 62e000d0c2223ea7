"""The running jobs in one line: kept current at a terminal, printed once for tmux, and when jsft ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from jsft_tui.cli.console.output import for_target, glyph, out, redraw, say
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.context import session_factory_of
from jsft_tui.cli.options import GlobalOptions
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import fit
from jsft_tui.core.jobs.reports.running import RunningReport, going_on, status_line
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.paths import Paths
from jsft_tui.services.jobs.listed.running_jobs import RunningJobs, reports_since
from jsft_tui.services.session.services import Services

REDRAW_EVERY = 5.0
"""Seconds between two looks at the clock: cost and remaining time change, and another process may have asked."""
TMUX_PATIENCE = 1.5
"""Seconds that a tmux status line waits for AWS; the answer is shown the next time then."""
OLD = 3
"""Periods after which a report is doubtful."""
DOUBT = "?"

pause: Callable[[float], None] = time.sleep
"""Waits for some seconds; replaced in tests."""


# At a terminal


def watch(services: Services) -> None:
    """Print the running jobs until ctrl+c: one line that is replaced at a terminal, a line for each change elsewhere.

    Raises:
        Problem: the jobs cannot be listed.
    """
    running = services.running_jobs
    line = _Line()
    try:
        while True:
            report = running.current()
            for name, status in report.ended:
                line.print(f"{glyph(JobStatus.parse(status).as_status)} {name} {status}")
            line.show(_watched(report, running, time.time()))
            pause(min(REDRAW_EVERY, running.period))
    except KeyboardInterrupt:
        line.end()


def _watched(report: RunningReport, running: RunningJobs, now: float) -> str:
    text = status_line(report.jobs, now) or "No jobs are running."
    return f"{text} {DOUBT} {report.problem}".rstrip() if _is_doubtful(report, running, now) else text


def _is_doubtful(report: RunningReport, running: RunningJobs, now: float) -> bool:
    return bool(report.problem) or now - report.asked > OLD * running.period


class _Line:
    """A line at the end of stdout."""

    def __init__(self) -> None:
        self._shown = ""
        self._is_live = is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"

    def show(self, text: str) -> None:
        """Replace the line; nothing is written while it stays the same."""
        if self._is_live:
            text = fit(text, shutil.get_terminal_size().columns - 1)
        if text == self._shown:
            return
        self._shown = text
        if self._is_live:
            redraw(text, sys.stdout)
        else:
            out(text)
        sys.stdout.flush()

    def print(self, text: str) -> None:
        """Print a line above it."""
        if self._is_live:
            redraw("", sys.stdout)
            self._shown = ""
        out(text)

    def end(self) -> None:
        """Leave the line as it is, and begin another."""
        if self._is_live and self._shown:
            out()


# In a status line


def print_for_tmux(options: GlobalOptions) -> None:
    """Print the running jobs once, from the shared file, which another process updates if it is old.

    Whatever goes wrong becomes a `?`: a status line is no place for an error. Only where nothing recent is known, the
    answer is waited for; else it is shown the next time.
    """
    try:
        services = session_factory_of(options).open_running_services()
        text = _updated(services.running_jobs, options)
    except Problem as problem:
        text = "" if problem.code == "SandboxStopped" else DOUBT
    except Exception as error:  # noqa: BLE001  (the report is in the log folder)
        from jsft_tui.crash import write_crash_report

        write_crash_report(error)
        text = DOUBT
    if text:
        out(text.replace("#", "##"))  # tmux reads `#[...]` as a style


def _updated(running: RunningJobs, options: GlobalOptions) -> str:
    report, now = running.cached(), time.time()
    if running.is_due(report) and not running.is_busy():
        update = _update_elsewhere(options)
        if report is None or _is_doubtful(report, running, now):
            with suppress(subprocess.TimeoutExpired):
                update.wait(TMUX_PATIENCE)
            report = running.cached()
    if report is None:
        return DOUBT
    text = status_line(report.jobs, now)
    return f"{text} {DOUBT}".strip() if _is_doubtful(report, running, now) else text


def _update_elsewhere(options: GlobalOptions) -> subprocess.Popen[bytes]:
    """Start a process that asks AWS and outlives this one."""
    command = [sys.executable, "-m", "jsft_tui", "jobs", "--format", "tmux", "--refresh", *_flags(options)]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _flags(options: GlobalOptions) -> list[str]:
    flags = ["--sandbox"] if options.sandbox else []
    flags += ["--read-only"] if options.read_only else []
    for name, value in (("--profile", options.profile), ("--region", options.region), ("--config", options.config)):
        flags += [name, str(value)] if value else []
    return flags


def refresh(options: GlobalOptions) -> None:
    """Ask AWS for what a status line shows, and keep it in the shared file.

    Raises:
        Problem: it cannot be asked.
    """
    session_factory_of(options).open_running_services().running_jobs.current()


# When jsft ends


def say_what_goes_on(options: GlobalOptions, since: float) -> None:
    """Say which jobs go on, according to the lists that were read after a moment (epoch seconds)."""
    for report in reports_since(Paths.from_environment().running, since):
        if text := going_on(report.jobs):
            them = "it" if len(report.jobs) == 1 else "them"
            command = f"jsft {report.flags} jobs --watch" if report.flags else for_target("jsft jobs --watch", options)
            where = " in the sandbox" if report.flags == "--sandbox" else ""
            say(f"{text}{where}. {command} shows {them}.")
