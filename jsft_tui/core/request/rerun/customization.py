"""A customization job as a run, whatever created it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.core.catalog.job_tags import HUB_NAME_TAG, MODEL_ID_TAG, MODEL_VERSION_TAG
from jsft_tui.core.catalog.spec.hyperparameter import Scope
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.request.parse import tags_of
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc

_TRAIN = {"train": "training"}


def customization_of(request: Mapping[str, Any]) -> Customization | None:
    """Return the customization of a CreateTrainingJob request or a DescribeTrainingJob answer; None for other jobs.

    Raises:
        Problem: a serverless job of another kind, such as an evaluation (code `CannotClone`).
    """
    job = request.get("ServerlessJobConfig") or {}
    if not job:
        return None
    technique = Technique.find(str(job.get("CustomizationTechnique")))
    if technique is None:
        why = f"{clean(str(request.get('TrainingJobName')))} is a serverless job without a technique of jsft's."
        raise usage("CannotClone", why, "Techniques: SFT, DPO, RLVR, RLAIF.")
    package, mlflow = request.get("ModelPackageConfig") or {}, request.get("MlflowConfig") or {}
    texts = {
        "sequence_length": job.get("SequenceLength"),
        "model_package_group": package.get("ModelPackageGroupArn"),
        "source_model_package": package.get("SourceModelPackageArn"),
        "mlflow_app": mlflow.get("MlflowResourceArn"),
        "mlflow_experiment": mlflow.get("MlflowExperimentName"),
        "mlflow_run": mlflow.get("MlflowRunName"),
        "evaluator": job.get("EvaluatorArn"),
    }
    adapter = Adapter.LORA if job.get("Peft") else Adapter.FULL
    return Customization(technique, adapter, **{name: str(value) for name, value in texts.items() if value})


def cloned_customization(request: Mapping[str, Any], wanted: Customization, spec: ModelSpec) -> ClonedRun:
    """Return the run that comes closest to a customization job.

    Args:
        request: a DescribeTrainingJob answer with the job's tags as `Tags`.
        wanted: its customization.
        spec: its model, with the hyperparameters of the recipe.

    Raises:
        Problem: its training data is not in S3 (code `CannotClone`).
    """
    network, output = request.get("VpcConfig"), request.get("OutputDataConfig") or {}
    limit = (request.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds", SERVERLESS_RUNTIME)
    own = {MODEL_ID_TAG, MODEL_VERSION_TAG, HUB_NAME_TAG}
    run = Run(
        name=str(request["TrainingJobName"]),
        model=ModelChoice(spec.model_id, spec.version),
        instance=InstanceChoice(SERVERLESS, max_runtime=int(limit)),
        output=str(output.get("S3OutputPath") or ""),
        data=_data(request),
        hyperparameters=_values(request, spec),
        role=request.get("RoleArn"),
        vpc=Vpc(tuple(network["Subnets"]), tuple(network["SecurityGroupIds"])) if network else None,
        kms=KmsKeys(output=output.get("KmsKeyId") or None),
        tags={key: value for key, value in tags_of(request).items() if key not in own},
        accept_eula=bool((request.get("ServerlessJobConfig") or {}).get("AcceptEula")),
        customization=wanted,
    )
    return ClonedRun(run, tuple(map(clean, _left_out(request, spec))))


def _data(request: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for channel in request.get("InputDataConfig") or ():
        uri = ((channel.get("DataSource") or {}).get("S3DataSource") or {}).get("S3Uri")
        if uri:
            found[_TRAIN.get(channel["ChannelName"], channel["ChannelName"])] = str(uri)
    if "training" not in found:
        why = f"the training data of {clean(str(request['TrainingJobName']))} is not in S3."
        raise usage("CannotClone", why, "Copy it to S3 and write a run file.")
    return found


def _values(request: Mapping[str, Any], spec: ModelSpec) -> dict[str, str]:
    """Return the values that users set: all that the recipe shows, and others that differ from its defaults."""
    found = {}
    for name, value in (request.get("HyperParameters") or {}).items():
        declared = spec.hyperparameter(name)
        if declared and (declared.scope is Scope.ALGORITHM or value != declared.default_text):
            found[name] = value
    return found


def _left_out(request: Mapping[str, Any], spec: ModelSpec) -> Iterator[str]:
    unknown = [name for name in request.get("HyperParameters") or {} if spec.hyperparameter(name) is None]
    if unknown:
        yield f"{', '.join(unknown)} (the recipe has no such hyperparameters)"
    for channel in request.get("InputDataConfig") or ():
        if "S3DataSource" not in (channel.get("DataSource") or {}):
            yield f"channel {channel['ChannelName']} (not an S3 prefix)"
