"""Hyperparameters of a model: declaration and validation.

The results equal those of the SageMaker SDK's validator (`sagemaker.core.jumpstart.validators`), except
that all errors are found at once and each names a remedy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from jsft_tui.core.common.text import did_you_mean, fit, plural

MAX_VALUE_LENGTH = 2500
"""Characters of one value as it is sent (botocore, sagemaker, HyperParameterValue; the guide's prose says 256)."""

_SHOWN = 60
"""Cells of a wrong value that a message repeats."""

Scalar = str | int | float | bool | None


class HyperparameterType(Enum):
    """The types of a JumpStart hyperparameter specification."""

    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    BOOL = "bool"


class Scope(Enum):
    """Who sets a hyperparameter: the user, or the container."""

    ALGORITHM = "algorithm"
    CONTAINER = "container"


@dataclass(frozen=True)
class HyperparameterSpec:
    """One hyperparameter as the model's spec declares it.

    Attributes:
        name: exactly as the training script expects it (`epoch` and `epochs`, `batch-size` and `batch_size` differ).
        type: how the text of a value is read.
        default: the value in the spec, sent unless changed.
        scope: users edit `algorithm` ones; `container` ones are sent as they are.
        options: the only values allowed, when not empty.
        minimum, maximum: bounds of the value (of its length for text), both included.
        exclusive_minimum, exclusive_maximum: bounds that are not included themselves.
        options_bind_numbers: whether a number must be one of the options (recipes); the SDK's validator of classical
            hyperparameters looks at the options of texts only.
        description: its meaning in the words of its declaration (recipes only); empty without one.
    """

    name: str
    type: HyperparameterType
    default: Scalar
    scope: Scope = Scope.ALGORITHM
    options: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    options_bind_numbers: bool = False
    description: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> HyperparameterSpec:
        """Read an entry of a spec's `hyperparameters` (unknown types count as text)."""
        types = {member.value: member for member in HyperparameterType}
        container = data.get("scope") == Scope.CONTAINER.value
        return cls(
            name=str(data["name"]),
            type=types.get(str(data.get("type")), HyperparameterType.TEXT),
            default=data.get("default"),
            scope=Scope.CONTAINER if container else Scope.ALGORITHM,
            options=tuple(str(option) for option in data.get("options") or ()),
            minimum=_number(data.get("min")),
            maximum=_number(data.get("max")),
            exclusive_minimum=_number(data.get("exclusive_min")),
            exclusive_maximum=_number(data.get("exclusive_max")),
        )

    @property
    def default_text(self) -> str:
        """The default as it is sent."""
        return as_text(self.default)

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers that may be chosen freely."""
        return self.type in (HyperparameterType.INT, HyperparameterType.FLOAT) and not self.options

    @property
    def allowed(self) -> str:
        """The values allowed, in a few words: `1 to 1000`, `adam, sgd`, `at least 0`; empty for any value."""
        if self.options:
            return ", ".join(self.options)
        return "True, False" if self.type is HyperparameterType.BOOL else self._bounds

    @property
    def _bounds(self) -> str:
        unit = " characters" if self.type is HyperparameterType.TEXT else ""
        low, above = self.minimum, self.exclusive_minimum
        high, below = self.maximum, self.exclusive_maximum
        if low is not None and high is not None and above is None and below is None:
            return f"{_plain(low)} to {_plain(high)}{unit}"
        bounds = (("at least", low), ("above", above), ("at most", high), ("below", below))
        return ", ".join(f"{word} {_plain(bound)}{unit}" for word, bound in bounds if bound is not None)

    def error(self, value: str) -> str | None:
        """Return what is wrong with a value as it would be sent; None when it is valid."""
        if (length := len(json.dumps(value))) > MAX_VALUE_LENGTH:  # quoted and escaped, as JumpStart's scripts read it
            return f"is {length:,} characters long as it is sent; SageMaker takes {MAX_VALUE_LENGTH:,}"
        match self.type:
            case HyperparameterType.BOOL:
                return None if value.lower() in ("true", "false") else f"must be True or False, not {_quoted(value)}"
            case HyperparameterType.TEXT:
                if self.options and value not in self.options:
                    return f"must be one of {self.allowed}, not {_quoted(value)}"
                return self._bounds_error(len(value), f"has {plural(len(value), 'character')}")
            case HyperparameterType.INT | HyperparameterType.FLOAT:
                return self._number_error(value)

    def _number_error(self, value: str) -> str | None:
        try:
            number = float(value)
        except ValueError:
            return f"must be a number, not {_quoted(value)}"
        if self.type is HyperparameterType.INT and not value.removeprefix("-").removeprefix("+").isdigit():
            return f"must be a whole number, not {_quoted(value)}"
        if self.options_bind_numbers and self.options and number not in map(_as_number, self.options):
            return f"must be one of {self.allowed}, not {_quoted(value)}"
        return self._bounds_error(number, f"is {fit(value.strip(), _SHOWN)}")

    def is_outside(self, number: float) -> bool:
        """Return whether a number, or the length of a text, is not within the bounds."""
        low, high, above, below = self.minimum, self.maximum, self.exclusive_minimum, self.exclusive_maximum
        return (
            (low is not None and number < low)
            or (high is not None and number > high)
            or (above is not None and number <= above)
            or (below is not None and number >= below)
        )

    def _bounds_error(self, number: float, what: str) -> str | None:
        return f"{what}; allowed: {self._bounds}" if self.is_outside(number) else None


@dataclass(frozen=True)
class HyperparameterError:
    """One error in the value of a hyperparameter."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name} {self.message}"

    @property
    def sentence(self) -> str:
        """The error as a sentence."""
        return str(self) if self.message.endswith(("?", ".")) else f"{self}."


def as_text(value: Scalar) -> str:
    """Convert a value to the text that is sent: JumpStart takes booleans as `True` and `False`."""
    return str(value)


def errors(specs: Iterable[HyperparameterSpec], values: Mapping[str, str]) -> list[HyperparameterError]:
    """Return all errors in the given values, unknown names included, in their order."""
    by_name = {spec.name: spec for spec in specs}
    found = []
    for name, value in values.items():
        spec = by_name.get(name)
        if spec is None:
            hint = did_you_mean(name, by_name)
            found.append(HyperparameterError(name, f"is not a hyperparameter of this model. {hint}".strip()))
        elif message := spec.error(value):
            found.append(HyperparameterError(name, message))
    return found


def not_finite(specs: Iterable[HyperparameterSpec], values: Mapping[str, str]) -> list[HyperparameterError]:
    """Return an error for NaN and infinity, which the SDK's validator accepts and no training survives."""
    numeric = {spec.name for spec in specs if spec.type is HyperparameterType.FLOAT}
    found = []
    for name, value in values.items():
        try:
            bad = name in numeric and not math.isfinite(float(value))
        except ValueError:
            continue  # not a number: reported by `errors`
        if bad:
            found.append(HyperparameterError(name, f"is {value}, not a finite number"))
    return found


def defaults(specs: Iterable[HyperparameterSpec], *scopes: Scope) -> dict[str, str]:
    """Return the defaults of the given scopes (all of them without any), as they are sent."""
    return {spec.name: spec.default_text for spec in specs if not scopes or spec.scope in scopes}


def changed(specs: Iterable[HyperparameterSpec], values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that differ from the model's defaults (numbers compared as numbers)."""
    by_name = {spec.name: spec for spec in specs}
    return {name: value for name, value in values.items() if name not in by_name or not _same(by_name[name], value)}


def _same(spec: HyperparameterSpec, value: str) -> bool:
    if value == spec.default_text:
        return True
    try:
        numeric = spec.type in (HyperparameterType.INT, HyperparameterType.FLOAT)
        return numeric and float(value) == float(spec.default_text)
    except ValueError:
        return False


def _plain(bound: float) -> str:
    """Format a bound with all its digits: `2147483647`, `1e-08`, `0.5`."""
    return str(bound) if isinstance(bound, int) else f"{bound:.15g}"


def _quoted(value: str) -> str:
    return fit(repr(value), _SHOWN)


def _as_number(option: str) -> float | None:
    """Return an option as a number; None if it is none."""
    try:
        return float(option)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
