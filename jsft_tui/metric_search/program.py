"""Searches a job's lines for metrics, in a process of its own with a limit of time.

The regular expressions come with the job, and one like `(a+)+$` can take longer than the universe on one
line. Python's `re` cannot be interrupted from another thread and lets none run meanwhile, so a search in the
client's or the sandbox's own process would freeze all of it. Here it freezes nothing: this file is also the program
of a small child (standard library only, started in some 20 ms), in which a timer breaks off a search.

The child reads the definitions as one JSON line, then a JSON line with a list of texts for every batch, and
answers each batch with a JSON line `{"found": [[line, name, captured, after], ...], "dropped": [name, ...]}`.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from typing import NoReturn

LIMIT_SECONDS = 0.2
"""Processor time that one definition may take on one line."""
STRIKES = 3
"""A definition that takes longer on so many lines is used no more."""
BUDGET_SECONDS = 1.0
"""Processor time that one definition may take on all lines of a batch; else it is used no more."""

Definition = tuple[str, str]
"""Name and regular expression."""
Found = tuple[int, str, str, str]
"""The line's place in its batch, the metric's name, what the first group captured, and what follows it."""
AFTER = 8
"""So many characters of what follows: an exponent that the expression cut off is among them."""


class TooSlow(Exception):
    """The timer has rung."""


def wrong_with(regex: str) -> str:
    """Why a regular expression cannot find a metric; empty when it can."""
    try:
        expression = re.compile(regex)
    except (re.error, OverflowError, RecursionError) as problem:
        return f"is not a regular expression: {problem}"
    return "" if expression.groups else "has no group that captures the value"


class Search:
    """Definitions at work. Uses this process's virtual timer, so there can be only one, in the main thread.

    Attributes:
        dropped: the names of the definitions that were too slow, since they were last asked for.
    """

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._expressions = [(name, re.compile(regex)) for name, regex in definitions]
        self._strikes = dict.fromkeys(range(len(definitions)), 0)
        """Place of a definition that is used -> on how many lines it took too long."""
        self._spent: dict[int, float] = {}
        """Place -> seconds that it took on this batch."""
        self.dropped: list[str] = []
        signal.signal(signal.SIGVTALRM, _ring)

    def batch(self, texts: Sequence[str]) -> list[Found]:
        """For each line and definition the first match, its first group."""
        self._spent = dict.fromkeys(self._strikes, 0.0)
        return [found for number, text in enumerate(texts) for found in self._line(number, text)]

    def _line(self, number: int, text: str) -> Iterator[Found]:
        before = time.process_time()
        for place in list(self._strikes):
            name, expression = self._expressions[place]
            try:
                captured = _within_limit(expression, text)
            except TooSlow:
                self._strikes[place] += 1
                captured = None
            now = time.process_time()
            self._spent[place] += now - before
            before = now
            self._drop_if_slow(place)
            if captured is not None:
                yield number, name, *captured

    def _drop_if_slow(self, place: int) -> None:
        if self._strikes[place] >= STRIKES or self._spent[place] > BUDGET_SECONDS:
            del self._strikes[place]
            self.dropped.append(self._expressions[place][0])


def first_match(expression: re.Pattern[str], text: str) -> tuple[str, str] | None:
    """What the first group of the first match captured, and what follows it; empty when it took no part."""
    match = expression.search(text)
    if match is None:
        return None
    end = match.end(1)
    return match[1] or "", text[end : end + AFTER] if end >= 0 else ""


def _within_limit(expression: re.Pattern[str], text: str) -> tuple[str, str] | None:
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_SECONDS)
        return first_match(expression, text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _ring(_signal: int, _frame: object) -> NoReturn:
    raise TooSlow


def main() -> None:
    """Read the definitions, then answer batch after batch until stdin closes, as it does when its parent dies."""
    search = Search(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        found = search.batch(json.loads(line))
        dropped, search.dropped = search.dropped, []
        sys.stdout.write(json.dumps({"found": found, "dropped": dropped}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
