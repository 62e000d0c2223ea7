"""Entries of a local folder that an upload leaves out, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.text import clean, plural

SHOWN = 5
"""The most names of one reason in a sentence."""


class Reason(Enum):
    """Why an entry is not sent; the value is its word in JSON."""

    HIDDEN = "hidden"
    EMPTY = "empty folder"
    BROKEN_LINK = "broken link"
    LOOP = "link to a folder that it lies in"
    UNREADABLE = "cannot be read"
    SPECIAL = "not a regular file"
    NOT_UTF8 = "name is not UTF-8"
    LONG_NAME = "name too long for S3"

    @property
    def is_loss(self) -> bool:
        """Whether a person who looks at the folder would expect the entry in S3."""
        return self not in (Reason.HIDDEN, Reason.EMPTY)


@dataclass(frozen=True)
class LeftOut:
    """An entry that is not sent.

    Attributes:
        name: relative to the folder; folders end with a slash; bytes that are not UTF-8 are written as `\\xe9`.
        reason: why.
    """

    name: str
    reason: Reason


def shown_name(name: str) -> str:
    """Return a file's name as text that can be printed and encoded: other bytes are written as `\\xe9`."""
    return clean(name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def is_utf8(name: str) -> bool:
    """Return whether a name from the file system is valid UTF-8, as keys of S3 must be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def sentences(left_out: Iterable[LeftOut]) -> list[str]:
    """Return one sentence for each reason: losses first, with the first names."""
    names: dict[Reason, list[str]] = {}
    for entry in left_out:
        names.setdefault(entry.reason, []).append(entry.name)
    return [_sentence(reason, names[reason]) for reason in sorted(names, key=lambda reason: not reason.is_loss)]


def _sentence(reason: Reason, names: list[str]) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    count = plural(len(names), "entry", "entries")
    return f"{count} left out ({reason.value}): {', '.join(names[:SHOWN])}{more}."
