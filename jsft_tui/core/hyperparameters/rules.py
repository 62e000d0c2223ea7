"""All errors in a run's hyperparameters: in single values and in combinations.

Both the preflight check `hyperparameters` and the form show these errors.
"""

from __future__ import annotations

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterError, errors, not_finite
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.recipes.values import character_errors, length_errors
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.hyperparameters.values import resolved_values
from jsft_tui.core.run.run import AUTO, SCALED, Run


def value_errors(run: Run, spec: ModelSpec) -> list[HyperparameterError]:
    """Return the errors of each of the run's values by itself, unknown names included."""
    values = resolved_values(run, spec)
    if (left := unresolved_batch(run, spec)) is not None:
        del values[left.name]
    found = errors(spec.hyperparameters, values) + not_finite(spec.hyperparameters, values)
    return found + (character_errors(values) + length_errors(spec, values) if spec.recipe else [])


def refuse_wrong(run: Run, spec: ModelSpec) -> None:
    """See that the values of a run would pass the preflight check, before a file is made of it.

    Raises:
        Problem: all that the check would say of them, in one line (code `BadHyperparameter`).
    """
    wrong = [error.sentence for error in value_errors(run, spec)]
    if wrong:
        raise usage(
            "BadHyperparameter",
            " ".join(wrong),
            Remedy("See what it takes", RemedyCommand.HYPERPARAMETERS, spec.model_id),
        )


def unresolved_batch(run: Run, spec: ModelSpec) -> HyperparameterError | None:
    """Return an error when the batch size follows an instance whose GPUs are unknown."""
    rule, values = batch_rule(spec), resolved_values(run, spec)
    if rule is None or values.get(rule.parameter) not in (AUTO, SCALED):
        return None
    word, where = values[rule.parameter], run.instance.type
    why = f"{where}, whose GPUs this version does not know" if where else "the instance: none is chosen"
    return HyperparameterError(rule.parameter, f"{word} cannot follow {why}")
