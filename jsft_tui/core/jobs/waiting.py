"""What a job waits for that does not get on: likely why, whether that is billed, and what to do about it.

StatusMessage is used to explain only; nothing is decided by it, as its wording may change (DescribeTrainingJob).
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


@dataclass(frozen=True)
class Waiting:
    """A job that waits.

    Attributes:
        word: what for, in two words at the most.
        seconds: how long it has waited in this phase.
        is_long: whether that is longer than usual.
        text: one line: why, whether it is billed, what to do.
    """

    word: str
    seconds: float
    is_long: bool
    text: str


@dataclass(frozen=True)
class _Phase:
    """A phase in which a job may sit.

    Attributes:
        usual: seconds that it usually takes at the most. Rules of thumb: AWS publishes none.
        why: the likely reason for a longer stay.
        advice: what to do.
    """

    usual: float
    why: Callable[[TrainingJob], str]
    advice: str


def _says(text: str) -> Callable[[TrainingJob], str]:
    return lambda _: text


def _machines(job: TrainingJob) -> str:
    return " and ".join(job.instances) or "the instance"


def _seeks_machines(job: TrainingJob) -> str:
    network = ", or for free addresses in its subnets" if job.request.get("VpcConfig") else ""
    return f"AWS most likely looks for a free {_machines(job)}{network}"


def _was_interrupted(job: TrainingJob) -> str:
    after = "its last checkpoint" if job.request.get("CheckpointConfig") else "the beginning (it has no checkpoint)"
    return f"its spot machine was taken back: it goes on from {after} as soon as there is another"


_OTHERWISE = "Wait, or stop it and clone it with another type or region."
_STARTING = _Phase(5 * MINUTE, _seeks_machines, _OTHERWISE)
_DOWNLOADING = _Phase(
    15 * MINUTE,
    _says("there is much data to fetch, or the way to S3 is slow (in a VPC: no S3 endpoint)"),
    "Look at the size of its data, or stop it.",
)
_PHASES = {
    "Starting": _STARTING,
    "Pending": _STARTING,
    "LaunchingMLInstances": _STARTING,
    "PreparingTrainingStack": _STARTING,
    "Restarting": _STARTING,
    "Interrupted": _Phase(0, _was_interrupted, "Wait, or stop it and train on demand."),
    "Downloading": _DOWNLOADING,
    "DownloadingTrainingImage": _Phase(
        15 * MINUTE, _says("the training image is large, or the way to its registry is slow"), "Wait, or stop it."
    ),
    "Uploading": _Phase(20 * MINUTE, _says("a large model is packed and written to S3"), "Wait: the model is trained."),
    "Stopping": _Phase(
        10 * MINUTE, _says("it had two minutes to save what it has, and that is uploaded now"), "Wait a little."
    ),
}
_UNBILLED = ("Starting", "Pending", "LaunchingMLInstances", "PreparingTrainingStack")
"""Before TrainingStartTime, from which on a job is billed (DescribeTrainingJob)."""


def waiting(job: TrainingJob, now: float) -> Waiting | None:
    """What a running job waits for; None when it gets on as usual, or that is not known.

    That there is no capacity is told at once, anything else after the phase's usual time.

    Args:
        job: a job; of one that was not described too little is known.
        now: epoch seconds.
    """
    phase, transition = _PHASES.get(job.secondary_status), _current(job)
    if phase is None or transition is None:
        return None
    seconds = transition.seconds(now)
    is_long = seconds >= phase.usual
    billed = _billed(job)
    if phase is _STARTING and _NO_CAPACITY.search(transition.message):
        text = f"no free {_machines(job)} now, AWS goes on trying; waits of an hour are known.{billed} {_OTHERWISE}"
        return Waiting("no capacity", seconds, is_long, text)
    if phase is _STARTING and _UNHEALTHY.search(transition.message):
        return Waiting("bad machine", seconds, is_long, f"AWS replaces a machine that was not healthy.{billed} Wait.")
    if not is_long:
        return None
    since = f"{job.secondary_status} for {clock(seconds)}"
    usual = f" (usual: up to {format_duration(phase.usual)})" if phase.usual else ""
    return Waiting(job.secondary_status, seconds, True, f"{since}{usual}: {phase.why(job)}.{billed} {phase.advice}")


def _current(job: TrainingJob) -> Transition | None:
    """The phase that the job is in, where it is known since when."""
    if job.status not in (JobStatus.IN_PROGRESS, JobStatus.STOPPING) or not job.transitions:
        return None
    last = job.transitions[-1]
    return last if last.status == job.secondary_status and last.end is None else None


def _billed(job: TrainingJob) -> str:
    """Whether the wait is billed, as a sentence with a blank before it; nothing where that is not known."""
    if job.started is None:
        return " Not billed yet." if job.secondary_status in _UNBILLED else ""
    # A spot job is billed for the time that it has a machine (guide, model-managed-spot-training).
    if job.spot and job.secondary_status in (*_UNBILLED, "Interrupted", "Restarting"):
        return " Not billed."
    return "" if job.secondary_status in _UNBILLED else " Billed."
