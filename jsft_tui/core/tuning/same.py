"""Compare an existing tuning job with a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.request.same import covers
from jsft_tui.core.tuning.parse import static_hyperparameters


def matches_tuning_request(described: Mapping[str, Any], requested: Mapping[str, Any]) -> bool:
    """Return whether a described tuning job has everything that was requested, and nothing else to try.

    The service adds fields (ARNs, times, counters, `_tuning_objective_metric`); it drops none that were sent. Tags are
    not part of the description.

    Not checked against AWS: that ranges and static hyperparameters come back without other additions.
    """
    wanted = {name: value for name, value in requested.items() if name not in ("Tags", "TrainingJobDefinition")}
    theirs, ours = _definition(described), _definition(requested)
    return (
        covers(described, wanted)
        and covers(theirs, ours)
        and covers(_ranges(requested), _ranges(described))
        and covers(ours.get("StaticHyperParameters"), theirs.get("StaticHyperParameters"))
        and covers(ours.get("Environment"), theirs.get("Environment"))
        and all(requested.get(name) or not described.get(name) for name in ("WarmStartConfig", "Autotune"))
    )


def _definition(request: Mapping[str, Any]) -> dict[str, Any]:
    definition = request.get("TrainingJobDefinition") or {}
    return {**definition, "StaticHyperParameters": static_hyperparameters(definition)}


def _ranges(request: Mapping[str, Any]) -> Any:
    return (request.get("HyperParameterTuningJobConfig") or {}).get("ParameterRanges")
