"""What the parts of SageMaker's API share: parameters are checked, answers have the members of AWS, lists are paged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from jsft_tui.sandbox.http.constraints import check_constraints, service_model
from jsft_tui.sandbox.http.page_token import read_token, write_token
from jsft_tui.sandbox.http.service import ApiError, Call, OperationTable

T = TypeVar("T")

DEFAULT_PAGE = 10
"""Rows of a page when `MaxResults` does not say how many."""
MAX_TAGS = 50
TAG_OPERATIONS = frozenset({"AddTags", "ListTags", "DeleteTags"})


class SageMakerService(OperationTable):
    """A part of SageMaker's API: the operations of a table, with their parameters checked."""

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body.

        Raises:
            ApiError: the call is refused.
        """
        check_constraints("sagemaker", call.operation, call.parameters)
        return super().answer(call)


def present(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that have a value."""
    return {name: value for name, value in document.items() if value is not None}


def described(operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that the operation's output shape has; those without a value are left out."""
    shape = service_model("sagemaker").operation_model(operation).output_shape
    members = shape.members if shape is not None else {}
    return {name: value for name, value in document.items() if name in members and value is not None}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tagged_resource(call: Call) -> tuple[str, str]:
    """Return region and name of the resource that a tag operation is about."""
    return call.region, str(call.parameters["ResourceArn"]).rpartition("/")[2]


class Named(Protocol):
    """What can be listed."""

    @property
    def name(self) -> str:
        """Its name, with which no other one is listed."""
        ...


N = TypeVar("N", bound=Named)


def sorted_page(
    rows: Iterable[N], wanted: Mapping[str, Any], keys: Mapping[str, Callable[[N], Any]], order: str
) -> tuple[list[N], dict[str, str]]:
    """Return a page of rows, and the member `NextToken` if there is more.

    A page begins after the last row of the one before, so what is created or deleted in between shifts nothing.

    Args:
        rows: what the filters match.
        wanted: the parameters of the call.
        keys: by the values of `SortBy`; numbers for `CreationTime`, text for the others.
        order: when `SortOrder` does not say which.

    Raises:
        ApiError: the token is none of these.
    """
    sort_by = wanted.get("SortBy", "CreationTime")
    is_descending = wanted.get("SortOrder", order) == "Descending"

    def position(row: N) -> tuple[Any, str]:
        return keys[sort_by](row), row.name

    found = sorted(rows, key=position, reverse=is_descending)
    if token := wanted.get("NextToken"):
        after = _read_position(token, (int, float) if sort_by == "CreationTime" else (str,))
        found = [row for row in found if (position(row) < after if is_descending else position(row) > after)]
    size = int(wanted.get("MaxResults") or DEFAULT_PAGE)
    page = found[:size]
    return page, {"NextToken": write_token(position(page[-1]))} if len(found) > size else {}


def numbered_page(ordered: Sequence[T], wanted: Mapping[str, Any]) -> tuple[Sequence[T], dict[str, str]]:
    """Return a page of rows that move little while they are read, and the member `NextToken`: the next row's number.

    Raises:
        ApiError: the token is none of these.
    """
    start = 0
    if token := wanted.get("NextToken"):
        try:
            start = int(read_token(token))
        except (TypeError, ValueError) as problem:
            raise _invalid_token() from problem
    end = start + int(wanted.get("MaxResults") or DEFAULT_PAGE)
    return ordered[start:end], {"NextToken": write_token(end)} if end < len(ordered) else {}


def _read_position(token: str, kinds: tuple[type, ...]) -> tuple[Any, str]:
    """Return the position of the previous page's last row; `kinds` are the valid types of its sort key."""
    try:
        value, name = read_token(token)
    except (TypeError, ValueError) as problem:
        raise _invalid_token() from problem
    if not isinstance(value, kinds):
        raise _invalid_token()
    return value, str(name)


def _invalid_token() -> ApiError:
    return ApiError("ValidationException", "Invalid pagination token")
