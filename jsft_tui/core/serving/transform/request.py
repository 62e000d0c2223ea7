"""Trained model + what is predicted -> CreateModel and CreateTransformJob.

The requests equal what the SageMaker Python SDK v2's `JumpStartModel.transformer` and `Transformer.transform` send
(2.257.7, compared with the SDK itself). `JumpStartEstimator.transformer` creates a model with the training image,
which serves nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import blocked
from jsft_tui.core.instances.types import family_of
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.serving.invoke.payloads import CSV, IMAGE, JSON, accept_type, content_type
from jsft_tui.core.storage.uri import S3Uri

TRANSFORM_TAG = "jsft:transform-job"
"""On a model: the transform job that it was made for, with which it goes."""

FAMILIES = frozenset(
    "m4 c4 p2 p3 c5 m5 m6i c6i r6i m7i c7i r7i g4dn g5 trn1 inf2 g6 g6e".split()  # noqa: SIM905
)
"""Families of the types that a transform job takes (botocore 1.44.8, TransformInstanceType); others are endpoints'."""

MAX_PAYLOAD_MB = 100
"""MaxPayloadInMB at most (CreateTransformJob)."""


class Split(Enum):
    """What one request to the container is: an object, or lines of it (SplitType)."""

    NONE = "None"
    LINE = "Line"


class Strategy(Enum):
    """How many records a request has (BatchStrategy)."""

    SINGLE = "SingleRecord"
    MULTI = "MultiRecord"


@dataclass(frozen=True)
class Form:
    """In what form the data is, and the answers become.

    Attributes:
        content_type: of the records.
        accept: of the answers.
        split: how objects are divided.
        strategy: None: the service's own, MultiRecord.
    """

    content_type: str
    accept: str
    split: Split = Split.NONE
    strategy: Strategy | None = None


@dataclass(frozen=True)
class Transform:
    """A batch transform, as a person chooses it.

    Attributes:
        data: an object, or a prefix all of whose objects are read.
        output: the prefix of the answers.
        name: of the job and of its model; empty: one that its choices decide, so that repeating it finds the job.
        content_type, accept, split, strategy: empty or None: those of the model's task.
        max_payload_mb: the largest request; None: the service's own, 6.
        max_concurrent: requests to a container at the same time; None: the service's choice.
    """

    data: S3Uri
    output: S3Uri
    instance_type: str = ""
    count: int = 1
    name: str = ""
    role: str = ""
    content_type: str = ""
    accept: str = ""
    split: Split | None = None
    strategy: Strategy | None = None
    max_payload_mb: int | None = None
    max_concurrent: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TransformPlan:
    """A transform with its model."""

    transform: Transform
    form: Form
    deploy: DeployPlan

    @property
    def name(self) -> str:
        """Return the name of the job and of its model."""
        return self.deploy.deployment.name

    @property
    def model(self) -> Mapping[str, Any]:
        """Return the CreateModel request.

        Raises:
            Problem: there is no image for the type, or the model cannot be packed with its code.
        """
        request = dict(self.deploy.requests.model)
        request["Tags"] = [*request["Tags"], {"Key": TRANSFORM_TAG, "Value": self.name}]
        return request

    @property
    def request(self) -> dict[str, Any]:
        """Return the CreateTransformJob request."""
        chosen, form = self.transform, self.form
        data: dict[str, Any] = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": str(chosen.data)}}}
        data["ContentType"] = form.content_type
        output = {"S3OutputPath": str(chosen.output)}
        if form.split is not Split.NONE:
            data["SplitType"] = form.split.value
            output["AssembleWith"] = form.split.value
        output["Accept"] = form.accept
        optional = {
            "BatchStrategy": form.strategy.value if form.strategy else None,
            "MaxConcurrentTransforms": chosen.max_concurrent,
            "MaxPayloadInMB": chosen.max_payload_mb,
        }
        return {
            "TransformJobName": self.name,
            "ModelName": self.name,
            "TransformInput": data,
            "TransformOutput": output,
            "TransformResources": {
                "InstanceCount": chosen.count,
                "InstanceType": self.deploy.deployment.instance_type,
            },
            **{member: value for member, value in optional.items() if value is not None},
            "Tags": self.deploy.requests.endpoint["Tags"],
        }


def default_form(spec: ModelSpec) -> Form:
    """Return the form of a model's task: pictures one by one, rows many at a time, texts and prompts line by line."""
    kind, accept = content_type(spec), accept_type(spec)
    if kind == IMAGE:
        return Form(kind, accept)
    if kind == CSV:
        return Form(kind, accept, Split.LINE)
    return Form(kind, JSON if kind == JSON else accept, Split.LINE, Strategy.SINGLE)


def form_of(transform: Transform, spec: ModelSpec) -> Form:
    """Return the form of a transform: what it says, else what is usual for the model's task."""
    usual = default_form(spec)
    return Form(
        transform.content_type or usual.content_type,
        transform.accept or usual.accept,
        transform.split or usual.split,
        transform.strategy or usual.strategy,
    )


def default_name(job: str, transform: Transform) -> str:
    """Return a name that the same choices give again: that of the job with a part that differs where they do."""
    said = (
        *(str(transform.data), str(transform.output), transform.instance_type, transform.count, transform.role),
        *(transform.content_type, transform.accept, transform.split and transform.split.value),
        *(transform.strategy and transform.strategy.value, transform.max_payload_mb, transform.max_concurrent),
    )
    digest = hashlib.sha256(json.dumps([job, *said]).encode()).hexdigest()[:8]
    return f"{job[:54].rstrip('-')}-{digest}"


def check_transformable(trained: TrainedModel) -> None:
    """Refuse what a batch transform cannot use.

    Raises:
        Problem: the model is not compressed (code `NotTransformable`).
    """
    if trained.is_uncompressed:
        # ModelDataSource, botocore 1.44.8: such models "cannot be used in batch transform".
        message = f"the model of {trained.job} is not compressed, which batch transform does not take."
        raise blocked("NotTransformable", message, f"Deploy it instead: jsft deploy {trained.job} --async s3://…")


def is_transform_type(name: str) -> bool:
    """Return whether a transform job takes an instance type."""
    return family_of(name) in FAMILIES


def deployment_of(transform: Transform, trained: TrainedModel, instance_type: str) -> Deployment:
    """Return the deployment whose model a transform uses."""
    return Deployment(
        name=transform.name or default_name(trained.job, transform),
        instance_type=instance_type,
        count=transform.count,
        role=transform.role or trained.role,
        tags=dict(transform.tags),
    )
