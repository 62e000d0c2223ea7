"""Read the sections and values of a run file by type; errors are collected, with suggestions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jsft_tui.core.catalog.spec.hyperparameter import Scalar, as_text
from jsft_tui.core.common.durations import parse_duration
from jsft_tui.core.common.strict_yaml import StrictYamlError, read_yaml
from jsft_tui.core.common.text import clean, did_you_mean, fit

T = TypeVar("T")

MOST_ERRORS = 20
"""Errors that a message lists."""
LONGEST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""


class SectionReader:
    """Reads values by type and collects the errors; `at` is the path of a value, for messages."""

    def __init__(self, errors: list[str] | None = None) -> None:
        """`errors` is the list to add to, if there is one already."""
        self.errors: list[str] = [] if errors is None else errors

    def section(self, value: Any, at: str, known: tuple[str, ...]) -> Mapping[Any, Any] | None:
        """Return a mapping whose keys are all known; None with an error for anything else."""
        if not isinstance(value, Mapping):
            self.errors.append(f"{at} must be a mapping of {', '.join(known)}")
            return None
        self.known(value, known, at)
        return value

    def known(self, section: Mapping[Any, Any], known: tuple[str, ...], at: str) -> None:
        """Report keys that are not known, with the nearest known one."""
        unknown = [key_text(key) for key in section if key not in known]
        for key in unknown[:MOST_ERRORS]:
            hint = did_you_mean(key, known).rstrip("?") or f"Known: {', '.join(known)}"
            self.errors.append(f"unknown key {path_of(at, key)!r} ({hint[0].lower()}{hint[1:]})")
        self.errors.extend(f"unknown key {path_of(at, key)!r}" for key in unknown[MOST_ERRORS:])

    def required(self, section: Mapping[Any, Any], key: str, at: str, read: Callable[[Any, str], T | None]) -> T | None:
        """Read a key that must be there."""
        if section.get(key) is None:
            self.errors.append(f"{path_of(at, key)} is missing")
            return None
        return read(section[key], path_of(at, key))

    def optional(self, section: Mapping[Any, Any], key: str, at: str, read: Callable[[Any, str], T | None]) -> T | None:
        """Read a key if it is there; None if it is not."""
        return read(section[key], path_of(at, key)) if section.get(key) is not None else None

    def word(self, value: Any, at: str) -> str | None:
        """Read a text."""
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            if not str(value).strip():
                self.errors.append(f"{at} is empty")
                return None
            return str(value)  # blanks at its ends were put into quotes: a key in S3 may have them
        # A fraction would change when written again: version 2.10 would become 2.1.
        quotes = "; write it in quotes" if isinstance(value, (bool, float)) else ""
        self.errors.append(f"{at} must be text, not {shown(value)}{quotes}")
        return None

    def words(self, value: Any, at: str) -> tuple[str, ...] | None:
        """Read a list of texts, or one."""
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
            self.errors.append(f"{at} must be a list of names")
            return None
        return tuple(value)

    def flag(self, value: Any, at: str) -> bool | None:
        """Read true or false."""
        if isinstance(value, bool):
            return value
        self.errors.append(f"{at} must be true or false, not {shown(value)}")
        return None

    def count(self, value: Any, at: str) -> int | None:
        """Read a whole number of at least 1."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.errors.append(f"{at} must be a whole number of at least 1, not {shown(value)}")
        return None

    def amount(self, value: Any, at: str) -> float | None:
        """Read an amount of USD."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf"):
            return float(value)
        self.errors.append(f"{at} must be an amount of USD, not {shown(value)}")
        return None

    def duration(self, value: Any, at: str) -> int | None:
        """Read a duration, in seconds."""
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.errors.append(f"{at} must be a duration like 6h, 90m or 1h30m, not {shown(value)}")
            return None
        try:
            return parse_duration(value)
        except ValueError as error:
            self.errors.append(f"{at}: {error}")
            return None


def path_of(at: str, key: str) -> str:
    """Return the path of a key: `instance.type`."""
    return f"{at}.{key}" if at else key


def key_text(key: Scalar) -> str:
    """Format a key for a message, in a limited length."""
    return fit(clean(str(key)), LONGEST_SHOWN)


def shown(value: Any) -> str:
    """Format a value for a message, in a limited length."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else fit(repr(value), LONGEST_SHOWN)


def typed(text: str) -> Any:
    """Return a value as a YAML scalar (`10` instead of `'10'`) if reading it back gives the same text."""
    try:
        value = read_yaml(text)
    except StrictYamlError:
        return text
    plain = isinstance(value, (bool, int, float)) and as_text(value) == text
    return value if plain else text


def without_none(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section without the keys that have no value."""
    return {key: value for key, value in section.items() if value is not None}
