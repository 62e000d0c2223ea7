"""What differs between the programs that launch a training job and those that launch a tuning job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.request.created import JobKind, kind_of
from jsft_tui.core.request.export.members import (
    REQUEST_MEMBERS,
    STRUCTURES,
    TUNING_MEMBERS,
    TUNING_STRUCTURES,
)


@dataclass(frozen=True)
class Resource:
    """An operation that launches, and its names in each client.

    Attributes:
        noun: what is launched, in words.
        operation: as the API names it.
        method: of boto3; the AWS CLI has hyphens instead.
        name: the member of the request with the name.
        arn: the member of the answer with the ARN.
        core: the class of sagemaker-core.
        members: of the request, in the API's order.
        structures: members with a structure -> its name.
        defaulted: members that sagemaker-core takes from its defaults file when they are not given.
        hidden: structures whose twin is in `sagemaker.core.resources`: there the resource `Tag` hides the shape of that
            name in the annotations of all classes after it.
    """

    noun: str
    operation: str
    method: str
    name: str
    arn: str
    core: str
    members: tuple[str, ...]
    structures: Mapping[str, str]
    defaulted: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """Return the command of the AWS CLI."""
        return self.method.replace("_", "-")


RESOURCES = ("Tag",)
"""Structures whose twin for training jobs is in `sagemaker.core.resources`."""

_TRAINING = Resource(
    "training job",
    "CreateTrainingJob",
    "create_training_job",
    "TrainingJobName",
    "TrainingJobArn",
    "TrainingJob",
    REQUEST_MEMBERS,
    STRUCTURES,
    ("VpcConfig", "CheckpointConfig", "DebugHookConfig", "TensorBoardOutputConfig", "ProfilerConfig"),
    hidden=RESOURCES,
)
_TUNING = Resource(
    "hyperparameter tuning job",
    "CreateHyperParameterTuningJob",
    "create_hyper_parameter_tuning_job",
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobArn",
    "HyperParameterTuningJob",
    TUNING_MEMBERS,
    TUNING_STRUCTURES,
    ("VpcConfig", "CheckpointConfig"),
)


def resource_of(request: Mapping[str, Any]) -> Resource:
    """Return the resource that a request creates."""
    return _TUNING if kind_of(request) is JobKind.TUNING else _TRAINING
