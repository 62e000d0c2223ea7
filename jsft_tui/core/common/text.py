"""Clean text from outside of terminal controls, redact secrets, and fit text to terminal cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby, pairwise

# Marks, embeddings, overrides and isolates that change the reading direction (UAX #9, section 2), and the deprecated
# format characters that follow them, which swap digits and shapes (Unicode 16, section 23.3).
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x2070))
# Interlinear annotations hide the text that they annotate (Unicode 16, section 23.8).
_ANNOTATIONS = (0xFFF9, 0xFFFA, 0xFFFB)
_LINE_SEPARATORS = (0x2028, 0x2029)
_BYTE_ORDER_MARK = 0xFEFF
# JSON can hold half of a UTF-16 pair, which no stream can encode.
_SURROGATES = range(0xD800, 0xE000)

CONTROLS: Mapping[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_BIDI, *_ANNOTATIONS, *_LINE_SEPARATORS, _BYTE_ORDER_MARK)),
    **dict.fromkeys(_SURROGATES, "\ufffd"),
}
"""For `str.translate`: what no terminal may receive (C0, DEL, C1 and the above); nothing removed takes a cell."""

_ONE_LINE = {**CONTROLS, **dict.fromkeys((*range(0x09, 0x0E), *_LINE_SEPARATORS), " ")}
_BLOCK = {**CONTROLS, 0x09: "    ", **dict.fromkeys((0x0A, *_LINE_SEPARATORS), "\n")}

# Whole escape sequences are removed before single controls, so that their printable rest ("[2J") goes too (ECMA-48
# §5.4, §5.6). An unterminated string sequence ends with its line, so that it cannot hide the rest of a log.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
_WRAPPED_FROM = 50
"""Length of the longest line from which on a paragraph counts as wrapped to a width."""
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\(?(?:\d+|[A-Za-z]|[ivx]+)[.)])\s")
_LINE_ENDS = re.compile(r"\r\n?")


def clean(text: str) -> str:
    """Return one line of text without escape sequences, control characters and bidirectional overrides."""
    return _ESCAPES.sub("", text).translate(_ONE_LINE)


def clean_block(text: str) -> str:
    """Clean text of several lines: lines are kept, whatever ends them, and tabs become four spaces."""
    return _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).translate(_BLOCK)


def unwrapped(text: str) -> str:
    """Join lines that were wrapped to a width, so that the text can be wrapped again to another one.

    A line end is removed where the next word would not have fitted into the longest line of its paragraph. Short
    lines, like those of a heading or an address, and list items are kept.
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
    """Clean the output of a program; of a line that carriage returns overwrote, keep the last state.

    A progress bar becomes one line, however often it was redrawn (tqdm; awslabs/gluonts#891).
    """
    if text.isprintable():  # fast path: most lines
        return text
    if "\r" not in text:
        return clean_block(text)
    return clean_block("\n".join(_last_state(line) for line in text.split("\n")))


def _last_state(line: str) -> str:
    states = line.split("\r")
    return next((state for state in reversed(states) if state.strip()), "")


@cache
def _secrets() -> tuple[re.Pattern[str], ...]:
    """Return what is replaced behind its first two groups; compiled when needed, as that takes a millisecond."""
    # Separators between a name and its value: `=`, `: "`, `\\": \\"` (JSON in JSON), `': b'` (botocore's debug log),
    # `>` (XML).
    is_ = r"(\\?['\"]?\s*[:=>]\s*b?\\?['\"]?)"
    return (
        re.compile(rf"(?i)(secret_?access_?key|secret_?key|client_?secret){is_}[A-Za-z0-9/+=._~-]{{16,}}"),
        re.compile(
            r"(?i)(session_?token|security-token|access_?token|refresh_?token|id_?token|authorization_?token)"
            rf"{is_}[^\s'\"&,}}<\\]{{8,}}"
        ),
        re.compile(r"(?i)(signature)(=)[A-Za-z0-9+/%=]{16,}"),
        re.compile(rf"(?i)(authorization){is_}[^\n'\"]+"),
        re.compile(r"(Invalid header value )()b?(?P<quote>['\"]).*?(?P=quote)(?!\w)"),  # http.client, `putheader`
        re.compile(r"()()\bhf_[A-Za-z0-9]{16,}\b"),
        re.compile(r"\b((?:AKIA|ASIA)[A-Z0-9]{4})()[A-Z0-9]{12}\b"),
    )


def redact(text: str) -> str:
    """Remove secrets: keys, tokens, signatures. Access key ids keep their first eight characters."""
    for pattern in _secrets():
        text = pattern.sub(r"\1\2***", text)
    return text


def cells(text: str) -> int:
    """Return the width of the text in terminal cells: wide characters take two, combining marks none."""
    return sum(_cells_of(character) for character in text)


def fit(text: str, width: int) -> str:
    """Truncate the text to at most `width` cells; an ellipsis marks a truncated text."""
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
    """Return the known words most similar to a mistyped one, best first, ignoring case."""
    from difflib import get_close_matches  # a mistake is rare

    by_fold: dict[str, list[str]] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), []).append(candidate)
    near = get_close_matches(word.casefold(), by_fold, n=count, cutoff=0.55)
    return [candidate for folded in near for candidate in by_fold[folded]][:count]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that suggests the nearest known words, or an empty text."""
    near = nearest(word, known)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def plural(count: int, noun: str, plural_noun: str = "") -> str:
    """Return a count with its noun: `1 row`, `2 rows`, `1,204 classes`."""
    return f"{count:,} {noun if count == 1 else plural_noun or noun + 's'}"


def there_are_only(count: int, noun: str) -> str:
    """Return the start of a sentence: `there is only 1 row`, `there are only 2 rows`."""
    return f"there {'is' if count == 1 else 'are'} only {plural(count, noun)}"


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def dollars(amount: float | None) -> str:
    """Format an amount in USD: `$42.54`, `unknown`."""
    if amount is None:
        return "unknown"
    if amount >= 0.01 or amount == 0:
        return f"${amount:,.2f}"
    return f"${amount:.4f}" if amount >= 0.0001 else "<$0.0001"


def short_size(count: int) -> str:
    """Format a number of bytes as in lists, 1024 bytes to a KB: `3.1 KB`, `181 KB`."""
    number, units = float(count), ["B", "KB", "MB", "GB", "TB", "PB"]
    while number >= 1024 and len(units) > 1:
        number /= 1024
        del units[0]
    return f"{number:.0f} {units[0]}" if number >= 100 or units[0] == "B" else f"{number:.1f} {units[0]}"


def sentence(text: str) -> str:
    """Return a text with a period at its end, unless it ends as a sentence already."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", ":", "…")) else f"{text}."
