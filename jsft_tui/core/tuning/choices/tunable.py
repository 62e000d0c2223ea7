"""Which hyperparameters can be searched, which autotune may search, and the kind of their ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, HyperparameterType, Scope
from jsft_tui.core.catalog.spec.spec import ModelSpec

NUMBERS = (HyperparameterType.INT, HyperparameterType.FLOAT)
_SWITCH = frozenset({"true", "false"})

# Numbers that say how a script works rather than what it learns. To vary what is trained on or measured (splits,
# samples, seeds) would make trials incomparable.
_BOOKKEEPING = re.compile(
    r"^sagemaker_|seed|thread|worker|verbos|logging|^save_|eval_steps|eval_accumulation|eval_batch_size"
    r"|max_(?:train|eval|val|test)\w*_samples|_split_ratio|preprocessing|^bits$",
    re.IGNORECASE,
)


def is_switch(declared: HyperparameterSpec) -> bool:
    """Return whether a hyperparameter is on or off, whatever its type: `True` and `False` (and `Auto`), or 0 and 1."""
    words = {option.lower() for option in declared.options}
    is_bit = declared.type is HyperparameterType.INT and (declared.minimum, declared.maximum) == (0, 1)
    return declared.type is HyperparameterType.BOOL or words >= _SWITCH or is_bit


def is_bookkeeping(declared: HyperparameterSpec) -> bool:
    """Return whether a hyperparameter is plumbing of the script or of the container, or decides on what is measured."""
    return declared.scope is Scope.CONTAINER or _BOOKKEEPING.search(declared.name) is not None


def can_be_tuned(declared: HyperparameterSpec) -> bool:
    """Return whether a range can be given: a number, a switch, or a text with options."""
    return declared.scope is Scope.ALGORITHM and (
        declared.type in NUMBERS or is_switch(declared) or bool(declared.options)
    )


def auto_parameters(spec: ModelSpec, given: Iterable[str], keep: Iterable[str]) -> tuple[str, ...]:
    """Return the names that autotune chooses ranges for, in the order of the spec.

    The SageMaker SDK hands over everything that is not kept, `sagemaker_*` included (2.257.7, `tuner.py`,
    `_prepare_auto_parameters`). Only numbers have a range that a service could guess; plumbing, texts and switches
    stay as they are, and so does a number below 0, which switches something off (`max_steps: -1`).

    Args:
        spec: the model.
        given: names that have ranges of their own.
        keep: names that stay as they are.
    """
    left_out = {*given, *keep}
    return tuple(
        declared.name
        for declared in spec.algorithm_hyperparameters
        if declared.type in NUMBERS
        and not declared.options
        and not is_switch(declared)
        and not is_bookkeeping(declared)
        and not declared.default_text.startswith("-")
        and declared.name not in left_out
    )
