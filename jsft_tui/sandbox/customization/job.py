"""What a serverless job runs, reads and leaves: its channels, its command, its progress, and its model package."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.core.customization.log_metrics import LOG_METRICS
from jsft_tui.sandbox.customization.request_check import SERVERLESS, Registry
from jsft_tui.sandbox.seed.base.locations import BASE_MODEL, content_bucket
from jsft_tui.sandbox.trainers.customization.parameters import off_list, parameters_of

INSTANCE = "serverless"
"""Stands for the instance type, which the platform chooses and does not tell."""
BASE_MODELS = "JSFT_BASE_MODELS"
"""Environment variable with the folder in which the trainer keeps base models."""
COMMAND = (sys.executable, "-u", "-m", "jsft_tui.sandbox.trainers.customization")
METRICS = tuple({"Name": name, "Regex": expression} for name, expression in LOG_METRICS)
"""What the sandbox publishes in CloudWatch. On AWS, the metrics of open models are in MLflow only."""
MERGED, ADAPTER = "checkpoints/hf_merged/", "checkpoints/hf/"
_PROGRESS_SECONDS = 0.3


def platform_channels(request: Mapping[str, Any], region: str, registry: Registry) -> dict[str, str]:
    """Return the channels that the platform adds: the base model, and the customized model to continue from."""
    channels = {"model": f"s3://{content_bucket(region)}/{BASE_MODEL}"}
    if source := (request.get("ModelPackageConfig") or {}).get("SourceModelPackageArn"):
        container = registry.packages.package(region, source)["InferenceSpecification"]["Containers"][0]
        weights = str(container["ModelDataSource"]["S3DataSource"]["S3Uri"])
        channels["source_model"] = weights.removesuffix(MERGED).removesuffix(ADAPTER)
    return channels


@dataclass(frozen=True)
class Values:
    """The hyperparameters of a job as its trainer gets them.

    Attributes:
        used: all that the trainer knows.
        replaced: values off their lists, with what is used instead.
        ignored: names that the trainer does not know.
    """

    used: Mapping[str, str]
    replaced: Mapping[str, str]
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Values:
        """Return those of a request."""
        config, given = request[SERVERLESS], dict(request.get("HyperParameters", {}))
        declared = parameters_of(config["CustomizationTechnique"], has_adapter=bool(config.get("Peft")))
        replaced, names = off_list(given, declared), {each.name for each in declared}
        used = {name: value for name, value in (given | replaced).items() if name in names}
        return cls(used, replaced, tuple(sorted(given.keys() - names)))

    def lines(self, request: Mapping[str, Any]) -> list[str]:
        """Return what the log says of them."""
        given = request.get("HyperParameters", {})
        lines = [
            f"{name} {given[name]} is not on the recipe's list; as on AWS, {value} is used instead"
            for name, value in self.replaced.items()
        ]
        if self.ignored:
            lines.append(f"hyperparameters without effect on this trainer: {', '.join(self.ignored)}")
        return lines


def log_lines(request: Mapping[str, Any]) -> list[str]:
    """Return what the sandbox itself says in a job's log before it starts."""
    lines = Values.of(request).lines(request)
    if request.get("MlflowConfig"):
        lines.append("there is no MLflow server here: metrics are in this log and in CloudWatch")
    return lines


def write_config(folder: Path, request: Mapping[str, Any]) -> None:
    """Write the job's ServerlessJobConfig into its folder `input/config`."""
    (folder / "serverlessjobconfig.json").write_text(json.dumps(request[SERVERLESS], indent=1))


class ProgressFile:
    """The progress that a trainer writes."""

    def __init__(self, base: Path) -> None:
        self._file = base / "output/progress.json"
        self._next = 0.0
        self._last: Mapping[str, int] = {}

    def changed(self) -> Mapping[str, int] | None:
        """Return the progress if it is new; the file is looked at every few tenths of a second."""
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + _PROGRESS_SECONDS
        return self.last()

    def last(self) -> Mapping[str, int] | None:
        """Return the progress if it is new; look at the file in any case."""
        try:
            document = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return None
        if document == self._last:
            return None
        self._last = document
        return self._last


def package_members(request: Mapping[str, Any], registry: Registry, region: str, artifacts: str) -> dict[str, Any]:
    """Return what DescribeModelPackage says of a job's model."""
    config = request[SERVERLESS]
    model = registry.catalog.of_arn(config["BaseModelArn"], region)
    recipe = model and model.recipe(
        config["CustomizationTechnique"], config.get("Peft") or "", config.get("SequenceLength") or ""
    )
    is_merged = not config.get("Peft") or Values.of(request).used.get("merge_weights", "True").lower() == "true"
    source = {"S3Uri": artifacts + (MERGED if is_merged else ADAPTER), "S3DataType": "S3Prefix"}
    base = {
        "HubContentName": model.model_id if model else "",
        "HubContentVersion": model.version if model else "",
        "RecipeName": str(recipe["name"]) if recipe else "",
    }
    container = {
        "ModelDataSource": {"S3DataSource": {**source, "CompressionType": "None"}},
        "BaseModel": {name: value for name, value in base.items() if value},
        "IsCheckpoint": not is_merged,
    }
    return {"InferenceSpecification": {"Containers": [container]}, "SourceUri": artifacts}
