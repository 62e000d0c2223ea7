"""The person's own command, run when a job has ended."""

from __future__ import annotations

import os
import shlex
import subprocess

from jsft_tui.core.errors import Problem, usage
from jsft_tui.core.jobs import TrainingJob


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
