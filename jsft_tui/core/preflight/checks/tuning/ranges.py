"""The ranges of a search: inside what the model allows, and valid in all their values on the instance."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import fit, plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.hyperparameters.conflicts.find import conflicts
from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.range_text import number_text, range_text
from jsft_tui.core.run.tuning import Choices, Tuning
from jsft_tui.core.tuning.choices.ranges import MOST_RANGES, range_errors
from jsft_tui.core.tuning.choices.tunable import auto_parameters

SHOWN = 4
"""Values that a message names."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block ranges with values that the training script would refuse."""
    tuning = plan.run.tuning
    if tuning is None:
        yield nothing_to_tell("the run is no search.")
        return
    wrong = list(range_errors(tuning, plan.spec))
    for error in wrong:
        yield block(error, Remedy("See the valid values", RemedyCommand.HYPERPARAMETERS, plan.spec.model_id))
    names = _searched(tuning, plan)
    if not names:
        remedy = "Give a range: tuning: {ranges: {learning_rate: {min: 1e-5, max: 1e-2, scale: log}}}"
        yield block("the search has nothing to search: no range is given.", remedy)
    elif len(names) > MOST_RANGES:
        yield block(f"{len(names)} hyperparameters are searched; a search takes {MOST_RANGES}.")
    if wrong or not names:
        return
    doubts = [*_batches(tuning, plan), *_combinations(tuning, plan)]
    yield from doubts
    yield passed(
        f"{plural(len(names), 'hyperparameter')} searched, within what the model allows.",
        headline=f"{len(tuning.ranges)} searched" if tuning.ranges else "",
        detail=fit(", ".join(f"{name} {range_text(tried)}" for name, tried in tuning.ranges.items()), 100),
    )


def _searched(tuning: Tuning, plan: Plan) -> tuple[str, ...]:
    if tuning.autotune is None:
        return tuple(tuning.ranges)
    return (*tuning.ranges, *auto_parameters(plan.spec, tuning.ranges, tuning.autotune.keep))


def _batches(tuning: Tuning, plan: Plan) -> Iterator[CheckResult]:
    """Check a batch size that is split over the GPUs in every value of its range."""
    rule, hardware = batch_rule(plan.spec), instance_type(plan.run.instance.type)
    if rule is None or hardware is None or rule.meaning is not BatchMeaning.GLOBAL or hardware.gpus < 2:
        return
    tried = tuning.ranges.get(rule.parameter)
    gpus, name = hardware.gpus, rule.parameter
    if isinstance(tried, Choices):
        uneven = [value for value in tried.values if (_number(value) or 0) % gpus]
        if uneven:
            yield warn(
                f"{name} {', '.join(uneven[:SHOWN])} does not divide evenly over {gpus} GPUs.",
                f"List multiples of {gpus}.",
            )
    elif tried is not None:
        even = [str(gpus * 2**power) for power in range(12)]
        inside = [value for value in even if float(tried.minimum) <= int(value) <= float(tried.maximum)]
        remedy = f"List values: {name}={','.join(inside)}" if inside else f"List multiples of {gpus}."
        yield warn(f"most of {name} {range_text(tried)} does not divide evenly over {gpus} GPUs.", remedy)


def _number(value: str) -> float | None:
    text = number_text(value)
    return None if text is None else float(text)


def _combinations(tuning: Tuning, plan: Plan) -> Iterator[CheckResult]:
    """Check each end of a range, and each value of a list, in combination with the other values of the run."""
    known = {conflict.message for conflict in conflicts(plan.run, plan.spec)}
    for name, tried in tuning.ranges.items():
        values = tried.values if isinstance(tried, Choices) else (tried.minimum, tried.maximum)
        for value in values:
            for conflict in conflicts(with_hyperparameter(plan.run, name, value), plan.spec):
                if conflict.message not in known:
                    known.add(conflict.message)
                    judge = block if conflict.is_certain else warn
                    yield judge(f"with {name} {value}: {conflict.message}", conflict.remedy)


SCRIPT = frozenset({Method.SCRIPT})
CHECK = Check("ranges", Subject.VALUES, 300, evaluate, methods=SCRIPT, for_searches=True)
