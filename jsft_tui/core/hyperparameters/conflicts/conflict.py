"""Define a combination of hyperparameters that does not work, and how its rules read values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str]


@dataclass(frozen=True)
class Conflict:
    """A combination of values that is not allowed.

    Attributes:
        names: the hyperparameters.
        message: a sentence.
        remedy: what to do.
        is_certain: whether the library refuses it; else a value is only known to have no effect, or the model's own
            script, which cannot be read, may correct it.
    """

    names: tuple[str, ...]
    message: str
    remedy: str
    is_certain: bool = True


def is_true(values: Values, name: str) -> bool:
    """Return whether a value is True."""
    return values.get(name, "").lower() == "true"


def number_of(values: Values, name: str) -> float | None:
    """Return a value as a number; None if it is none, or not there."""
    try:
        return float(values[name])
    except (KeyError, ValueError):
        return None
