"""The objective of a search: a metric that is found in the log, and its true direction."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsft_tui.core.customization.method import Method
from jsft_tui.core.hyperparameters.conflicts.conflict import Values
from jsft_tui.core.hyperparameters.conflicts.transformers import evaluation_of
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.jobs.metrics.objective import is_held_out, short_name
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.tuning import Direction, Strategy, Tuning
from jsft_tui.core.tuning.objectives import ChosenObjective, chosen_objective, true_direction

_ONCE = ("sklearn-", "autogluon-")
"""Models whose scripts print their score once, at the end."""
_EPOCHS = ("epochs", "epoch", "num_boost_round", "iterations", "n_epochs")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block a search that could not tell its trials apart."""
    tuning = plan.run.tuning
    if tuning is None:
        yield nothing_to_tell("the run is no search.")
        return
    objective = chosen_objective(tuning, plan.spec, plan.run.instance.type)  # its Problem blocks
    yield from _regex(objective)
    told = true_direction(objective.metric)
    if told is not None and told is not objective.direction:
        word = "lower" if told is Direction.MINIMIZE else "higher"
        yield warn(
            f"the search has to {objective.direction.value} {objective.metric}, of which {word} is better by its name.",
            f"Set objective: {{direction: {told.value}}}.",
        )
    values = hyperparameters(plan.run, plan.spec)
    yield from _never_printed(objective, values)
    if tuning.early_stopping or tuning.strategy is Strategy.HYPERBAND:
        yield from _once_only(plan, tuning, objective, values)
    yield passed(
        f"{objective.direction.value} {objective.metric}.",
        headline=f"{objective.direction.value} {short_name(objective.metric)}",
    )


def _regex(objective: ChosenObjective) -> Iterator[CheckResult]:
    if objective.regex is None:
        return
    try:
        groups = re.compile(objective.regex).groups
    except (re.error, RecursionError, OverflowError) as error:
        yield block(f"the regular expression of {objective.metric} cannot be read: {error}.", "Correct it.")
        return
    if not groups:
        message = f"the regular expression of {objective.metric} has no group, so it finds no value."
        yield block(message, "Put the number in brackets: accuracy: ([0-9.]+)")


def _never_printed(objective: ChosenObjective, values: Values) -> Iterator[CheckResult]:
    evaluation = evaluation_of(values)
    if evaluation is not None and evaluation[1] == "no" and is_held_out(objective.metric):
        message = f"{evaluation[0]} is no, so {objective.metric} is never printed."
        yield block(message, f"Set {evaluation[0]} to epoch.")


def _once_only(plan: Plan, tuning: Tuning, objective: ChosenObjective, values: Values) -> Iterator[CheckResult]:
    """Warn where trials cannot be stopped early: that compares the objective epoch by epoch."""
    what = "Hyperband" if tuning.strategy is Strategy.HYPERBAND else "early stopping"
    remedy = "Use the bayesian strategy." if tuning.strategy is Strategy.HYPERBAND else "Set early_stopping: false."
    metric = short_name(objective.metric)
    if plan.spec.model_id.startswith(_ONCE):
        yield warn(f"{plan.spec.framework} prints {metric} once, at the end: {what} has nothing to compare.", remedy)
        return
    evaluation = evaluation_of(values)
    if evaluation is not None and evaluation[1] == "steps" and is_held_out(objective.metric):
        message = f"{evaluation[0]} is steps, so {metric} is not printed once an epoch, as {what} expects."
        yield warn(message, f"Set {evaluation[0]} to epoch.")
    name = next((name for name in _EPOCHS if name in values), None)
    if name is not None and name not in tuning.ranges and values[name] == "1":
        yield warn(f"{name} is 1, so {metric} is printed once: {what} has nothing to compare.", remedy)


SCRIPT = frozenset({Method.SCRIPT})
CHECK = Check("objective", Subject.MODEL, 310, evaluate, methods=SCRIPT, for_searches=True)
