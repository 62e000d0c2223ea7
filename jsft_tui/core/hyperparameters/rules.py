"""All errors in a run's hyperparameters: in single values and in combinations.

Both the preflight check `hyperparameters` and the form show these errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jsft_tui.core.catalog.hyperparameter import HyperparameterError, errors, not_finite
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.hyperparameters.values import hyperparameters, resolved_values
from jsft_tui.core.run.run import AUTO, SCALED, Run


@dataclass(frozen=True)
class Conflict:
    """A combination of values that is not allowed.

    Attributes:
        names: the hyperparameters.
        message: a sentence.
        remedy: what to do.
    """

    names: tuple[str, ...]
    message: str
    remedy: str


def value_errors(run: Run, spec: ModelSpec) -> list[HyperparameterError]:
    """Return the errors of each of the run's values by itself, unknown names included."""
    values = resolved_values(run, spec)
    if (left := unresolved_batch(run, spec)) is not None:
        del values[left.name]
    return errors(spec.hyperparameters, values) + not_finite(spec.hyperparameters, values)


def refuse_wrong(run: Run, spec: ModelSpec) -> None:
    """See that the values of a run would pass the preflight check, before a file is made of it.

    Raises:
        Problem: all that the check would say of them, in one line (code `BadHyperparameter`).
    """
    wrong = [error.sentence for error in value_errors(run, spec)]
    wrong = wrong or [conflict.message for conflict in conflicts(run, spec)]
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


def conflicts(run: Run, spec: ModelSpec) -> list[Conflict]:
    """Return combinations of values that the training script refuses, defaults included."""
    return list(_conflicts(hyperparameters(run, spec)))


def _conflicts(values: Mapping[str, str]) -> Iterator[Conflict]:
    # Llama notebooks (amazon-sagemaker-examples): exactly one of the two.
    one_of = ("int8_quantization", "enable_fsdp")
    both = [values.get(name) for name in one_of]
    if None not in both and both[0] == both[1]:
        message = f"int8_quantization and enable_fsdp are both {both[0]}; exactly one must be True."
        yield Conflict(one_of, message, "Set one of them to True and the other to False.")
    if values.get("instruction_tuned") == "True" and values.get("chat_dataset") == "True":
        message = "instruction_tuned and chat_dataset are both True."
        yield Conflict(("instruction_tuned", "chat_dataset"), message, "Set at most one of them to True.")
