"""Parse a past tuning job, whatever created it, into a run that can be edited and launched again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.parse import run_from_request
from jsft_tui.core.request.rerun.clone import ClonedRun, cloned_run
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.tuning import (
    Autotune,
    Choices,
    Completion,
    Hyperband,
    Objective,
    Range,
    Scale,
    Span,
    Strategy,
    Tuning,
    WarmStart,
    WarmStartKind,
)
from jsft_tui.core.tuning.build import DIRECTIONS, SCALES, STRATEGIES, WARM_STARTS
from jsft_tui.core.tuning.choices.tunable import auto_parameters

K = TypeVar("K")


def run_from_tuning(request: Mapping[str, Any], spec: ModelSpec, buckets: ContentBuckets) -> Run:
    """Return the run behind a CreateHyperParameterTuningJob request (or a description with tags).

    Args:
        request: the request.
        spec: the spec of the model that its tags name.
        buckets: the region's content buckets.

    Raises:
        Problem: it has several training job definitions or instance types (code `CannotClone`).
    """
    run = run_from_request(training_request(request), spec, buckets)
    return replace(run, tuning=tuning_of(request, spec))


def cloned_search(request: Mapping[str, Any], spec: ModelSpec, buckets: ContentBuckets) -> ClonedRun:
    """Return the search that comes closest to a tuning job, and what is left out.

    Raises:
        Problem: as `run_from_tuning`, or training data that is not an S3 prefix (code `CannotClone`).
    """
    cloned = cloned_run(training_request(request), spec, buckets)
    return replace(cloned, run=replace(cloned.run, tuning=tuning_of(request, spec)))


def training_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what all trials have in common as a CreateTrainingJob request, with the name of the search.

    Raises:
        Problem: the search has several training job definitions (code `CannotClone`).
    """
    name = str(request["HyperParameterTuningJobName"])
    definition = request.get("TrainingJobDefinition")
    if definition is None:
        remedy = "Write a run file for one of them."
        raise usage("CannotClone", f"{name} has several training job definitions.", remedy)
    resources = definition.get("HyperParameterTuningResourceConfig") or definition.get("ResourceConfig") or {}
    return {
        **definition,
        "TrainingJobName": name,
        "HyperParameters": static_hyperparameters(definition),
        "ResourceConfig": resources,
        "Tags": request.get("Tags") or [],
    }


def static_hyperparameters(definition: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that all trials have, without those that the service adds (`_tuning_objective_metric`)."""
    static: Mapping[str, str] = definition.get("StaticHyperParameters") or {}
    return {name: value for name, value in static.items() if not name.startswith("_tuning_")}


def tuning_of(request: Mapping[str, Any], spec: ModelSpec) -> Tuning:
    """Return the search in a request."""
    config = request["HyperParameterTuningJobConfig"]
    limits = config["ResourceLimits"]
    return Tuning(
        ranges=_ranges(config.get("ParameterRanges") or {}),
        objective=_objective(request, spec),
        strategy=_member(STRATEGIES, config.get("Strategy"), Strategy.BAYESIAN),
        max_jobs=limits.get("MaxNumberOfTrainingJobs"),
        parallel=limits.get("MaxParallelTrainingJobs", 1),
        early_stopping=config.get("TrainingJobEarlyStoppingType") == "Auto",
        max_runtime=limits.get("MaxRuntimeInSeconds"),
        completion=_completion(config.get("TuningJobCompletionCriteria") or {}),
        warm_start=_warm_start(request.get("WarmStartConfig")),
        hyperband=_hyperband((config.get("StrategyConfig") or {}).get("HyperbandStrategyConfig")),
        autotune=_autotune(request, spec),
        random_seed=config.get("RandomSeed"),
    )


def _member(words: Mapping[K, str], word: Any, default: K) -> K:
    return next((member for member, known in words.items() if known == word), default)


def _ranges(given: Mapping[str, Any]) -> dict[str, Range]:
    spans = [*(given.get("ContinuousParameterRanges") or ()), *(given.get("IntegerParameterRanges") or ())]
    lists = given.get("CategoricalParameterRanges") or ()
    return {
        **{
            each["Name"]: Span(each["MinValue"], each["MaxValue"], _member(SCALES, each.get("ScalingType"), Scale.AUTO))
            for each in spans
        },
        **{each["Name"]: Choices(tuple(each["Values"])) for each in lists},
    }


def _objective(request: Mapping[str, Any], spec: ModelSpec) -> Objective | None:
    given = request["HyperParameterTuningJobConfig"].get("HyperParameterTuningJobObjective")
    if given is None:
        return None
    metric, regex = given["MetricName"], None
    if all(known.name != metric for known in spec.metrics):
        definitions = request["TrainingJobDefinition"]["AlgorithmSpecification"].get("MetricDefinitions") or ()
        regex = next((each["Regex"] for each in definitions if each["Name"] == metric), None)
    direction = next((member for member, word in DIRECTIONS.items() if word == given["Type"]), None)
    return Objective(metric, direction, regex)


def _completion(criteria: Mapping[str, Any]) -> Completion | None:
    converged = (criteria.get("ConvergenceDetected") or {}).get("CompleteOnConvergence")
    found = Completion(
        criteria.get("TargetObjectiveMetricValue"),
        (criteria.get("BestObjectiveNotImproving") or {}).get("MaxNumberOfTrainingJobsNotImproving"),
        None if converged is None else converged == "Enabled",
    )
    return None if found == Completion() else found


def _warm_start(config: Mapping[str, Any] | None) -> WarmStart | None:
    if not config:
        return None
    parents = tuple(each["HyperParameterTuningJobName"] for each in config["ParentHyperParameterTuningJobs"])
    return WarmStart(parents, _member(WARM_STARTS, config.get("WarmStartType"), WarmStartKind.TRANSFER))


def _hyperband(config: Mapping[str, Any] | None) -> Hyperband | None:
    return Hyperband(config.get("MinResource"), config.get("MaxResource")) if config else None


def _autotune(request: Mapping[str, Any], spec: ModelSpec) -> Autotune | None:
    if not request.get("Autotune"):
        return None
    ranges = request["HyperParameterTuningJobConfig"].get("ParameterRanges") or {}
    chosen = {each["Name"] for each in ranges.get("AutoParameters") or ()}
    static = decoded_hyperparameters(static_hyperparameters(request["TrainingJobDefinition"]))
    own = auto_parameters(spec, _ranges(ranges), ())
    return Autotune(tuple(name for name in own if name in static and name not in chosen))
