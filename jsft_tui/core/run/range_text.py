"""Ranges as one word, on the command line and in run files: `1e-5..1e-2:log`, `8..64`, `16,32,64`."""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import TypeVar

from jsft_tui.core.catalog.spec.hyperparameter import Scalar
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.core.run.tuning import Choices, Direction, Range, Scale, Span, Strategy, WarmStartKind

BETWEEN = ".."
E = TypeVar("E", bound=Enum)

_OTHER_WORDS: dict[str, Enum] = {
    "logarithmic": Scale.LOG,
    "reverselogarithmic": Scale.REVERSE_LOG,
    "lin": Scale.LINEAR,
    "max": Direction.MAXIMIZE,
    "maximise": Direction.MAXIMIZE,
    "higher": Direction.MAXIMIZE,
    "min": Direction.MINIMIZE,
    "minimise": Direction.MINIMIZE,
    "lower": Direction.MINIMIZE,
    "bayes": Strategy.BAYESIAN,
    "identicaldataandalgorithm": WarmStartKind.IDENTICAL,
    "transferlearning": WarmStartKind.TRANSFER,
}
"""Words of the API, and others that a person may write."""


def parse_range(text: str) -> Range:
    """Parse a range.

    Raises:
        ValueError: it is none; the message says what is wrong.
    """
    if BETWEEN not in text:
        values = tuple(part.strip() for part in text.split(","))
        if not all(values):
            raise ValueError(f"{text!r} has an empty value; write values like 16,32,64, or a range like 1e-5..1e-2:log")
        return Choices(values)
    bounds, _, word = text.partition(":")
    low, _, high = bounds.partition(BETWEEN)
    scale = word_of(Scale, word) if word.strip() else Scale.AUTO
    return Span(_bound(low, text), _bound(high, text), scale)


def range_text(tried: Range) -> str:
    """Format a range as `parse_range` reads it."""
    if isinstance(tried, Choices):
        return ",".join(tried.values)
    scale = "" if tried.scale is Scale.AUTO else f":{tried.scale.value}"
    return f"{tried.minimum}{BETWEEN}{tried.maximum}{scale}"


def number_text(value: Scalar) -> str | None:
    """Return a number as the SageMaker SDK sends it (`1e-05`, `0.1`, `8`); None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return str(int(text)) if re.fullmatch(r"[-+]?[0-9]{1,18}", text) else str(number)


def word_of(kind: type[E], text: str) -> E:
    """Return the member of an enum that a word means, in any case, and as the API writes it.

    Raises:
        ValueError: it means none; the message names those there are.
    """
    plain = _plain(text)
    found = next((member for member in kind if _plain(str(member.value)) == plain), _OTHER_WORDS.get(plain))
    if isinstance(found, kind):
        return found
    known = [str(member.value) for member in kind]
    hint = did_you_mean(text, known)
    raise ValueError(f"must be {', '.join(known[:-1])} or {known[-1]}, not {text!r}{f'. {hint}' if hint else ''}")


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]", "", word).lower()


def _bound(text: str, whole: str) -> str:
    found = number_text(text)
    if found is None:
        raise ValueError(f"{text.strip()!r} is not a number; a range is written like 1e-5..1e-2:log, not {whole!r}")
    return found
