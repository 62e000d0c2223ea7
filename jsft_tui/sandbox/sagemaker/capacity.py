"""A wait for capacity, played: a job that asks for one waits in `Starting`, as on AWS when no machine is free.

A job asks with the environment variable `JSFT_SANDBOX_CAPACITY_WAIT`, in seconds since it was created.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from jsft_tui.sandbox.sagemaker.job_store import Job

VARIABLE = "JSFT_SANDBOX_CAPACITY_WAIT"
LONGEST = 30 * 86_400.0
MESSAGE = "Insufficient capacity error from EC2 while launching instances, retrying!"
"""StatusMessage while EC2 has no machine (CreateTrainingJob's messages as printed in public issues)."""


def seconds_left(job: Job) -> float:
    """How long the job still waits; 0 when it does not, or asks for something that is no number."""
    try:
        wanted = float(job.request.get("Environment", {}).get(VARIABLE, 0))
    except ValueError:
        return 0.0
    return max(0.0, job.created + min(wanted, LONGEST) - time.time()) if math.isfinite(wanted) else 0.0


def without_capacity(job: Job) -> Job:
    """The job in the same phase, whose message says what it waits for."""
    past = job.transitions
    if not past or past[-1].message == MESSAGE:
        return job
    return replace(job, transitions=(*past[:-1], replace(past[-1], message=MESSAGE)), modified=time.time())
