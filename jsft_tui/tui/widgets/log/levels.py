"""Log levels as words in a line, for its color and for the jump to the first error."""

from __future__ import annotations

import re

_ERROR = re.compile(r"\b(?:ERROR|FATAL|CRITICAL|Traceback|[A-Za-z]*(?:Error|Exception)\b:?)")
_ERROR_WORDS = ("Error", "ERROR", "Exception", "Traceback", "FATAL", "CRITICAL")
"""Every line that `_ERROR` matches contains one of these; testing for them first is faster than the expression."""
_LEVELS = (
    (_ERROR, "failed"),
    (re.compile(r"\bWARN(?:ING)?\b|\b[A-Za-z]*Warning\b"), "warning"),
    (re.compile(r"\b(?:DEBUG|TRACE)\b"), "muted"),
)


def is_error(text: str) -> bool:
    """Return whether a line looks like an error."""
    return any(word in text for word in _ERROR_WORDS) and _ERROR.search(text) is not None


def level_style(text: str) -> str:
    """Return the style name of a line's level, or an empty string."""
    return next((name for pattern, name in _LEVELS if pattern.search(text)), "")
