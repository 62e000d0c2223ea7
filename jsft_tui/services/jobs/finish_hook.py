"""The user's `on_finish` command: run once when a job ends, however many processes watch the job."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.paths import private_folder, writing

REMEMBERED = 60 * 86_400.0
"""Seconds for which the markers are kept; no job runs that long (CreateTrainingJob)."""


class FinishHook:
    """The configured command, and a folder with a marker for each job that it was run for."""

    def __init__(self, command: str | None, folder: Path) -> None:
        self._command = command
        self._folder = folder

    def run(self, job: TrainingJob) -> bool:
        """Run the command for a job that has ended, and wait for it; return False if another process runs it.

        Raises:
            Problem: see `run_on_finish`; or the marker cannot be written (code `CannotWrite`).
        """
        if not self._command or not self._claim(job):
            return False
        run_on_finish(self._command, job)
        return True

    def _claim(self, job: TrainingJob) -> bool:
        """Create the marker of the job; return False if another process created it first."""
        private_folder(self._folder)
        # A name can be reused after its job was deleted: the creation time tells the two jobs apart.
        key = hashlib.sha256(f"{job.arn} {job.created:.0f}".encode()).hexdigest()[:32]
        self._delete_old_markers()
        with writing(self._folder / key):
            try:
                os.close(os.open(self._folder / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError:
                return False
        return True

    def _delete_old_markers(self) -> None:
        for marker in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process deletes it at the same time
                if time.time() - marker.stat().st_mtime > REMEMBERED:
                    marker.unlink()


def run_on_finish(command: str, job: TrainingJob) -> None:
    """Run a command detached from this terminal, and wait for it.

    The command is split into words as a shell would, but no shell runs it: the job's values are passed in the
    environment variables JSFT_JOB_NAME, JSFT_JOB_STATUS, and JSFT_JOB_ARN only, so they cannot inject a command.

    Raises:
        Problem: it cannot be parsed (code `BadConfig`) or started, or it failed (code `OnFinishFailed`).
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise usage("BadConfig", f"on_finish cannot be parsed: {error}.", "Fix it in config.yaml.") from error
    if not words:
        return
    variables = {"JSFT_JOB_NAME": job.name, "JSFT_JOB_STATUS": job.status.value, "JSFT_JOB_ARN": job.arn}
    devnull = subprocess.DEVNULL
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **variables},
            stdin=devnull,
            stdout=devnull,
            stderr=devnull,
            start_new_session=True,
            check=False,
        )
    except OSError as error:
        raise _failed(words[0], f"cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        raise _failed(words[0], f"exited with code {done.returncode}")


def _failed(program: str, reason: str) -> Problem:
    return Problem("OnFinishFailed", f"on_finish: {program} {reason}.", "Check on_finish in config.yaml.")
