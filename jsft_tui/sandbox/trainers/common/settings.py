"""Parse a job's hyperparameters by their declarations: typed values, or one message with all errors."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping

from jsft_tui.sandbox.trainers.common.hyperparameters import Hyperparameter

_INTEGER = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_PLATFORM_PREFIX = ("sagemaker_", "_tuning_")
"""Prefixes of the container's hyperparameters (`sagemaker_program` ...), which every JumpStart job has, and of those
that a tuning job adds to its trials."""

Value = int | float | str


class UserError(Exception):
    """The user's data or hyperparameters are invalid; the message is one sentence that explains it."""


class Settings(Mapping[str, Value]):
    """The hyperparameters of one job; each declared one has a value of its declared type."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def integer(self, name: str) -> int:
        """Return the value of a hyperparameter declared as `int`."""
        value = self._values[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is not declared as int")
        return value

    def number(self, name: str) -> float:
        """Return the value of a hyperparameter declared as `float`."""
        value = self._values[name]
        if not isinstance(value, float):
            raise TypeError(f"{name} is not declared as float")
        return value

    def text(self, name: str) -> str:
        """Return the value of a hyperparameter declared as `text`."""
        value = self._values[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is not declared as text")
        return value

    def flag(self, name: str) -> bool:
        """Return whether a hyperparameter with the options `True` and `False` is `True`."""
        return self.text(name) == "True"


def read_settings(given: Mapping[str, str], declared: Iterable[Hyperparameter]) -> Settings:
    """Return the values of a job's `hyperparameters.json`, with defaults filled in.

    Args:
        given: maps names to strings, JSON-encoded (as the SageMaker Python SDK v2 sends them) or plain.
        declared: the trainer's hyperparameters.

    Raises:
        UserError: a value is unknown, of the wrong type or out of range; the message lists all of them.
    """
    table = {one.name: one for one in declared}
    values: dict[str, Value] = {name: one.default for name, one in table.items()}
    wrong = []
    for name, raw in given.items():
        if name.startswith(_PLATFORM_PREFIX):
            continue
        if name not in table:
            wrong.append(f"there is no hyperparameter {name!r} (known: {', '.join(table)})")
            continue
        try:
            values[name] = _typed(table[name], decode(raw))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise UserError("; ".join(wrong))
    return Settings(values)


def decode(raw: str) -> str:
    """Return the text of a hyperparameter, which may be JSON-encoded or plain.

    As in the training toolkit, a text that is not valid JSON is returned unchanged.
    """
    try:
        value = json.loads(raw)
    except ValueError:
        return raw
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return str(value)
    return raw.strip()


def _typed(declared: Hyperparameter, text: str) -> Value:
    """Parse the value of a hyperparameter.

    Raises:
        ValueError: the value is not allowed; the message says why.
    """
    if declared.type == "text":
        if declared.options and text not in declared.options:
            raise ValueError(
                f"hyperparameter {declared.name} is {_shortened(text)}, not one of {', '.join(declared.options)}"
            )
        return text
    number = _number(declared, text)
    low, high = declared.min, declared.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(f"hyperparameter {declared.name} is {text}, outside {_range(low, high)}")
    return number


def _number(declared: Hyperparameter, text: str) -> int | float:
    if declared.type == "int":
        if not _INTEGER.fullmatch(text) or len(text) > 300:
            raise ValueError(f"hyperparameter {declared.name} is {_shortened(text)}, not an integer")
        return int(text)
    value = float(text) if _FLOAT.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise ValueError(f"hyperparameter {declared.name} is {_shortened(text)}, not a number")
    return value


def _range(low: float | None, high: float | None) -> str:
    if high is None:
        return f"{low:g} and above"
    return f"{'-infinity' if low is None else format(low, 'g')}..{high:g}"


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")
