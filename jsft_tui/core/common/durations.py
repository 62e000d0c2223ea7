"""Parse and format durations (`6h`, `1h30m`, `2d`) in whole seconds."""

from __future__ import annotations

import re

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PATTERN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)
_LONGEST = 30
"""Characters; anything longer is a mistake."""


def parse_duration(value: str | int) -> int:
    """Parse `6h`, `90m`, `1h30m`, `2d`, or the seconds that a file gives as a number.

    A number that somebody types needs a unit: `2` could be hours to one and seconds to another, and most people would
    read `1h30` as 1h30m.

    Raises:
        ValueError: it is not a duration, has no unit, or is not positive.
    """
    text = f"{value}s" if isinstance(value, int) else value.strip().lower().replace(" ", "")
    if text.isascii() and text.isdecimal() and text.strip("0") and len(text) <= _LONGEST:
        raise ValueError(f"{text!r} has no unit; write {text}h for hours, {text}m for minutes or {text}d for days")
    match = _PATTERN.fullmatch(text)
    if not text or len(text) > _LONGEST or match is None:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
        raise ValueError(f"{shown!r} is not a duration; write it like 6h, 90m or 1h30m")
    seconds = sum(int(number or 0) * unit for number, unit in zip(match.groups(), _UNITS.values(), strict=True))
    if seconds <= 0:
        raise ValueError(f"{value!r} is not a positive duration")
    return seconds


def format_duration(seconds: float) -> str:
    """Format whole seconds in the shortest exact way: `6h`, `1h30m`, `45s`."""
    left, parts = round(seconds), []
    for unit, size in _UNITS.items():
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def duration_words(seconds: float) -> str:
    """Format a duration for a sentence: `30 min`, `6 h`, `1 h 10 min`, `45 s`."""
    words = {"d": "d", "h": "h", "m": "min", "s": "s"}
    return re.sub(r"(\d+)([dhms])", lambda part: f"{part[1]} {words[part[2]]} ", format_duration(seconds)).strip()


def clock(seconds: float) -> str:
    """Format a duration for a live display: `0:04`, `3:20`, `1:02:11`."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
