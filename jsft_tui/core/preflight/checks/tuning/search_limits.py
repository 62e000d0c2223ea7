"""The limits of CreateHyperParameterTuningJob on numbers, and settings that exclude each other.

Sources: botocore's service model of SageMaker (2017-07-24); developer guide, automatic-model-tuning-limits and
automatic-model-tuning-early-stopping.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import did_you_mean, plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.build import environment
from jsft_tui.core.run.tuning import Strategy, Tuning

MOST_JOBS, MOST_RANDOM_JOBS = 750, 10_000
USUAL_PARALLEL, MOST_PARALLEL = 10, 100
LEAST_NOT_IMPROVING = 3
SHORTEST_SEARCH, LONGEST_SEARCH = 120, 30 * 86_400
MAX_VARIABLES = 48
"""HyperParameterTrainingJobEnvironmentMap; a training job takes 100."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block values that CreateHyperParameterTuningJob would refuse."""
    tuning = plan.run.tuning
    if tuning is None:
        yield nothing_to_tell("the run is no search.")
        return
    if plan.run.method is not Method.SCRIPT:
        yield block(
            "a search trains by the model's training script, not by a recipe.", "Remove customization, or tuning."
        )
        return
    wrong = [*_jobs(tuning), *_times(tuning), *_strategy(tuning), *_environment(plan), *_names(tuning, plan)]
    yield from wrong
    if plan.run.instance.keep_alive:
        yield warn("a search has no warm pools: keep_alive is not sent.", "Remove keep_alive.")
    if not wrong:
        at_once = f", {tuning.parallel} at a time" if tuning.parallel > 1 else ""
        yield passed(
            f"{plural(tuning.jobs, 'trial')}{at_once}, {tuning.strategy.value}.",
            headline=f"{plural(tuning.jobs, 'trial')}{at_once}",
        )


def _jobs(tuning: Tuning) -> Iterator[CheckResult]:
    most = MOST_RANDOM_JOBS if tuning.strategy is Strategy.RANDOM else MOST_JOBS
    if tuning.jobs > most:
        yield block(f"max_jobs {tuning.jobs} is more than the {most} of a {tuning.strategy.value} search.", "Lower it.")
    if tuning.parallel > MOST_PARALLEL:
        yield block(f"parallel {tuning.parallel} is more than the maximum of {MOST_PARALLEL}.", "Lower it.")
    elif tuning.parallel > USUAL_PARALLEL:
        remedy = "Ask for a higher quota, or lower it."
        yield warn(f"parallel {tuning.parallel} is more than the usual quota of {USUAL_PARALLEL}.", remedy)
    if tuning.parallel > tuning.jobs:
        yield block(f"parallel {tuning.parallel} is more than max_jobs {tuning.jobs}.", "Lower parallel.")
    done = tuning.completion
    if done is not None and done.not_improving is not None and done.not_improving < LEAST_NOT_IMPROVING:
        yield block(f"completion.not_improving is {done.not_improving}; the minimum is {LEAST_NOT_IMPROVING}.")


def _times(tuning: Tuning) -> Iterator[CheckResult]:
    limit = tuning.max_runtime
    if limit is not None and not SHORTEST_SEARCH <= limit <= LONGEST_SEARCH:
        yield block(f"tuning.max_runtime is {format_duration(limit)}; a search takes 2m to 30d.")


def _strategy(tuning: Tuning) -> Iterator[CheckResult]:
    every = tuning.combinations
    if tuning.strategy is Strategy.GRID and every is not None and tuning.jobs != every:
        message = f"a grid tries every combination, {every} here, and max_jobs is {tuning.jobs}."
        yield block(message, f"Set max_jobs to {every}, or leave it out.")
    if tuning.strategy is Strategy.HYPERBAND and tuning.early_stopping:
        yield block("Hyperband stops trials by itself: early_stopping must be off.", "Set early_stopping: false.")
    limits = tuning.hyperband
    if limits is None:
        return
    if tuning.strategy is not Strategy.HYPERBAND:
        message = f"hyperband is for the strategy of that name, not for {tuning.strategy.value}."
        yield block(message, "Remove hyperband, or set strategy: hyperband.")
    if limits.min_resource and limits.max_resource and limits.min_resource > limits.max_resource:
        message = f"hyperband.min_resource {limits.min_resource} is more than max_resource {limits.max_resource}."
        yield block(message)


def _environment(plan: Plan) -> Iterator[CheckResult]:
    try:
        count = len(environment(plan.run, plan.spec, plan.place))
    except Problem:
        return  # no weights: reported by another check
    if count > MAX_VARIABLES:
        message = f"{count} environment variables, the model's own included; a search takes {MAX_VARIABLES}."
        yield block(message, "Remove some of the run's environment.")


def _names(tuning: Tuning, plan: Plan) -> Iterator[CheckResult]:
    known = {declared.name for declared in plan.spec.hyperparameters}
    for name in tuning.autotune.keep if tuning.autotune else ():
        if name not in known:
            yield block(f"autotune.keep: {name} is not a hyperparameter of this model.", did_you_mean(name, known))


CHECK = Check("search_limits", Subject.VALUES, 320, evaluate, for_searches=True)
