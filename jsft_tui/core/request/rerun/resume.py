"""Incremental training: a run that goes on from the model of a former job."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.run import Run

SAME_CLASSES = "The data must have the same classes as before"
"""What the algorithms ask for (jumpstart-facts §2.5: image, text and object detection of TensorFlow)."""


def continued_run(run: Run, job: TrainingJob, spec: ModelSpec) -> Run:
    """Return a run that starts from a job's model instead of JumpStart's weights.

    Args:
        run: a run of the job's model, for example the job's clone.
        job: the former job.
        spec: the spec of that model.

    Raises:
        Problem: the model cannot (code `NotIncremental`), or the job left nothing to go on from (`NoModel`).
    """
    if not spec.incremental_training_supported:
        remedy = Remedy("Clone the job as it is", RemedyCommand.CLONE, job.name)
        raise usage("NotIncremental", f"{spec.model_id} cannot go on from a former job's model.", remedy)
    if (missing := _missing(job)) is not None:
        raise missing
    return replace(run, model=replace(run.model, artifact=job.output_path))


def _missing(job: TrainingJob) -> Problem | None:
    """Return why a job has no model.tar.gz to continue from; a stopped job may have one."""
    if job.status not in (JobStatus.COMPLETED, JobStatus.STOPPED) or not job.output_path:
        return usage("NoModel", f"{job.name} ({job.status.value}) has no model to go on from.", "Take one that ended.")
    if job.uncompressed:
        why = f"the model of {job.name} is uncompressed; only a model.tar.gz can be gone on from."
        return usage("NotIncremental", why, Remedy("Clone the job as it is", RemedyCommand.CLONE, job.name))
    return None
