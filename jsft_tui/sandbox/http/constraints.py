"""Check parameters against the constraints of the service model: enums, patterns, lengths, and ranges.

botocore's validator checks only types, required members, and minima. AWS checks the rest in the service, and so does
the sandbox, with the messages of AWS.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.http.service import ApiError

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape


_LOADING = threading.Lock()
"""Held while a model is loaded: requests that need the same one at once wait for it."""


def service_model(service: str) -> ServiceModel:
    """Return botocore's model of a service, loaded when it is first needed (SageMaker's takes 0.2 s).

    No botocore session is used: it would read the user's AWS configuration, and fail on a broken one.
    """
    with _LOADING:
        return _load(service)


@cache
def _load(service: str) -> ServiceModel:
    from botocore.loaders import create_loader
    from botocore.model import ServiceModel

    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


def check_constraints(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    """Check every value against its shape.

    Raises:
        ApiError: `ValidationException`, listing all values that break a constraint.
    """
    shape = service_model(service).operation_model(operation).input_shape
    if shape is None:
        return
    broken = list(_broken(parameters, shape, ""))
    if broken:
        plural = "error" if len(broken) == 1 else "errors"
        detail = "; ".join(broken)
        raise ApiError("ValidationException", f"{len(broken)} validation {plural} detected: {detail}")


def _broken(value: Any, shape: Shape, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from _broken(value[name], member, _join(path, name))
    elif shape.type_name == "list":
        yield from _broken_size(value, shape, path)
        for number, item in enumerate(value, start=1):
            yield from _broken(item, shape.member, f"{path}.{number}.member")
    elif shape.type_name == "map":
        yield from _broken_size(value, shape, path)
        for key, item in value.items():
            yield from _broken(key, shape.key, f"{path}.key")
            yield from _broken(item, shape.value, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _broken_text(value, shape, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _broken_number(value, shape, path)


def _broken_text(value: str, shape: Shape, path: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        allowed = ", ".join(shape.enum)
        yield _sentence(value, path, f"Member must satisfy enum value set: [{allowed}]")
        return
    yield from _broken_size(value, shape, path)
    pattern = shape.metadata.get("pattern")
    expression = _compiled(pattern) if pattern else None
    if expression is not None and not expression.fullmatch(value):
        yield _sentence(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _broken_size(value: Any, shape: Shape, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        yield _sentence(value, path, f"Member must have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        yield _sentence(value, path, f"Member must have length less than or equal to {high}")


def _broken_number(value: float, shape: Shape, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _sentence(value, path, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _sentence(value, path, f"Member must have value less than or equal to {high}")


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return the pattern, or None for one in Java's syntax (`\\p{Alnum}`, `\\p{L}`), which Python cannot compile."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _sentence(value: Any, path: str, constraint: str) -> str:
    shown = str(value)
    shown = shown if len(shown) <= 300 else shown[:297] + "..."
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"


def _join(path: str, member: str) -> str:
    """Append a member to a path; AWS writes it with a lowercase first letter: `resourceConfig.instanceType`."""
    small = member[:1].lower() + member[1:]
    return f"{path}.{small}" if path else small
