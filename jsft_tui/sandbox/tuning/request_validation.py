"""Validate CreateHyperParameterTuningJob requests before a tuning job is created.

Not checked against AWS: the wording of all messages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.account import quotas
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.tuning.space import Category, Space
from jsft_tui.sandbox.tuning.trial_request import resources_of, trial_request
from jsft_tui.sandbox.tuning.tuning_store import TuningJob

MOST_JOBS, MOST_RANDOM_JOBS, MOST_TRIALS_OF_PARENTS = 750, 10_000, 500
WIDEST = 1e200
"""Factor between the ends of a range: beyond it, values on its scale are no numbers any more."""


def validate(
    region: str, request: Mapping[str, Any], training: TrainingService, parents: Mapping[str, TuningJob | None]
) -> None:
    """Validate a request.

    Args:
        region: where it runs.
        request: the request.
        training: validates what its trials have in common.
        parents: the tuning jobs that it starts from; None for one that does not exist.

    Raises:
        ApiError: `ValidationException` or `ResourceLimitExceeded`, the first that applies.
    """
    if "TrainingJobDefinition" not in request:
        raise _invalid("The sandbox supports tuning jobs with one TrainingJobDefinition only.")
    config, definition = request["HyperParameterTuningJobConfig"], request["TrainingJobDefinition"]
    _check_objective(config, definition)
    space = _space(config)
    _check_names(space, definition)
    _check_limits(config, space)
    _check_parents(request, parents)
    name = f"{request['HyperParameterTuningJobName']}-001-00000000"
    values = space.values([0.5] * len(space.parameters))
    training.check_request(region, trial_request(request, name, values, {}))
    _check_quota(config, definition)


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def _check_objective(config: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    objective = config.get("HyperParameterTuningJobObjective")
    if objective is None:
        raise _invalid("HyperParameterTuningJobObjective is required for a training job with its own algorithm.")
    defined = {each["Name"] for each in definition["AlgorithmSpecification"].get("MetricDefinitions", [])}
    if objective["MetricName"] not in defined:
        raise _invalid(f"The objective metric {objective['MetricName']} is not defined in MetricDefinitions.")


def _space(config: Mapping[str, Any]) -> Space:
    ranges = config.get("ParameterRanges") or {}
    for kind in ("ContinuousParameterRanges", "IntegerParameterRanges"):
        for each in ranges.get(kind) or ():
            _check_range(each)
    try:
        space = Space.parse(ranges)
    except (ValueError, OverflowError, ZeroDivisionError) as problem:
        raise _invalid(f"ParameterRanges cannot be read: {problem}") from problem
    if not space.parameters:
        raise _invalid("A tuning job needs at least one hyperparameter range.")
    return space


def _check_range(each: Mapping[str, str]) -> None:
    try:
        low, high = float(each["MinValue"]), float(each["MaxValue"])
    except ValueError as problem:
        raise _invalid(f"The range of {each['Name']} is not numeric.") from problem
    if not (math.isfinite(low) and math.isfinite(high) and math.isfinite(high - low)):
        raise _invalid(f"The range of {each['Name']} is not finite.")
    if not low < high:
        raise _invalid(f"MinValue of {each['Name']} must be less than its MaxValue.")
    scale = each.get("ScalingType", "Auto")
    if scale == "Logarithmic" and low <= 0:
        raise _invalid(f"Logarithmic scaling of {each['Name']} works only for values greater than 0.")
    if scale in ("Auto", "Logarithmic") and low > 0 and high / low > WIDEST:
        raise _invalid(f"The range of {each['Name']} is too wide.")
    if scale == "ReverseLogarithmic" and not 0 <= low < high < 1:
        raise _invalid(f"Reverse logarithmic scaling of {each['Name']} works only for values from 0 to below 1.")


def _check_names(space: Space, definition: Mapping[str, Any]) -> None:
    names = [each.name for each in space.parameters]
    static = definition.get("StaticHyperParameters", {})
    twice = {name for name in names if names.count(name) > 1 or name in static}
    if twice:
        raise _invalid(f"Hyperparameters must be static or have one range: {', '.join(sorted(twice))}.")


def _check_limits(config: Mapping[str, Any], space: Space) -> None:
    strategy, limits = config["Strategy"], config["ResourceLimits"]
    jobs, parallel = limits.get("MaxNumberOfTrainingJobs"), limits["MaxParallelTrainingJobs"]
    if strategy == "Grid":
        if not all(isinstance(each, Category) for each in space.parameters):
            raise _invalid("The Grid strategy supports categorical parameters only.")
        every = math.prod(len(each.values) for each in space.parameters if isinstance(each, Category))
        if every > MOST_JOBS:
            raise ApiError(
                "ResourceLimitExceeded", f"The grid has {every} combinations; at most {MOST_JOBS} are tried."
            )
        if jobs is not None and jobs != every:
            raise _invalid(f"MaxNumberOfTrainingJobs must be {every}, the number of combinations of the grid.")
        jobs = every
    if jobs is None:
        raise _invalid(f"MaxNumberOfTrainingJobs is required for the {strategy} strategy.")
    most = MOST_RANDOM_JOBS if strategy == "Random" else MOST_JOBS
    if jobs > most:
        raise ApiError("ResourceLimitExceeded", f"MaxNumberOfTrainingJobs must be at most {most}.")
    if parallel > jobs:
        raise _invalid("MaxParallelTrainingJobs must not be greater than MaxNumberOfTrainingJobs.")
    if strategy == "Hyperband" and config.get("TrainingJobEarlyStoppingType") == "Auto":
        raise _invalid("TrainingJobEarlyStoppingType must be Off for the Hyperband strategy.")
    if config.get("StrategyConfig") and strategy != "Hyperband":
        raise _invalid("HyperbandStrategyConfig can be set for the Hyperband strategy only.")


def _check_parents(request: Mapping[str, Any], parents: Mapping[str, TuningJob | None]) -> None:
    objective = request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    for name, parent in parents.items():
        if parent is None:
            raise _invalid(f"The parent tuning job {name} does not exist.")
        if not parent.status.is_final:
            raise _invalid(f"The parent tuning job {name} has not ended ({parent.status.value}).")
        if parent.config["HyperParameterTuningJobObjective"] != objective:
            raise _invalid(f"The parent tuning job {name} has another objective metric.")
    if sum(len(parent.trials) for parent in parents.values() if parent) > MOST_TRIALS_OF_PARENTS:
        raise _invalid(f"The parent tuning jobs must have at most {MOST_TRIALS_OF_PARENTS} training jobs together.")


def _check_quota(config: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    resources, parallel = resources_of(definition), config["ResourceLimits"]["MaxParallelTrainingJobs"]
    is_spot = bool(definition.get("EnableManagedSpotTraining"))
    name_of = quotas.spot_usage if is_spot else quotas.training_usage
    name = name_of(resources.get("InstanceType", ""))
    wanted, limit = parallel * int(resources.get("InstanceCount", 1)), int(quotas.limit(name))
    if wanted > limit:
        raise ApiError(
            "ResourceLimitExceeded",
            f"The account-level service limit '{name}' is {limit} Instances, with a request delta of {wanted} "
            "Instances. Please use AWS Service Quotas to request an increase for this quota.",
        )
