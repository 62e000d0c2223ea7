"""A request as a Python program with the SageMaker Python SDK v3, whose resources are sagemaker-core's.

Its shapes are typed twins of the API's structures with names in snake case (sagemaker-core 2.27, `shapes.py`); only
`Tag` has to be the resource of that name, which hides the shape in the annotations of `create`. Two
habits of its serializer matter here: a member of a shape whose value is empty, zero or false is not sent at all
(`utils._serialize_shape`), and `create` fills members that are not given from the SDK's own defaults
file (`populate_inputs_decorator`). The program's comments state the consequences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from jsft_tui.core.request.export.export_format import NO_FILES, ExportFormat
from jsft_tui.core.request.export.python_source import (
    WIDTH,
    Group,
    Node,
    array,
    broken,
    call,
    files_constant,
    literal,
    put_files,
    text_literal,
)
from jsft_tui.core.request.export.resource import Resource, resource_of
from jsft_tui.core.request.export.trainer_program import is_customization, trainer_program

_PROGRAM = '''\
"""Launches one SageMaker {noun} and prints its ARN. Written by jsft.

Job names are used once in an account and region: to run it again, change {name}.
"""

{imports}

REGION = {region}
{files}
{notes}
def main() -> None:
{put}    job = {call}
    print(job.{arn})


if __name__ == "__main__":
    main()
'''

_RANGES = ("IntegerParameterRange", "ContinuousParameterRange", "CategoricalParameterRange")

_WHOLE = ("Tag", "ShuffleConfig", "ModelAccessConfig")
"""Shapes with a required member that may be empty, zero or false, without which the API refuses the shape."""


def sagemaker_program(request: Mapping[str, Any], region: str, files: Mapping[str, str] = NO_FILES) -> str:
    """Write a program for Python 3 with sagemaker-core 2.27 or later (or sagemaker 3.27 or later)."""
    return _Writer(resource_of(request)).program(request, region, files)


def snake_case(member: str) -> str:
    """Return a member's name in sagemaker-core (its `pascal_to_snake`)."""
    parted = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", member)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", parted).lower()


class _Writer:
    """Writes programs that create one kind of resource."""

    def __init__(self, launched: Resource) -> None:
        self._launched = launched

    def program(self, request: Mapping[str, Any], region: str, files: Mapping[str, str]) -> str:
        launched = self._launched
        kept = {name: value for name, value in request.items() if name in launched.members}
        arguments: dict[str, Node] = {"region": "REGION"}
        arguments |= {snake_case(name): self._value(name, value) for name, value in kept.items()}
        notes = "".join(f"# {line}\n" for line in self._notes(request))
        return _PROGRAM.format(
            noun=launched.noun,
            name=snake_case(launched.name),
            arn=snake_case(launched.arn),
            imports=f"import boto3\n{self._imports(kept)}" if files else self._imports(kept),
            files=files_constant(files),
            put=put_files(files),
            region=text_literal(region),
            notes=f"{notes}\n" if notes else "",
            call=broken(call(f"{launched.core}.create", arguments), indent=4),
        )

    def _value(self, member: str, value: Any) -> Node:
        shape = self._launched.structures.get(member)
        if shape is None:
            return literal(value)
        if isinstance(value, Mapping):
            return self._shape(shape, value)
        return array([self._shape(shape, item) for item in value if not _is_lost(shape, item)])

    def _shape(self, shape: str, members: Mapping[str, Any]) -> Group:
        return call(
            shape,
            {
                snake_case(name): self._value(name, value)
                for name, value in members.items()
                if value and not _is_lost(self._launched.structures.get(name, ""), value)
            },
        )

    def _imports(self, request: Mapping[str, Any]) -> str:
        names = set(self._shapes_of(request))
        resources = _import(
            "sagemaker.core.resources", {*names.intersection(self._launched.hidden), self._launched.core}
        )
        shapes = names.difference(self._launched.hidden)
        return f"{resources}\n{_import('sagemaker.core.shapes', shapes)}" if shapes else resources

    def _shapes_of(self, members: Mapping[str, Any]) -> Iterator[str]:
        """Yield the shapes that the program uses."""
        for name, value in members.items():
            shape = self._launched.structures.get(name)
            if shape is None:
                continue
            for item in [value] if isinstance(value, Mapping) else value:
                if not _is_lost(shape, item):
                    yield shape
                    yield from self._shapes_of({key: inner for key, inner in item.items() if inner})

    def _notes(self, request: Mapping[str, Any]) -> Iterator[str]:
        """Yield comments on members that the program omits or may send in addition."""
        if unknown := [name for name in request if name not in self._launched.members]:
            yield f"ATTENTION: sagemaker-core has no such members of {self._launched.operation}. Left out:"
            yield from (f"  {name!a}" for name in unknown)
        if lost := list(self._lost(request, "")):
            yield "ATTENTION: sagemaker-core sends no empty, zero or false value inside a shape. Left out:"
            yield from (f"  {place}" for place in lost)
        given = {**request, **(request.get("TrainingJobDefinition") or {})}
        if open_ := [snake_case(name) for name in self._launched.defaulted if name not in given]:
            yield "sagemaker-core fills in what is not given here from its own defaults file (config.yaml), if you have"
            yield f"one: {', '.join(open_)}."

    def _lost(self, members: Mapping[str, Any], at: str) -> Iterator[str]:
        """Yield the paths of the members that the serializer drops, in the order of the request."""
        for name, value in members.items():
            shape = self._launched.structures.get(name)
            if shape in _RANGES and not value:
                continue  # no range of a kind is the same as none given
            if at and not value:
                yield f"{at}{name} = {value!a}"
            elif shape is not None:
                items = {f"{at}{name}": value} if isinstance(value, Mapping) else _numbered(f"{at}{name}", value)
                for place, item in items.items():
                    if _is_lost(shape, item):
                        yield f"{place} = {dict(item)!a}"
                    else:
                        yield from self._lost(item, f"{place}.")


def _is_lost(shape: str, members: Any) -> bool:
    return shape in _WHOLE and isinstance(members, Mapping) and not all(members.values())


def _import(module: str, names: Set[str]) -> str:
    line = f"from {module} import {', '.join(sorted(names))}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in sorted(names)), ")"])


def _numbered(at: str, items: Any) -> dict[str, Any]:
    return {f"{at}[{number}]": item for number, item in enumerate(items)}


def _program(request: Mapping[str, Any], region: str, files: Mapping[str, str] = NO_FILES) -> str:
    """Write a customization with its trainer, as the SDK's guide does, and any other job with its resource."""
    return trainer_program(request, region) if is_customization(request) else sagemaker_program(request, region, files)


EXPORT = ExportFormat("sagemaker", 20, "Python with the SageMaker SDK (v3)", ".py", _program)
