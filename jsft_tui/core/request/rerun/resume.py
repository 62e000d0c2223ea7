"""Incremental training: a run that continues from the model of a previous job."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.jobs.members import text
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.run import Run

SAME_CLASSES = "The data must have the same classes as before"
"""A requirement of the algorithms (jumpstart-facts §2.5: image, text and object detection of TensorFlow)."""


def continued_run(run: Run, job: TrainingJob, spec: ModelSpec) -> Run:
    """Return a run that starts from a job's model instead of JumpStart's weights.

    Args:
        run: a run of the job's model, for example the job's clone.
        job: the previous job.
        spec: the spec of that model.

    Raises:
        Problem: the model does not support it (code `NotIncremental`), or the job left no model (`NoModel`).
    """
    if run.customization is not None:
        return _continued_customization(run, run.customization, job)
    if not spec.incremental_training_supported:
        remedy = Remedy("Clone the job as it is", RemedyCommand.CLONE, job.name)
        raise usage("NotIncremental", f"{spec.model_id} does not support incremental training.", remedy)
    if (missing := _missing(job)) is not None:
        raise missing
    return replace(run, model=replace(run.model, artifact=job.output_path))


def _continued_customization(run: Run, wanted: Customization, job: TrainingJob) -> Run:
    """Return a customization that continues from the registered model of a former one, which LoRA alone can."""
    package = clean(text(job.request.get("OutputModelPackageArn")))
    if not package:
        why = f"{job.name} ({job.status.value}) has registered no model to continue from."
        raise usage("NoModel", why, "Choose a customization that completed.")
    if wanted.adapter is not Adapter.LORA:
        remedy = Remedy("Clone the job as it is", RemedyCommand.CLONE, job.name)
        raise usage("NotIncremental", f"{job.name} trained all weights; only LoRA can be continued.", remedy)
    return replace(run, customization=replace(wanted, source_model_package=package))


def _missing(job: TrainingJob) -> Problem | None:
    """Return why a job has no model.tar.gz to continue from; a stopped job may have one."""
    if job.status not in (JobStatus.COMPLETED, JobStatus.STOPPED) or not job.output_path:
        why = f"{job.name} ({job.status.value}) has no model to continue from."
        return usage("NoModel", why, "Choose a job that ended.")
    if job.uncompressed:
        why = f"the model of {job.name} is uncompressed; training can only continue from a model.tar.gz."
        return usage("NotIncremental", why, Remedy("Clone the job as it is", RemedyCommand.CLONE, job.name))
    return None
