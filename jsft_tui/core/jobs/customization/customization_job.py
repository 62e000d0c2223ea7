"""A customization job: technique, progress, tokens, and what it registered and wrote; whoever launched it.

Source: botocore 1.44.8, DescribeTrainingJobResponse; the places of the weights are those that a run of AWS's own sample
wrote (jumpstart-2026 §2.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.catalog.technique import Adapter
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.members import mapping, text, whole
from jsft_tui.core.jobs.training_job import TrainingJob

MERGED, ADAPTER = "checkpoints/hf_merged/", "checkpoints/hf/"
"""Below the output: the whole model, and the low-rank matrices alone."""
MERGE_WEIGHTS = "merge_weights"


@dataclass(frozen=True)
class CustomizationJob:
    """What a customization job is and has done.

    Attributes:
        technique: as the API writes it: `SFT`.
        adapter: `LoRA` or `full`.
        sequence_length: as it was asked for; empty if it was not.
        epoch, epochs: the current one, and their number; None if unknown.
        step, steps: the current one of the epoch, and their number in an epoch.
        tokens: billed tokens; None where the job is not billed by tokens, or not yet.
        package: ARN of the registered model; empty before it is.
        group: ARN of its group.
        source: ARN of the customized model that it continued from; empty for the base model.
        merged: URI of the whole model; empty if there is none.
        adapter_uri: URI of the low-rank matrices; empty if there are none.
        mlflow_app, mlflow_experiment, mlflow_run: where the metrics are; empty if nowhere.
    """

    technique: str
    adapter: str
    sequence_length: str = ""
    epoch: int | None = None
    epochs: int | None = None
    step: int | None = None
    steps: int | None = None
    tokens: int | None = None
    package: str = ""
    group: str = ""
    source: str = ""
    merged: str = ""
    adapter_uri: str = ""
    mlflow_app: str = ""
    mlflow_experiment: str = ""
    mlflow_run: str = ""

    @property
    def title(self) -> str:
        """Return technique, adapter and length."""
        return " ".join(filter(None, (self.technique, self.adapter, self.sequence_length)))

    @property
    def progress(self) -> str:
        """Return epoch and step in words; empty if unknown."""
        parts = (("epoch", self.epoch, self.epochs), ("step", self.step, self.steps))
        return ", ".join(
            f"{word} {now} of {total}" if total is not None else f"{word} {now}"
            for word, now, total in parts
            if now is not None
        )

    @property
    def fraction(self) -> float | None:
        """Return the part of all steps that is done; None if unknown."""
        if not self.steps or not self.epochs or self.epoch is None or self.step is None:
            return None
        done = max(0, self.epoch - 1) * self.steps + self.step
        return min(1.0, done / (self.steps * self.epochs))

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return what is known as labels and texts."""
        pairs = (
            ("Customization", self.title),
            ("Progress", self.progress),
            ("Tokens billed", "" if self.tokens is None else f"{self.tokens:,}"),
            ("Continued from", self.source),
            ("Registered as", self.package or (f"in {self.group}" if self.group else "")),
            ("Merged model", self.merged),
            ("Adapter", self.adapter_uri),
            ("MLflow app", self.mlflow_app),
            ("MLflow run", " / ".join(filter(None, (self.mlflow_experiment, self.mlflow_run)))),
        )
        return [(label, value) for label, value in pairs if value]

    @property
    def copied(self) -> list[tuple[str, str]]:
        """Return what can be copied, exactly as the service has it."""
        pairs = (
            ("Model package", self.package),
            ("Merged model", self.merged),
            ("Adapter", self.adapter_uri),
            ("MLflow app", self.mlflow_app),
            ("MLflow run", self.mlflow_run),
        )
        return [(label, value) for label, value in pairs if value]

    @property
    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "technique": self.technique,
            "adapter": self.adapter,
            "sequence_length": self.sequence_length or None,
            "epoch": self.epoch,
            "epochs": self.epochs,
            "step": self.step,
            "steps_per_epoch": self.steps,
            "tokens_billed": self.tokens,
            "model_package": self.package or None,
            "model_package_group": self.group or None,
            "source_model_package": self.source or None,
            "merged_model": self.merged or None,
            "adapter_uri": self.adapter_uri or None,
            "mlflow_app": self.mlflow_app or None,
            "mlflow_experiment": self.mlflow_experiment or None,
            "mlflow_run": self.mlflow_run or None,
        }


def customization_job(job: TrainingJob) -> CustomizationJob | None:
    """Return what a customization job is and has done; None for any other job."""
    serverless = mapping(job.request.get("ServerlessJobConfig"))
    if not serverless:
        return None
    progress, package = (mapping(job.request.get(name)) for name in ("ProgressInfo", "ModelPackageConfig"))
    is_lora = bool(text(serverless.get("Peft")))
    return CustomizationJob(
        technique=clean(text(serverless.get("CustomizationTechnique")) or text(serverless.get("JobType"))),
        adapter=(Adapter.LORA if is_lora else Adapter.FULL).value,
        sequence_length=clean(text(serverless.get("SequenceLength"))),
        epoch=whole(progress.get("CurrentEpoch")),
        epochs=whole(progress.get("MaxEpoch")),
        step=whole(progress.get("CurrentStep")),
        steps=whole(progress.get("TotalStepCountPerEpoch")),
        tokens=whole(job.request.get("BillableTokenCount")),
        package=clean(text(job.request.get("OutputModelPackageArn"))),
        group=clean(text(package.get("ModelPackageGroupArn"))),
        source=clean(text(package.get("SourceModelPackageArn"))),
        **_weights(job, is_lora=is_lora),
        **_mlflow(job.request),
    )


def _weights(job: TrainingJob, *, is_lora: bool) -> dict[str, str]:
    """Return the places of the weights, once the job has an output."""
    if not job.output_path:
        return {}
    place = clean(job.output_path).rstrip("/") + "/"
    merges = not is_lora or job.hyperparameters.get(MERGE_WEIGHTS, "True").lower() == "true"
    return {
        "merged": f"{place}{MERGED}" if merges else "",
        "adapter_uri": f"{place}{ADAPTER}" if is_lora else "",
    }


def _mlflow(request: Mapping[str, Any]) -> dict[str, str]:
    asked, got = mapping(request.get("MlflowConfig")), mapping(request.get("MlflowDetails"))
    return {
        "mlflow_app": clean(text(asked.get("MlflowResourceArn"))),
        "mlflow_experiment": clean(text(asked.get("MlflowExperimentName")) or text(got.get("MlflowExperimentId"))),
        "mlflow_run": clean(text(got.get("MlflowRunId")) or text(asked.get("MlflowRunName"))),
    }
