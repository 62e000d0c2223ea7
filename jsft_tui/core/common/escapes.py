"""Characters as escapes of JSON, Python and YAML, so that what is generated can be read, printed and sent anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Escape = Callable[[str], str]
"""Returns a character as an escape inside a quoted text."""


def json_escape(character: str) -> str:
    """Return the escape of JSON: two where UTF-16 has a surrogate pair (RFC 8259, section 7)."""
    return json.dumps(character)[1:-1] if character > "\x7f" else f"\\u{ord(character):04x}"


def code_escape(character: str) -> str:
    r"""Return the escape that Python and double-quoted YAML share (`\x`, `\u` and `\U`; YAML 1.2, section 5.7)."""
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str, escape: Escape) -> str:
    """Escape what cannot be seen: controls, bidirectional overrides, line separators, lone surrogates.

    The text is a document in which such characters stand only inside quotes; its line ends are kept.
    """
    return text if text.isprintable() else _escaped(text, escape, str.isprintable)


def in_ascii(text: str, escape: Escape) -> str:
    """Escape everything outside ASCII in a document, for a stream that is not UTF-8."""
    return text if text.isascii() else _escaped(text, escape, str.isascii)


def _escaped(text: str, escape: Escape, is_kept: Callable[[str], bool]) -> str:
    return "".join(letter if letter == "\n" or is_kept(letter) else escape(letter) for letter in text)


def json_text(document: Any) -> str:
    """Return an indented JSON document without its last line end; what cannot be seen is escaped.

    JSON has no infinity and no NaN (RFC 8259, section 6): they become null.
    """
    try:
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError:  # "Out of range float values are not JSON compliant"
        text = json.dumps(_finite(document), indent=2, ensure_ascii=False, allow_nan=False)
    return visible(text, json_escape)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
