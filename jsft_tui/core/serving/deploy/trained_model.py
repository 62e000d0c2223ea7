"""The model that a training job made, as far as deploying it needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.members import mapping, text
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.storage.uri import S3Uri


@dataclass(frozen=True)
class TrainedModel:
    """A trained model and where it is.

    Attributes:
        job: the name of the training job.
        model_id: the JumpStart model that was trained.
        artifact: the URI of the model.tar.gz, or the prefix of an uncompressed model.
        is_uncompressed: whether it is a prefix.
        trained_on: the instance type of the training.
        role: the role of the training.
        vpc: the network of the training (VpcConfig); empty: none.
        tags: those of the training job.
    """

    job: str
    model_id: str
    version: str
    artifact: S3Uri
    is_uncompressed: bool = False
    trained_on: str = ""
    role: str = ""
    vpc: Mapping[str, object] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def trained_model(job: TrainingJob) -> TrainedModel:
    """Return what a job trained.

    Raises:
        Problem: it has not completed, is no JumpStart job, or its result is no model that CreateModel takes alone.
    """
    if refused := not_deployable(job):
        raise refused
    return TrainedModel(
        job=job.name,
        model_id=job.model_id or "",
        version=job.model_version or "*",
        artifact=S3Uri.parse(job.output_path or ""),
        is_uncompressed=job.uncompressed,
        trained_on=job.instance_type,
        role=text(job.request.get("RoleArn")),
        vpc=mapping(job.request.get("VpcConfig")),
        tags=job.tags,
    )


def not_deployable(job: TrainingJob) -> Problem | None:
    """Return why a job's result cannot be deployed; None when it can be."""
    if job.is_serverless:
        # Adapters are inference components over the base model (jumpstart-2026 §2.8), another request altogether.
        message = f"{job.name} is a serverless customization, whose result jsft cannot deploy yet."
        return blocked("CustomizationNotDeployable", message, "Deploy it in SageMaker Studio, or with ModelBuilder.")
    if job.is_recipe_job:
        message = f"{job.name} is a customization by a recipe, whose result jsft cannot deploy yet."
        return blocked("CustomizationNotDeployable", message, "Deploy it in SageMaker Studio, or with ModelBuilder.")
    if not job.model_id:
        message = f"{job.name} is no JumpStart job: which container serves its model is not known."
        return blocked("NotJumpStart", message, "Deploy it with the code that trained it.")
    if job.status is not JobStatus.COMPLETED:
        message = f"{job.name} is {job.status.value}: only a completed job has a model."
        return blocked("JobNotCompleted", message, Remedy("Look at the job", RemedyCommand.JOB, job.name))
    if not job.output_path:
        return blocked("NoArtifact", f"{job.name} names no model in S3.", "Deploy another job.")
    return None
