"""Text from outside: cleaned of what a terminal would obey, redacted of secrets, cut to cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import groupby, pairwise

_BIDI = (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C)
# Half of a UTF-16 pair, as JSON can hold it: no stream can encode it.
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_CONTROLS: dict[int, str | None] = {**dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_BIDI)), **_SURROGATES}
_ONE_LINE = {**_CONTROLS, 0x09: " ", 0x0A: " ", 0x0B: " ", 0x0C: " ", 0x0D: " ", 0x2028: " ", 0x2029: " "}
_BLOCK = {**_CONTROLS, 0x09: "    ", 0x0A: "\n"}

# Whole escape sequences first, so that their printable tails ("[2J") go too (ECMA-48 §5.4, §5.6). A string that has
# no end takes the rest of its line with it, not the rest of a log.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
_WRAPPED_FROM = 50
"""Characters of a line from which on its paragraph may have been broken to fit a width."""
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\(?(?:\d+|[A-Za-z]|[ivx]+)[.)])\s")
_LINE_ENDS = re.compile(r"\r\n?")

# What stands between a name and its value: `=`, `: "`, `\\": \\"` (JSON in JSON), `': b'` (botocore's debug log),
# `>` (XML).
_IS = r"(\\?['\"]?\s*[:=>]\s*b?\\?['\"]?)"
_SECRETS = (
    re.compile(rf"(?i)(secret_?access_?key|secret_?key|client_?secret){_IS}[A-Za-z0-9/+=._~-]{{16,}}"),
    re.compile(
        r"(?i)(session_?token|security-token|access_?token|refresh_?token|id_?token|authorization_?token)"
        rf"{_IS}[^\s'\"&,}}<\\]{{8,}}"
    ),
    re.compile(r"(?i)(signature)(=)[A-Za-z0-9+/%=]{16,}"),
    re.compile(rf"(?i)(authorization){_IS}[^\n'\"]+"),
    re.compile(r"()()\bhf_[A-Za-z0-9]{16,}\b"),
)
_ACCESS_KEY = re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{4})[A-Z0-9]{12}\b")


def clean(text: str) -> str:
    """One line of text without escape sequences, control characters and bidirectional overrides."""
    return _ESCAPES.sub("", text).translate(_ONE_LINE)


def clean_block(text: str) -> str:
    """The same for text of several lines: lines stay, whatever ends them, and tabs become four blanks."""
    return _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).translate(_BLOCK)


def unwrapped(text: str) -> str:
    """A text without the line ends that somebody put in to fit it to a width: who shows it breaks it anew.

    A line end goes where the next word would not have fitted into the longest line of its paragraph. Short lines,
    as those of a heading or an address, and items of a list stay.
    """
    whole: list[str] = []
    for is_text, group in groupby(text.split("\n"), key=lambda line: bool(line.strip())):
        lines = list(group)
        whole += _unwrapped_paragraph(lines) if is_text else lines
    return "\n".join(whole)


def _unwrapped_paragraph(lines: list[str]) -> list[str]:
    width = max(map(len, lines))
    whole = [lines[0].rstrip()]
    for before, line in pairwise(lines):
        word = line.split()[0]
        if width >= _WRAPPED_FROM and len(before.rstrip()) + 1 + len(word) > width and not _LIST_ITEM.match(line):
            whole[-1] = f"{whole[-1]} {line.strip()}"
        else:
            whole.append(line.rstrip())
    return whole


def clean_log(text: str) -> str:
    """The same for what a program wrote to a terminal: of a line that carriage returns wrote over, its last state.

    A progress bar is one line then, however often it moved (tqdm; awslabs/gluonts#891).
    """
    if text.isprintable():  # most lines are: nothing is in them that would have to go
        return text
    if "\r" not in text:
        return clean_block(text)
    return clean_block("\n".join(_last_state(line) for line in text.split("\n")))


def _last_state(line: str) -> str:
    states = line.split("\r")
    return next((state for state in reversed(states) if state.strip()), "")


def redact(text: str) -> str:
    """The text without secrets: keys, tokens, signatures (access key ids keep their first eight letters)."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1\2***", text)
    return _ACCESS_KEY.sub(r"\1***", text)


def cells(text: str) -> int:
    """How many terminal cells the text takes: wide characters two, combining marks none."""
    return sum(_cells_of(character) for character in text)


def fit(text: str, width: int) -> str:
    """The text cut to at most `width` cells, with an ellipsis when something was cut."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _cells_of(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…" if width > 0 else ""


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words most like a mistyped one, best first, whatever their case."""
    by_fold: dict[str, list[str]] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), []).append(candidate)
    near = get_close_matches(word.casefold(), by_fold, n=count, cutoff=0.55)
    return [candidate for folded in near for candidate in by_fold[folded]][:count]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known words, or nothing."""
    near = nearest(word, known)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def plural(count: int, noun: str, plural_noun: str = "") -> str:
    """`1 row`, `2 rows`, `1,204 classes`."""
    return f"{count:,} {noun if count == 1 else plural_noun or noun + 's'}"


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def dollars(amount: float | None) -> str:
    """An amount for people: `$42.54`, `unknown`."""
    if amount is None:
        return "unknown"
    if amount >= 0.01 or amount == 0:
        return f"${amount:,.2f}"
    return f"${amount:.4f}" if amount >= 0.0001 else "<$0.0001"
