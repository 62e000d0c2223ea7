"""Run + model spec -> CreateHyperParameterTuningJob.

The result equals what the SageMaker Python SDK v2's HyperparameterTuner sends for a JumpStartEstimator (2.257.7,
recorded for real specs), but for the job name in `sagemaker_job_name` (the SDK's names no job) and for autotune, which
the SDK also gives plumbing, texts and switches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterType
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.tuning import (
    Choices,
    Completion,
    Direction,
    Hyperband,
    Scale,
    Strategy,
    Tuning,
    WarmStart,
    WarmStartKind,
)
from jsft_tui.core.tuning.choices.tunable import auto_parameters
from jsft_tui.core.tuning.objectives import ChosenObjective, chosen_objective

STRATEGIES = {
    Strategy.BAYESIAN: "Bayesian",
    Strategy.RANDOM: "Random",
    Strategy.HYPERBAND: "Hyperband",
    Strategy.GRID: "Grid",
}
SCALES = {
    Scale.AUTO: "Auto",
    Scale.LINEAR: "Linear",
    Scale.LOG: "Logarithmic",
    Scale.REVERSE_LOG: "ReverseLogarithmic",
}
DIRECTIONS = {Direction.MAXIMIZE: "Maximize", Direction.MINIMIZE: "Minimize"}
WARM_STARTS = {WarmStartKind.IDENTICAL: "IdenticalDataAndAlgorithm", WarmStartKind.TRANSFER: "TransferLearning"}
"""The API's words."""

_OF_THE_TRIALS = (
    "RoleArn",
    "InputDataConfig",
    "VpcConfig",
    "OutputDataConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "Environment",
)
"""Members of CreateTrainingJob that HyperParameterTrainingJobDefinition has under the same names."""


def request_of(run: Run, spec: ModelSpec, place: Place) -> dict[str, Any]:
    """Build what launches a run: CreateTrainingJob, or for a search CreateHyperParameterTuningJob.

    Raises:
        Problem: no image, weights, dataset or objective for this choice (kind BLOCKED).
    """
    if run.tuning is None:
        return build_request(run, spec, place)
    return build_tuning_request(run, run.tuning, spec, place)


def build_tuning_request(run: Run, tuning: Tuning, spec: ModelSpec, place: Place) -> dict[str, Any]:
    """Build the CreateHyperParameterTuningJob request.

    Raises:
        Problem: no image, weights, dataset or objective for this choice (kind BLOCKED).
    """
    training = build_request(run, spec, place)
    objective = chosen_objective(tuning, spec, run.instance.type)
    automatic = _automatic(tuning, spec, training["HyperParameters"])
    request = {
        "HyperParameterTuningJobName": run.name,
        "HyperParameterTuningJobConfig": _config(tuning, spec, objective, automatic),
        "Autotune": {"Mode": "Enabled"} if tuning.autotune is not None else None,
        "TrainingJobDefinition": _definition(training, tuning, objective, automatic),
        "WarmStartConfig": _warm_start(tuning.warm_start),
        "Tags": training.get("Tags"),
    }
    return {key: value for key, value in request.items() if value}


def _automatic(tuning: Tuning, spec: ModelSpec, values: Mapping[str, str]) -> dict[str, str] | None:
    """Return the values that hint at the ranges that autotune chooses; None without autotune."""
    if tuning.autotune is None:
        return None
    names = auto_parameters(spec, tuning.ranges, tuning.autotune.keep)
    return {name: values[name] for name in names if name in values}


def _config(
    tuning: Tuning, spec: ModelSpec, objective: ChosenObjective, automatic: Mapping[str, str] | None
) -> dict[str, Any]:
    config = {
        "Strategy": STRATEGIES[tuning.strategy],
        "StrategyConfig": _hyperband(tuning.hyperband),
        "HyperParameterTuningJobObjective": {
            "Type": DIRECTIONS[objective.direction],
            "MetricName": objective.metric,
        },
        "ResourceLimits": _limits(tuning),
        "ParameterRanges": _ranges(tuning, spec, automatic),
        "TrainingJobEarlyStoppingType": "Auto" if tuning.early_stopping else "Off",
        "TuningJobCompletionCriteria": _completion(tuning.completion),
        "RandomSeed": tuning.random_seed,
    }
    return {key: value for key, value in config.items() if value is not None}


def _limits(tuning: Tuning) -> dict[str, int]:
    limits = {
        # A grid has as many as combinations; the service counts them itself (HyperParameterTuningJobConfig, Strategy).
        "MaxNumberOfTrainingJobs": tuning.max_jobs if tuning.strategy is Strategy.GRID else tuning.jobs,
        "MaxParallelTrainingJobs": tuning.parallel,
        "MaxRuntimeInSeconds": tuning.max_runtime,
    }
    return {key: value for key, value in limits.items() if value is not None}


def _ranges(tuning: Tuning, spec: ModelSpec, automatic: Mapping[str, str] | None) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    if tuning.ranges:
        # The SDK sends all three kinds, empty ones as well.
        found = {"ContinuousParameterRanges": [], "CategoricalParameterRanges": [], "IntegerParameterRanges": []}
    for name, tried in tuning.ranges.items():
        if isinstance(tried, Choices):
            found["CategoricalParameterRanges"].append({"Name": name, "Values": list(tried.values)})
        else:
            found[_kind(name, spec)].append(
                {
                    "Name": name,
                    "MinValue": tried.minimum,
                    "MaxValue": tried.maximum,
                    "ScalingType": SCALES[tried.scale],
                }
            )
    if automatic is not None:
        found["AutoParameters"] = [{"Name": name, "ValueHint": value} for name, value in automatic.items()]
    return found


def _kind(name: str, spec: ModelSpec) -> str:
    declared = spec.hyperparameter(name)
    whole = declared is not None and declared.type is HyperparameterType.INT
    return "IntegerParameterRanges" if whole else "ContinuousParameterRanges"


def _completion(completion: Completion | None) -> dict[str, Any] | None:
    if completion is None:
        return None
    criteria: dict[str, Any] = {}
    if completion.target is not None:
        criteria["TargetObjectiveMetricValue"] = completion.target
    if completion.not_improving is not None:
        criteria["BestObjectiveNotImproving"] = {"MaxNumberOfTrainingJobsNotImproving": completion.not_improving}
    if completion.converged is not None:
        word = "Enabled" if completion.converged else "Disabled"
        criteria["ConvergenceDetected"] = {"CompleteOnConvergence": word}
    return criteria or None


def _hyperband(limits: Hyperband | None) -> dict[str, Any] | None:
    if limits is None:
        return None
    given = {"MinResource": limits.min_resource, "MaxResource": limits.max_resource}
    return {"HyperbandStrategyConfig": {key: value for key, value in given.items() if value is not None}}


def _warm_start(warm_start: WarmStart | None) -> dict[str, Any] | None:
    if warm_start is None:
        return None
    return {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": name} for name in warm_start.parents],
        "WarmStartType": WARM_STARTS[warm_start.kind],
    }


def _definition(
    training: Mapping[str, Any],
    tuning: Tuning,
    objective: ChosenObjective,
    automatic: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return what every trial has in common."""
    searched = {*tuning.ranges, *(automatic or {})}
    static = {name: value for name, value in training["HyperParameters"].items() if name not in searched}
    # HyperParameterTuningResourceConfig has no warm pool.
    resources = {
        name: value for name, value in training["ResourceConfig"].items() if name != "KeepAlivePeriodInSeconds"
    }
    return {
        "StaticHyperParameters": static,
        "AlgorithmSpecification": _algorithm(training["AlgorithmSpecification"], objective),
        "HyperParameterTuningResourceConfig": resources,
        **{name: training[name] for name in _OF_THE_TRIALS if name in training},
    }


def _algorithm(algorithm: Mapping[str, Any], objective: ChosenObjective) -> dict[str, Any]:
    if objective.regex is None:
        return dict(algorithm)
    others = [metric for metric in algorithm.get("MetricDefinitions", []) if metric["Name"] != objective.metric]
    return {**algorithm, "MetricDefinitions": [*others, {"Name": objective.metric, "Regex": objective.regex}]}
