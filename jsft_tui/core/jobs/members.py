"""Read the members of a job that anybody in the account may have made: what is not of its type counts as not there.

One strange job is one strange row, never an error in a list, a quota check or `stop`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

MAX_SECONDS = 253_402_300_799.0
"""The end of the year 9999 (the largest `datetime`), in epoch seconds."""


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a structure; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the structures of a list."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (row for row in value if isinstance(row, Mapping))


def text(value: Any) -> str:
    """Return a text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> dict[str, str]:
    """Return the texts of a structure, by name."""
    return {name: each for name, each in mapping(value).items() if isinstance(each, str)}


def whole(value: Any) -> int | None:
    """Return a count; None for anything else, and for one that no service would send."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def number(value: Any) -> float | None:
    """Return a finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None


def seconds_of(moment: Any) -> float | None:
    """Convert a time from boto3 (datetime or number) to epoch seconds; None for anything that is no date."""
    if isinstance(moment, datetime):
        moment = moment.timestamp()
    found = number(moment)
    return found if found is not None and 0 <= found <= MAX_SECONDS else None
