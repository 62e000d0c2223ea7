"""What a request creates: a training job, or a tuning job; its name, its role, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class JobKind(Enum):
    """The kinds of jobs that are launched; the values are words for people, and names in the launch journal."""

    TRAINING = "training job"
    TUNING = "tuning job"

    @property
    def name_member(self) -> str:
        """Return the member of the request that has the job's name."""
        return "TrainingJobName" if self is JobKind.TRAINING else "HyperParameterTuningJobName"


@dataclass(frozen=True)
class CreatedJob:
    """A job of either kind as its description says it.

    Attributes:
        status: as AWS names it.
        request: the description itself.
    """

    kind: JobKind
    name: str
    arn: str
    status: str
    request: Mapping[str, Any]


def kind_of(request: Mapping[str, Any]) -> JobKind:
    """Return what a request creates."""
    return JobKind.TUNING if JobKind.TUNING.name_member in request else JobKind.TRAINING


def name_of(request: Mapping[str, Any]) -> str:
    """Return the name of what a request creates; empty if it names nothing."""
    return str(request.get(kind_of(request).name_member, ""))


def role_of(request: Mapping[str, Any]) -> str:
    """Return the execution role of a request."""
    definition = request.get("TrainingJobDefinition") or {}
    return str(request.get("RoleArn") or definition.get("RoleArn") or "")


def without_members(request: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return a request without some members, neither its own nor those of its training job definition."""
    kept = {name: value for name, value in request.items() if name not in names}
    definition = kept.get("TrainingJobDefinition")
    if isinstance(definition, Mapping):
        kept["TrainingJobDefinition"] = {name: value for name, value in definition.items() if name not in names}
    return kept
