"""Models, endpoint configurations and endpoints as the sandbox stores them. Times are epoch seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.state.job_status import JobStatus

REASON_LIMIT = 1024
"""Characters of a FailureReason."""


@dataclass(frozen=True)
class Resource:
    """Something with a name, a request that made it, and tags.

    Attributes:
        request: the parameters of the Create operation as received, without the tags.
        kind: the word in its ARN.
    """

    region: str
    name: str
    request: Mapping[str, Any]
    created: float
    modified: float
    tags: Mapping[str, str] = field(default_factory=dict)

    kind: ClassVar[str] = ""

    @property
    def arn(self) -> str:
        """Its ARN."""
        return arn_of(self.kind, self.region, self.name)


def arn_of(kind: str, region: str, name: str) -> str:
    """Return the ARN of a SageMaker resource."""
    return f"arn:aws:sagemaker:{region}:{ACCOUNT_ID}:{kind}/{name}"


@dataclass(frozen=True)
class Model(Resource):
    """A model: an image and where its data is."""

    kind: ClassVar[str] = "model"

    @property
    def container(self) -> Mapping[str, Any]:
        """The definition of its only container."""
        found: Mapping[str, Any] = self.request.get("PrimaryContainer") or self.request["Containers"][0]
        return found


@dataclass(frozen=True)
class EndpointConfig(Resource):
    """An endpoint configuration."""

    kind: ClassVar[str] = "endpoint-config"

    @property
    def variants(self) -> list[Mapping[str, Any]]:
        """Its ProductionVariants."""
        return list(self.request["ProductionVariants"])


class EndpointStatus(StrEnum):
    """The values of EndpointStatus that the sandbox uses."""

    CREATING = "Creating"
    UPDATING = "Updating"
    IN_SERVICE = "InService"
    DELETING = "Deleting"
    FAILED = "Failed"

    @property
    def is_changing(self) -> bool:
        """Whether it becomes another one by itself."""
        return self in (EndpointStatus.CREATING, EndpointStatus.UPDATING, EndpointStatus.DELETING)


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint, with all that serving it needs: its configuration and model may be deleted meanwhile.

    Attributes:
        request: the ProductionVariant.
        container: the container of its model.
    """

    request: Mapping[str, Any]
    container: Mapping[str, Any]

    @property
    def name(self) -> str:
        """VariantName."""
        return str(self.request["VariantName"])

    @property
    def instance_type(self) -> str:
        """InstanceType; empty: serverless."""
        return str(self.request.get("InstanceType") or "")

    @property
    def count(self) -> int:
        """InitialInstanceCount; 0: serverless."""
        return int(self.request.get("InitialInstanceCount") or 1) if self.instance_type else 0

    @property
    def weight(self) -> float:
        """InitialVariantWeight; 1 by default."""
        return float(self.request.get("InitialVariantWeight", 1.0))


@dataclass(frozen=True)
class Deployment:
    """What an endpoint serves, or is to serve.

    Attributes:
        config: the name of the endpoint configuration.
        settings: its other members (AsyncInferenceConfig, DataCaptureConfig, ...).
        number: counts the deployments of an endpoint; each has a folder of its own.
        resolved: when its images were chosen.
    """

    config: str
    variants: tuple[Variant, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    number: int = 1
    resolved: float = 0.0

    @property
    def async_config(self) -> Mapping[str, Any] | None:
        """AsyncInferenceConfig; None for an endpoint that answers immediately."""
        return self.settings.get("AsyncInferenceConfig")

    @property
    def total_weight(self) -> float:
        """The sum of the weights."""
        return sum(variant.weight for variant in self.variants)


@dataclass(frozen=True)
class Endpoint(Resource):
    """An endpoint.

    Attributes:
        current: what it serves; None until it is in service.
        coming: what it will serve; None while nothing is changed.
        asleep: variants that were scaled to zero instances.
    """

    status: EndpointStatus = EndpointStatus.CREATING
    failure_reason: str | None = None
    current: Deployment | None = None
    coming: Deployment | None = None
    asleep: tuple[str, ...] = ()

    kind: ClassVar[str] = "endpoint"

    @property
    def shown(self) -> Deployment:
        """What DescribeEndpoint tells of: what it serves, before that what it will serve."""
        found = self.current or self.coming
        assert found is not None
        return found

    def with_status(self, status: EndpointStatus, **changes: Any) -> Endpoint:
        """Return the endpoint in another status."""
        return replace(self, status=status, modified=time.time(), **changes)


@dataclass(frozen=True)
class TransformJob(Resource):
    """A batch transform job.

    Attributes:
        container: the container of its model, which may be deleted while it runs.
        started: when its instances started.
        ended: when it ended.
    """

    container: Mapping[str, Any] = field(default_factory=dict)
    status: JobStatus = JobStatus.IN_PROGRESS
    failure_reason: str | None = None
    started: float | None = None
    ended: float | None = None

    kind: ClassVar[str] = "transform-job"

    def with_end(self, status: JobStatus, reason: str | None = None) -> TransformJob:
        """Return the job after its end."""
        now = time.time()
        reason = reason[:REASON_LIMIT] if reason else None
        return replace(self, status=status, failure_reason=reason, ended=now, modified=now)


@dataclass(frozen=True)
class AsyncRequest(Resource):
    """A request that waits for an asynchronous endpoint."""

    kind: ClassVar[str] = "async-request"

    @property
    def endpoint(self) -> str:
        """The name of the endpoint."""
        return str(self.request["endpoint"])


def read_endpoint(document: Mapping[str, Any]) -> Endpoint:
    """Read an endpoint from its JSON."""
    return Endpoint(
        **{
            **document,
            "status": EndpointStatus(document["status"]),
            "current": _read_deployment(document["current"]),
            "coming": _read_deployment(document["coming"]),
            "asleep": tuple(document["asleep"]),
        }
    )


def read_transform_job(document: Mapping[str, Any]) -> TransformJob:
    """Read a transform job from its JSON."""
    return TransformJob(**{**document, "status": JobStatus(document["status"])})


def _read_deployment(document: Mapping[str, Any] | None) -> Deployment | None:
    if document is None:
        return None
    return Deployment(**{**document, "variants": tuple(Variant(**each) for each in document["variants"])})
