"""Simulate a wait for capacity: a job can wait in `Starting`, as on AWS when EC2 has no free instance.

A job requests it with the environment variable `JSFT_SANDBOX_CAPACITY_WAIT`: the wait in seconds since creation.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from jsft_tui.sandbox.sagemaker.job_store import Job

VARIABLE = "JSFT_SANDBOX_CAPACITY_WAIT"
LONGEST = 30 * 86_400.0
MESSAGE = "Insufficient capacity error from EC2 while launching instances, retrying!"
"""StatusMessage while EC2 has no capacity (as printed in public issues about CreateTrainingJob)."""


def seconds_left(job: Job) -> float:
    """Return the seconds that the job still has to wait; 0 if it requests no wait or the value is not a number."""
    try:
        wanted = float(job.request.get("Environment", {}).get(VARIABLE, 0))
    except ValueError:
        return 0.0
    return max(0.0, job.created + min(wanted, LONGEST) - time.time()) if math.isfinite(wanted) else 0.0


def without_capacity(job: Job) -> Job:
    """Return the job in the same phase, with a message that says it waits for capacity."""
    past = job.transitions
    if not past or past[-1].message == MESSAGE:
        return job
    return replace(job, transitions=(*past[:-1], replace(past[-1], message=MESSAGE)), modified=time.time())
