"""Spans of time as people write them (`6h`, `1h30m`, `2d`), in whole seconds."""

from __future__ import annotations

import re

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Only a number that stands alone counts seconds: `1h30` would be read as 1h30m by most people.
_PATTERN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_LONGEST = 30
"""Characters; a longer one is a mistake, whatever it says."""


def parse_duration(value: str | int) -> int:
    """Seconds of `6h`, `90m`, `1h30m`, `2d`, or of a bare number of seconds.

    Raises:
        ValueError: it is not a span of time, or it is not positive.
    """
    text = str(value).strip().lower().replace(" ", "")
    match = _PATTERN.fullmatch(f"{text}s" if text.isdecimal() else text)
    if not text or len(text) > _LONGEST or match is None:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
        raise ValueError(f"{shown!r} is not a span of time; write it like 6h, 90m or 1h30m")
    seconds = sum(int(number or 0) * unit for number, unit in zip(match.groups(), _UNITS.values(), strict=True))
    if seconds <= 0:
        raise ValueError(f"{value!r} is not a positive span of time")
    return seconds


def format_duration(seconds: float) -> str:
    """The shortest exact way to write a span of whole seconds: `6h`, `1h30m`, `45s`."""
    left, parts = round(seconds), []
    for unit, size in _UNITS.items():
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def clock(seconds: float) -> str:
    """A span for a live display: `0:04`, `3:20`, `1:02:11`."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
