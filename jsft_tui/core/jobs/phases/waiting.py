"""Explain what a job waits for: the likely reason, whether the wait is billed, and what to do.

StatusMessage only refines the explanation, as its wording may change (DescribeTrainingJob).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jsft_tui.core.common.durations import clock, format_duration
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob, Transition

_NO_CAPACITY = re.compile(
    r"insufficient ?(?:instance ?)?capacity|unable to provision|waiting for capacity", re.IGNORECASE
)
_UNHEALTHY = re.compile(r"unhealthy", re.IGNORECASE)

MINUTE = 60.0
NO_CAPACITY = "no capacity"
"""What a job waits for that AWS has no instance for."""


@dataclass(frozen=True)
class Waiting:
    """A wait of a job.

    Attributes:
        word: what it waits for, at most two words.
        seconds: time in this phase so far.
        is_long: whether that is longer than usual.
        is_billed: None if unknown.
        text: one line: why, whether it is billed, what to do.
    """

    word: str
    seconds: float
    is_long: bool
    is_billed: bool | None
    text: str


@dataclass(frozen=True)
class _Phase:
    """A phase in which a job can wait.

    Attributes:
        usual: seconds that it takes at most, usually. A rule of thumb: AWS publishes none.
        why: the likely reason for a longer wait.
        advice: what to do.
    """

    usual: float
    why: Callable[[TrainingJob], str]
    advice: str


def _reason(text: str) -> Callable[[TrainingJob], str]:
    return lambda _: text


def _instance(job: TrainingJob) -> str:
    return " and ".join(job.instances) or "the instance"


def _waits_for_capacity(job: TrainingJob) -> str:
    network = ", or for free IP addresses in its subnets" if job.request.get("VpcConfig") else ""
    return f"AWS is most likely waiting for a free {_instance(job)}{network}"


def _was_interrupted(job: TrainingJob) -> str:
    after = "its last checkpoint" if job.request.get("CheckpointConfig") else "the beginning (it has no checkpoint)"
    return f"its spot instance was reclaimed; training continues from {after} when there is capacity"


_STOP_OR_WAIT = "Wait, or stop the job and clone it with another instance type or region."
_STARTING = _Phase(5 * MINUTE, _waits_for_capacity, _STOP_OR_WAIT)
_DOWNLOADING = _Phase(
    15 * MINUTE,
    _reason("there is much data to download, or the connection to S3 is slow (in a VPC: no S3 endpoint)"),
    "Check the size of its data, or stop the job.",
)
_PHASES = {
    "Starting": _STARTING,
    "Pending": _STARTING,
    "LaunchingMLInstances": _STARTING,
    "PreparingTrainingStack": _STARTING,
    "Restarting": _STARTING,
    "Interrupted": _Phase(0, _was_interrupted, "Wait, or stop the job and train on demand."),
    "Downloading": _DOWNLOADING,
    "DownloadingTrainingImage": _Phase(
        15 * MINUTE,
        _reason("the training image is large, or its registry is slow"),
        "Wait, or stop the job.",
    ),
    "Uploading": _Phase(20 * MINUTE, _reason("a large model is being uploaded to S3"), "Wait: training is complete."),
    "Stopping": _Phase(
        10 * MINUTE, _reason("its model is being uploaded (it had two minutes to save it)"), "Wait a little."
    ),
}
_BILLED = {True: " Billed.", False: " Not billed.", None: ""}
UNBILLED = ("Starting", "Pending", "LaunchingMLInstances", "PreparingTrainingStack")
"""Phases before TrainingStartTime, when billing starts (DescribeTrainingJob)."""


def waiting(job: TrainingJob, now: float) -> Waiting | None:
    """Return what a running job waits for; None if it proceeds as usual, or if that is unknown.

    Missing capacity is reported at once, anything else after the phase's usual duration.

    Args:
        job: a job that was described; of others too little is known.
        now: epoch seconds.
    """
    phase, transition = _PHASES.get(job.secondary_status), _current(job)
    if phase is None or transition is None:
        return None
    seconds = transition.seconds(now)
    is_long = seconds >= phase.usual
    billed = _is_billed(job)
    if phase is _STARTING and _NO_CAPACITY.search(transition.message):
        why = f"no capacity for {_instance(job)} right now. SageMaker keeps retrying; waits of an hour are common."
        return Waiting(NO_CAPACITY, seconds, is_long, billed, f"{why}{_BILLED[billed]} {_STOP_OR_WAIT}")
    if phase is _STARTING and _UNHEALTHY.search(transition.message):
        text = f"AWS is replacing an unhealthy instance.{_BILLED[billed]} Wait."
        return Waiting("bad instance", seconds, is_long, billed, text)
    if not is_long:
        return None
    since = f"{job.secondary_status} for {clock(seconds)}"
    usual = f" (usual: up to {format_duration(phase.usual)})" if phase.usual else ""
    text = f"{since}{usual}: {phase.why(job)}.{_BILLED[billed]} {phase.advice}"
    return Waiting(job.secondary_status, seconds, True, billed, text)


def _current(job: TrainingJob) -> Transition | None:
    """Return the current phase if its start is known."""
    if job.status not in (JobStatus.IN_PROGRESS, JobStatus.STOPPING) or not job.transitions:
        return None
    last = job.transitions[-1]
    return last if last.status == job.secondary_status and last.end is None else None


def _is_billed(job: TrainingJob) -> bool | None:
    """Return whether the wait is billed; None if unknown."""
    if job.started is None:
        return False if job.secondary_status in UNBILLED else None
    # A spot job is billed while it has an instance (guide, model-managed-spot-training).
    if job.spot and job.secondary_status in (*UNBILLED, "Interrupted", "Restarting"):
        return False
    return None if job.secondary_status in UNBILLED else True
