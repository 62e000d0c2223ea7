"""Filter, sort and page the lists of resources, as the List operations of SageMaker do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from jsft_tui.sandbox.http.sagemaker_api import sorted_page
from jsft_tui.sandbox.serving.resources.records import Resource

R = TypeVar("R", bound=Resource)


def page_of(resources: Sequence[R], wanted: Mapping[str, Any]) -> tuple[list[R], dict[str, str]]:
    """Return a page of what the filters match, and the member `NextToken` if there is more."""
    found = [each for each in resources if _matches(each, wanted)]
    return sorted_page(found, wanted, _SORT_KEYS, "Descending")


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
