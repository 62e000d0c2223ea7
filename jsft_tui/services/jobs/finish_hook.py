"""The person's own command, run when a job has ended: once, however many programs watch it."""

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
"""Seconds for which it is remembered that the command was run for a job; none runs so long (CreateTrainingJob)."""


class FinishHook:
    """The command of the settings, and a folder that says for which jobs it was run already."""

    def __init__(self, command: str | None, folder: Path) -> None:
        self._command = command
        self._folder = folder

    def run(self, job: TrainingJob) -> bool:
        """Run the command for a job that was seen to end, and wait for it; whether it fell to this program to do so.

        Raises:
            Problem: see `run_on_finish`; or it cannot be noted that it is run (code `CannotWrite`).
        """
        if not self._command or not self._claim(job):
            return False
        run_on_finish(self._command, job)
        return True

    def _claim(self, job: TrainingJob) -> bool:
        """Whether no other program has taken the job's end; this one has it now."""
        private_folder(self._folder)
        # A name may be used again after its job was deleted: the time of its creation tells the two apart.
        key = hashlib.sha256(f"{job.arn} {job.created:.0f}".encode()).hexdigest()[:32]
        self._forget_old()
        with writing(self._folder / key):
            try:
                os.close(os.open(self._folder / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError:
                return False
        return True

    def _forget_old(self) -> None:
        for mark in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another program forgets it at the same time
                if time.time() - mark.stat().st_mtime > REMEMBERED:
                    mark.unlink()


def run_on_finish(command: str, job: TrainingJob) -> None:
    """Run a command apart from this terminal, and wait for it.

    The command is split into words as a shell would, but no shell reads it: what is known of the job is in the
    environment variables JSFT_JOB_NAME, JSFT_JOB_STATUS and JSFT_JOB_ARN only.

    Raises:
        Problem: it cannot be read (code `BadConfig`) or started, or it failed (code `OnFinishFailed`).
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise usage("BadConfig", f"on_finish cannot be read: {error}.", "Mend it in config.yaml.") from error
    if not words:
        return
    facts = {"JSFT_JOB_NAME": job.name, "JSFT_JOB_STATUS": job.status.value, "JSFT_JOB_ARN": job.arn}
    nowhere = subprocess.DEVNULL
    try:
        ended = subprocess.run(
            words,
            env={**os.environ, **facts},
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
            check=False,
        )
    except OSError as error:
        raise _failed(words[0], f"cannot be started: {error.strerror}") from error
    if ended.returncode != 0:
        raise _failed(words[0], f"ended with {ended.returncode}")


def _failed(program: str, why: str) -> Problem:
    return Problem("OnFinishFailed", f"on_finish: {program} {why}.", "Check on_finish in config.yaml.")
