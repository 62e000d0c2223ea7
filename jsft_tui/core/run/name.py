"""Names of training jobs: their grammar, and names made for a person."""

from __future__ import annotations

import re
from datetime import UTC, datetime

GRAMMAR = re.compile(r"(?!.{64})[a-zA-Z0-9](-*[a-zA-Z0-9])*")
"""TrainingJobName of CreateTrainingJob: at most 63 characters, which its pattern alone does not say."""


def suggest(name: str) -> str:
    """The nearest name that the service takes; empty when nothing of it can be used."""
    return re.sub(r"[^a-zA-Z0-9-]+", "-", name).strip("-")[:63].rstrip("-")


MAX_NAME = 63
"""Characters of a training job name (CreateTrainingJob)."""


def next_job_name(base: str, now: float, taken: str) -> str:
    """A name for another job than the one that has just taken a name, be it in this very second."""
    name = job_name(base, now)
    return name if name != taken else job_name(base, now + 1)


def job_name(base: str, now: float) -> str:
    """`<base>-YYYYMMDD-HHMMSS`, in the grammar and the length of a training job name."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
    stem = re.sub(r"[^a-zA-Z0-9-]+", "-", base).strip("-")[: MAX_NAME - len(stamp) - 1].strip("-")
    return f"{stem or 'job'}-{stamp}"
