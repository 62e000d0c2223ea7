"""Standard output in any encoding: what it cannot show becomes `?` as wide as the character, or its ASCII look."""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper
from typing import TextIO

ERRORS = "jsft.shown"
"""Name of the error handler (`codecs.register_error`)."""

_LOOKS = {
    **{"…": ".", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "•": "*", "·": ".", "│": "|"},
    **{"●": "*", "✔": "+", "✖": "x", "■": "#"},
    **dict(zip("▁▂▃▄▅▆▇█", ".:-=+*#@", strict=True)),
}


def _shown(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from jsft_tui.core.common.text import cells

    characters = error.object[error.start : error.end]
    return "".join(_LOOKS.get(each) or "?" * max(1, cells(each)) for each in characters), error.end


codecs.register_error(ERRORS, _shown)


def show_in_any_encoding() -> None:
    """Let stdout and stderr replace what they cannot encode, instead of raising an error in the middle of a table."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def takes_unicode(stream: TextIO | None) -> bool:
    """Tell whether a stream can show every character; one without an encoding holds text."""
    encoding = getattr(stream, "encoding", None)
    return encoding is None or encoding.lower().replace("-", "").startswith("utf")


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal; it is None where it was closed (`>&-`)."""
    return stream is not None and stream.isatty()
