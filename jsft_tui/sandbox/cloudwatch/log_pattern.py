"""CloudWatch Logs' filter patterns, as far as they search for words.

Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters, ... and filter log events":
terms are case sensitive; `a b` wants both, `?a ?b` either, `-a` none, `"a b"` the words as they stand. Patterns for
JSON (`{ $.x = 1 }`) and for columns (`[ip, user]`) are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jsft_tui.sandbox.http.protocol import ApiError

_TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """What says whether a message matches.

    Raises:
        ApiError: `InvalidParameterException` for a pattern of another kind.
    """
    stripped = pattern.strip()
    if stripped[:1] in ("{", "[", "%"):
        raise ApiError(
            "InvalidParameterException",
            'The sandbox\'s filter patterns know terms only: "a phrase", word, ?either ?or, -without.',
        )
    required: list[str] = []
    optional: list[str] = []
    excluded: list[str] = []
    for sign, quoted, bare in _TERM.findall(stripped):
        term = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        {"": required, "?": optional, "-": excluded}[sign].append(term)

    def accepts(message: str) -> bool:
        # AWS ignores ?terms beside plain ones.
        wanted = all(term in message for term in required)
        either = bool(required) or not optional or any(term in message for term in optional)
        return wanted and either and not any(term in message for term in excluded)

    return accepts
