"""Filter, sort and page the lists of resources, as the List operations of SageMaker do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from jsft_tui.sandbox.http.constraints import service_model
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.serving.resources.records import Resource

R = TypeVar("R", bound=Resource)

DEFAULT_PAGE = 10


def page_of(resources: Sequence[R], wanted: Mapping[str, Any]) -> tuple[list[R], dict[str, str]]:
    """Return a page of what the filters match, and the member `NextToken` if there is more.

    A page begins after the last resource of the one before, so what is created or deleted in between shifts nothing.
    """
    sort_by = wanted.get("SortBy", "CreationTime")
    key = _SORT_KEYS[sort_by]
    is_descending = wanted.get("SortOrder", "Descending") == "Descending"
    found = [each for each in resources if _matches(each, wanted)]
    found.sort(key=lambda each: (key(each), each.name), reverse=is_descending)
    if token := wanted.get("NextToken"):
        after = _read_position(token, (int, float) if sort_by == "CreationTime" else (str,))
        found = [each for each in found if _follows((key(each), each.name), after, is_descending)]
    size = int(wanted.get("MaxResults") or DEFAULT_PAGE)
    page = found[:size]
    more = {"NextToken": write_token([key(page[-1]), page[-1].name])} if len(found) > size else {}
    return page, more


def present(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that have a value."""
    return {name: value for name, value in document.items() if value is not None}


def described(operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that the operation's output shape has; those without a value are left out."""
    shape = service_model("sagemaker").operation_model(operation).output_shape
    members = shape.members if shape is not None else {}
    return {name: value for name, value in document.items() if name in members and value is not None}


def _status(resource: Resource) -> str:
    return str(getattr(resource, "status", ""))


_SORT_KEYS: Mapping[str, Callable[[Resource], Any]] = {
    "Name": lambda each: each.name,
    "CreationTime": lambda each: each.created,
    "Status": _status,
}


def _matches(resource: Resource, wanted: Mapping[str, Any]) -> bool:
    tests: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        # Not checked against AWS: that the case of the text does not matter.
        ("NameContains", lambda text: text.lower() in resource.name.lower()),
        ("CreationTimeAfter", lambda moment: resource.created > moment),
        ("CreationTimeBefore", lambda moment: resource.created < moment),
        ("LastModifiedTimeAfter", lambda moment: resource.modified > moment),
        ("LastModifiedTimeBefore", lambda moment: resource.modified < moment),
        ("StatusEquals", lambda status: _status(resource) == status),
    )
    return all(wanted.get(name) is None or test(wanted[name]) for name, test in tests)


def _follows(position: tuple[Any, str], after: tuple[Any, str], is_descending: bool) -> bool:
    return position < after if is_descending else position > after


def _read_position(token: str, kinds: tuple[type, ...]) -> tuple[Any, str]:
    try:
        value, name = read_token(token)
    except (TypeError, ValueError) as problem:
        raise ApiError("ValidationException", "Invalid pagination token") from problem
    if not isinstance(value, kinds):
        raise ApiError("ValidationException", "Invalid pagination token")
    return value, str(name)
