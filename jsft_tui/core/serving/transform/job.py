"""Transform jobs as SageMaker describes them. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.aws_status import EndingStatus
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean_block
from jsft_tui.core.jobs.members import mapping, seconds_of, text, whole
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.sizing.pricing import Price


class TransformStatus(EndingStatus):
    """TransformJobStatus."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    UNKNOWN = "Unknown"

    @property
    def as_status(self) -> Status:
        """Return the status that the job is shown as."""
        return Status.RUNNING if self is TransformStatus.STOPPING else super().as_status


@dataclass(frozen=True)
class TransformJob:
    """A transform job; of a row of a list without what only its description has.

    Attributes:
        model: the name of its model.
        started: when its instances were there; None: not yet.
    """

    name: str
    arn: str
    status: TransformStatus
    created: float
    model: str = ""
    data: str = ""
    output: str = ""
    instance_type: str = ""
    count: int = 0
    started: float | None = None
    ended: float | None = None
    failure_reason: str = ""

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> TransformJob:
        """Parse a DescribeTransformJob response, or a row of ListTransformJobs, from boto3."""
        source = mapping(mapping(mapping(answer.get("TransformInput")).get("DataSource")).get("S3DataSource"))
        resources = mapping(answer.get("TransformResources"))
        return cls(
            name=text(answer.get("TransformJobName")),
            arn=text(answer.get("TransformJobArn")),
            status=TransformStatus.parse(text(answer.get("TransformJobStatus"))),
            created=seconds_of(answer.get("CreationTime")) or 0.0,
            model=text(answer.get("ModelName")),
            data=text(source.get("S3Uri")),
            output=text(mapping(answer.get("TransformOutput")).get("S3OutputPath")),
            instance_type=text(resources.get("InstanceType")),
            count=whole(resources.get("InstanceCount")) or 0,
            started=seconds_of(answer.get("TransformStartTime")),
            ended=seconds_of(answer.get("TransformEndTime")),
            failure_reason=clean_block(text(answer.get("FailureReason"))),
        )

    def billed(self, now: float) -> float:
        """Return the seconds for which its instances have run."""
        return 0.0 if self.started is None else max(0.0, (self.ended or now) - self.started)

    def cost(self, prices: Mapping[str, Price], now: float) -> float | None:
        """Return USD so far; None where the price is not known."""
        price = prices.get(self.instance_type)
        return None if price is None else price.usd_per_hour * self.count * self.billed(now) / 3600


def is_same_transform(job: TransformJob, request: Mapping[str, Any]) -> bool:
    """Return whether a transform job is the one that a CreateTransformJob would make."""
    wanted = TransformJob.parse(request)
    members = ("model", "data", "output", "instance_type", "count")
    return all(getattr(job, name) == getattr(wanted, name) for name in members)


def transform_document(job: TransformJob, prices: Mapping[str, Price], now: float) -> dict[str, object]:
    """Return a transform job as a plain value."""
    cost = job.cost(prices, now)
    return {
        "name": job.name,
        "arn": job.arn,
        "status": job.status.value,
        "failure_reason": job.failure_reason or None,
        "model": job.model or None,
        "input": job.data or None,
        "output": job.output or None,
        "instance_type": job.instance_type or None,
        "instance_count": job.count or None,
        "created": iso(job.created),
        "started": iso(job.started),
        "ended": iso(job.ended),
        "billed_seconds": round(job.billed(now)),
        "cost_usd": None if cost is None else round(cost, 4),
    }
