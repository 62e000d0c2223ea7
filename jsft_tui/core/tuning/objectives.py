"""The objective of a search: one of the spec's metrics, or a regular expression of one's own, with its direction.

The direction is the metric's own. The developer guide says "maximize" of LightGBM's and CatBoost's log loss
(lightgbm-tuning, catboost-tuning); it is a loss, and lower is better.
"""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import blocked
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.core.jobs.metrics.objective import by_importance, lower_is_better, objective, short_name
from jsft_tui.core.run.tuning import Direction, Objective, Tuning

NEEDS_REGEX = "Name a metric with a regular expression that finds it in the log: objective: {metric, direction, regex}."


@dataclass(frozen=True)
class ChosenObjective:
    """The objective as it is sent; `regex` only for a metric that the spec does not define."""

    metric: str
    direction: Direction
    regex: str | None = None


def candidates(spec: ModelSpec, instance_type: str) -> list[str]:
    """Return the metrics that a search can have as its objective, the most telling first."""
    return by_importance(dict.fromkeys(metric.name for metric in spec.metrics_on(instance_type)))


def true_direction(metric: str) -> Direction | None:
    """Return the direction that a metric's name tells; None if it tells none."""
    lower = lower_is_better(metric)
    if lower is None:
        return None
    return Direction.MINIMIZE if lower else Direction.MAXIMIZE


def chosen_objective(tuning: Tuning, spec: ModelSpec, instance_type: str) -> ChosenObjective:
    """Return the objective of a search.

    Raises:
        Problem: the model has no metrics (code `NoObjective`) or none of that name (`UnknownMetric`), or its name does
            not tell the direction (`NoDirection`).
    """
    known = candidates(spec, instance_type)
    wanted = tuning.objective or _default(spec, known)
    metric = wanted.metric if wanted.regex else _known_metric(wanted.metric, known, spec)
    direction = wanted.direction or true_direction(metric)
    if direction is None:
        why = f"the name {metric} does not tell whether higher or lower is better."
        raise blocked("NoDirection", why, "Say it: objective: {metric, direction: maximize} or minimize.")
    return ChosenObjective(metric, direction, wanted.regex)


def _default(spec: ModelSpec, known: list[str]) -> Objective:
    best = objective(known)
    if best is None:
        why = "defines no metrics" if not known else "defines no metric whose direction is known"
        raise blocked("NoObjective", f"{spec.model_id} {why}, so a search needs an objective.", NEEDS_REGEX)
    return Objective(best)


def _known_metric(name: str, known: list[str], spec: ModelSpec) -> str:
    if name in known:
        return name
    short = [metric for metric in known if short_name(metric) == name]
    if len(short) == 1:
        return short[0]
    if not known:
        why = f"{spec.model_id} defines no metrics, so {name} needs a regular expression."
        raise blocked("NoObjective", why, NEEDS_REGEX)
    hint = did_you_mean(name, [*known, *map(short_name, known)]) or f"Its metrics: {', '.join(known)}."
    raise blocked("UnknownMetric", f"{spec.model_id} defines no metric {name!r}.", hint)
