"""Endpoints, their configurations and models, as SageMaker describes them. Times are epoch seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsft_tui.core.catalog.job_tags import model_of
from jsft_tui.core.common.aws_status import AwsStatus
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.jobs.members import mapping, rows, seconds_of, text, whole
from jsft_tui.core.serving.deploy.mode import SCALE_TAG, Asynchronous
from jsft_tui.core.serving.life.lifetime import JOB_TAG, SCHEDULE_TAG, expiry
from jsft_tui.core.storage.uri import S3Uri


class EndpointStatus(AwsStatus):
    """EndpointStatus."""

    CREATING = "Creating"
    UPDATING = "Updating"
    SYSTEM_UPDATING = "SystemUpdating"
    ROLLING_BACK = "RollingBack"
    IN_SERVICE = "InService"
    OUT_OF_SERVICE = "OutOfService"
    DELETING = "Deleting"
    FAILED = "Failed"
    UPDATE_ROLLBACK_FAILED = "UpdateRollbackFailed"
    UNKNOWN = "Unknown"

    @property
    def as_status(self) -> Status:
        """Return the status that the endpoint is shown as."""
        return _STATUSES.get(self, Status.RUNNING)

    @property
    def is_billed(self) -> bool:
        """Return whether its instances may run: those of a failed creation and of a deleted endpoint do not."""
        return self not in (EndpointStatus.FAILED, EndpointStatus.DELETING)

    @property
    def is_changing(self) -> bool:
        """Return whether it is on the way to another status; AWS may refuse to change or delete it until then.

        DescribeEndpoint says so of SystemUpdating. Not checked against AWS: which of the others it refuses.
        """
        return self in _CHANGING


_CHANGING = (
    EndpointStatus.CREATING,
    EndpointStatus.UPDATING,
    EndpointStatus.SYSTEM_UPDATING,
    EndpointStatus.ROLLING_BACK,
    EndpointStatus.DELETING,
)

_STATUSES = {
    EndpointStatus.IN_SERVICE: Status.COMPLETED,
    EndpointStatus.OUT_OF_SERVICE: Status.STOPPED,
    EndpointStatus.DELETING: Status.STOPPED,
    EndpointStatus.FAILED: Status.FAILED,
    EndpointStatus.UPDATE_ROLLBACK_FAILED: Status.FAILED,
    EndpointStatus.UNKNOWN: Status.UNKNOWN,
}


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint configuration; the type is empty for serverless variants, which have a memory in MB."""

    name: str
    model: str
    instance_type: str
    count: int
    serverless_mb: int = 0

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Variant:
        """Parse a ProductionVariant from boto3."""
        return cls(
            clean(text(data.get("VariantName"))),
            text(data.get("ModelName")),
            text(data.get("InstanceType")),
            whole(data.get("InitialInstanceCount")) or 0,
            whole(mapping(data.get("ServerlessConfig")).get("MemorySizeInMB")) or 0,
        )


@dataclass(frozen=True)
class EndpointConfig:
    """An endpoint configuration.

    Attributes:
        output: where an asynchronous endpoint puts its answers; empty for others.
    """

    name: str
    variants: tuple[Variant, ...] = ()
    output: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> EndpointConfig:
        """Parse a DescribeEndpointConfig response from boto3."""
        found = [*rows(data.get("ProductionVariants")), *rows(data.get("ShadowProductionVariants"))]
        output = mapping(mapping(data.get("AsyncInferenceConfig")).get("OutputConfig")).get("S3OutputPath")
        return cls(text(data.get("EndpointConfigName")), tuple(map(Variant.parse, found)), text(output))

    @property
    def models(self) -> tuple[str, ...]:
        """Return the names of its models, each once."""
        return tuple(dict.fromkeys(variant.model for variant in self.variants if variant.model))


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, with the variants of its configuration where that could be read.

    Attributes:
        counts: running instances by the name of the variant.
        output: where an asynchronous endpoint puts its answers; empty for others.
        tags: empty where they could not be read.
    """

    name: str
    arn: str
    status: EndpointStatus
    created: float
    config: str
    failure_reason: str = ""
    variants: tuple[Variant, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    output: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any], config: EndpointConfig | None, tags: Mapping[str, str]) -> Endpoint:
        """Parse a DescribeEndpoint response from boto3."""
        counts = {
            clean(text(row.get("VariantName"))): whole(row.get("CurrentInstanceCount"))
            for row in rows(data.get("ProductionVariants"))
        }
        return cls(
            name=text(data.get("EndpointName")),
            arn=text(data.get("EndpointArn")),
            status=EndpointStatus.parse(text(data.get("EndpointStatus"))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            config=text(data.get("EndpointConfigName")),
            failure_reason=clean_block(text(data.get("FailureReason"))),
            variants=config.variants if config else (),
            counts={name: count for name, count in counts.items() if count is not None},
            output=config.output if config else "",
            tags=dict(tags),
        )

    @property
    def instances(self) -> dict[str, int]:
        """Return the number of instances by type: running ones where that is known, else those asked for."""
        found: dict[str, int] = {}
        for each in self.variants:
            if each.instance_type:
                count = self.counts.get(each.name, each.count)
                found[each.instance_type] = found.get(each.instance_type, 0) + count
        return found

    @property
    def variant_names(self) -> tuple[str, ...]:
        """Return the names of its variants, also where its configuration could not be read."""
        return tuple(dict.fromkeys([*(each.name for each in self.variants), *self.counts]))

    @property
    def is_async(self) -> bool:
        """Return whether it takes asynchronous requests, and no others."""
        return bool(self.output)

    @property
    def is_serverless(self) -> bool:
        """Return whether it has no instances."""
        return bool(self.variants) and all(each.serverless_mb for each in self.variants)

    @property
    def is_ours(self) -> bool:
        """Return whether jsft made it."""
        return JOB_TAG in self.tags

    @property
    def job(self) -> str:
        """Return the training job of its model; empty where it is not known."""
        return clean(self.tags.get(JOB_TAG, ""))

    @property
    def model_id(self) -> str:
        """Return its JumpStart model; empty for others."""
        found = model_of(self.tags)
        return clean(found[0]) if found else ""

    @property
    def expires(self) -> float | None:
        """Return when it is to be deleted; None: nobody said so."""
        return expiry(self.tags)

    @property
    def schedule(self) -> str:
        """Return the schedule that deletes it then; empty: only jsft does."""
        return clean(self.tags.get(SCHEDULE_TAG, ""))

    @property
    def waits_to_scale(self) -> Asynchronous | None:
        """Return how it is to scale now that it is in service; None: nothing has to be done, or not yet."""
        most = self.tags.get(SCALE_TAG, "")
        if (
            self.status is not EndpointStatus.IN_SERVICE
            or not self.is_async
            or not self.is_ours
            or not most.isdecimal()
        ):
            return None
        return Asynchronous(S3Uri.parse(self.output), max(1, int(most)))

    def age(self, now: float) -> float:
        """Return the seconds since it was created."""
        return max(0.0, now - self.created)


def instances_in_use(endpoints: Iterable[Endpoint]) -> Counter[str]:
    """Return the instances that endpoints use of their quotas, by type."""
    used: Counter[str] = Counter()
    for each in endpoints:
        if each.status.is_billed:
            used.update(each.instances)
    return used


def is_same_model(described: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """Return whether DescribeModel tells of the model that CreateModel would make: same image, environment, data."""
    theirs, ours = mapping(described.get("PrimaryContainer")), mapping(request.get("PrimaryContainer"))
    members = ("Image", "Environment", "ModelDataUrl")
    return all((theirs.get(name) or None) == (ours.get(name) or None) for name in members) and (
        _prefix(theirs) == _prefix(ours)
    )


def _prefix(container: Mapping[str, Any]) -> str:
    return text(mapping(mapping(container.get("ModelDataSource")).get("S3DataSource")).get("S3Uri"))


def is_same_config(config: EndpointConfig, request: Mapping[str, Any]) -> bool:
    """Return whether an endpoint configuration is the one that a CreateEndpointConfig would make."""
    wanted = EndpointConfig.parse(request)
    return (config.variants, config.output) == (wanted.variants, wanted.output)
