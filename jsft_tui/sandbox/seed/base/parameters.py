"""Hyperparameters as a JumpStart spec declares them, and short words to write them down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["int", "float", "text"]
Value = int | float | str


@dataclass(frozen=True)
class Parameter:
    """One entry of a spec's `hyperparameters`.

    The shape is that of the public specs in the SageMaker Python SDK's tests: booleans are texts with
    the options "True" and "False"; `min` and `max` are inclusive and left out where there is no bound.
    """

    name: str
    type: Kind
    default: Value
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()
    scope: Literal["algorithm", "container"] = "algorithm"

    def entry(self) -> dict[str, Any]:
        """The entry as it stands in the spec's JSON."""
        entry: dict[str, Any] = {"name": self.name, "type": self.type, "default": self.default}
        if self.options:
            entry["options"] = list(self.options)
        if self.min is not None:
            entry["min"] = self.min
        if self.max is not None:
            entry["max"] = self.max
        entry["scope"] = self.scope
        return entry


def integer(name: str, default: int, low: int | None = None, high: int | None = None) -> Parameter:
    """A whole number between `low` and `high`."""
    return Parameter(name, "int", default, low, high)


def number(name: str, default: float, low: float | None = None, high: float | None = None) -> Parameter:
    """A real number between `low` and `high`."""
    return Parameter(name, "float", default, low, high)


def text(name: str, default: str) -> Parameter:
    """Free text."""
    return Parameter(name, "text", default)


def choice(name: str, default: str, *options: str) -> Parameter:
    """One of some texts."""
    return Parameter(name, "text", default, options=options)


def boolean(name: str, default: Literal["True", "False"]) -> Parameter:
    """Yes or no, spelled as the specs spell it."""
    return choice(name, default, "True", "False")


def replace_parameters(parameters: tuple[Parameter, ...], *changes: Parameter) -> tuple[Parameter, ...]:
    """The same parameters with some of them exchanged for those of the same name.

    Raises:
        ValueError: a change names a parameter that is not there.
    """
    by_name = {change.name: change for change in changes}
    unknown = by_name.keys() - {parameter.name for parameter in parameters}
    if unknown:
        raise ValueError(f"there is no hyperparameter {', '.join(sorted(unknown))} to replace")
    return tuple(by_name.get(parameter.name, parameter) for parameter in parameters)


CONTAINER_PARAMETERS = (
    Parameter(
        "sagemaker_submit_directory",
        "text",
        "/opt/ml/input/data/code/sourcedir.tar.gz",
        scope="container",
    ),
    Parameter("sagemaker_program", "text", "transfer_learning.py", scope="container"),
    Parameter("sagemaker_container_log_level", "text", "20", scope="container"),
)
"""The three that every JumpStart training spec has for the SageMaker training toolkit."""
