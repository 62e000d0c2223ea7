"""Define hyperparameters as a JumpStart spec declares them, with short constructors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["int", "float", "text"]
Value = int | float | str


@dataclass(frozen=True)
class Parameter:
    """One entry of a spec's `hyperparameters`.

    The shape is that of the public specs in the SageMaker Python SDK's tests: booleans are texts with
    the options "True" and "False"; `min` and `max` are inclusive and left out if there is no bound.
    """

    name: str
    type: Kind
    default: Value
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()
    scope: Literal["algorithm", "container"] = "algorithm"

    def entry(self) -> dict[str, Any]:
        """Return the entry of the spec's JSON."""
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
    """Declare an integer between `low` and `high`."""
    return Parameter(name, "int", default, low, high)


def number(name: str, default: float, low: float | None = None, high: float | None = None) -> Parameter:
    """Declare a float between `low` and `high`."""
    return Parameter(name, "float", default, low, high)


def text(name: str, default: str) -> Parameter:
    """Declare a free text."""
    return Parameter(name, "text", default)


def choice(name: str, default: str, *options: str) -> Parameter:
    """Declare a text that is one of `options`."""
    return Parameter(name, "text", default, options=options)


def boolean(name: str, default: Literal["True", "False"]) -> Parameter:
    """Declare a boolean, spelled as in the specs."""
    return choice(name, default, "True", "False")


def replace_parameters(parameters: tuple[Parameter, ...], *changes: Parameter) -> tuple[Parameter, ...]:
    """Return the parameters, with some replaced by the changes of the same name.

    Raises:
        ValueError: a change has the name of no parameter.
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
"""The parameters that every JumpStart training spec has for the SageMaker training toolkit."""
