"""Validate and create names of training jobs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

GRAMMAR = re.compile(r"(?!.{64})[a-zA-Z0-9](-*[a-zA-Z0-9])*")
"""TrainingJobName of CreateTrainingJob: at most 63 characters, which its pattern alone does not enforce."""


_WITHIN = re.compile(
    r"(?:^arn:[^/]*:(?:training-job|hyper-tuning-job|hyper-parameter-tuning-job)"
    r"|[#/](?:jobs|hyper-tuning-jobs|training-jobs))/([a-zA-Z0-9-]{1,63})/?$"
)


def name_within(text: str) -> str:
    """Return the name in the ARN, or in the console's address, of a job; empty for anything else."""
    found = _WITHIN.search(text.strip())
    return found[1] if found else ""


def suggest(name: str) -> str:
    """Return the most similar valid name; empty if no character can be kept."""
    return re.sub(r"[^a-zA-Z0-9-]+", "-", name).strip("-")[:63].rstrip("-")


MAX_NAME = 63
"""Maximum length of a training job name (CreateTrainingJob)."""


def next_job_name(base: str, now: float, taken: str) -> str:
    """Return a new name that differs from `taken`, even within the same second."""
    name = job_name(base, now)
    return name if name != taken else job_name(base, now + 1)


def job_name(base: str, now: float) -> str:
    """Return `<base>-YYYYMMDD-HHMMSS`, shortened and cleaned to a valid training job name."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
    stem = re.sub(r"[^a-zA-Z0-9-]+", "-", base).strip("-")[: MAX_NAME - len(stamp) - 1].strip("-")
    return f"{stem or 'job'}-{stamp}"


def is_gone(name: str, code: str) -> bool:
    """Return whether a listed job was deleted since, by the code of the Problem that describing it raised.

    A row whose name no job can have has no job to describe; it is a row all the same.
    """
    return code == "NoSuchJob" and GRAMMAR.fullmatch(name) is not None


TUNING_GRAMMAR = re.compile(r"(?!.{33})[a-zA-Z0-9](-*[a-zA-Z0-9])*")
"""HyperParameterTuningJobName of CreateHyperParameterTuningJob: at most 32 characters."""
MAX_TUNING_NAME = 32
"""Maximum length of a tuning job name."""


def suggest_tuning_name(name: str) -> str:
    """Return the most similar valid name of a search; empty if no character can be kept."""
    return suggest(name)[:MAX_TUNING_NAME].rstrip("-")


def tuning_name(base: str, now: float) -> str:
    """Return `<base>-yymmdd-HHMMSS`, shortened and cleaned to a valid tuning job name."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%y%m%d-%H%M%S")
    return f"{suggest_tuning_name(base)[: MAX_TUNING_NAME - len(stamp) - 1].strip('-') or 'search'}-{stamp}"
