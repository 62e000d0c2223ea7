"""Search a job's log lines for metrics; this is the program of the child process.

The regular expressions come with the job, and a search for one like `(a+)+$` in a single line may practically never
end. Python's `re` cannot be interrupted from another thread and holds the GIL, so a search in the process of the
client or the sandbox would freeze it. This program is a small child process instead (standard library only, started
in about 20 ms), in which a timer interrupts the search.

It reads the definitions as one JSON line, then one JSON line with a list of texts for every batch, and replies to each
batch with a JSON line `{"found": [[line, name, captured, after], ...], "dropped": [name, ...]}`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

LIMIT_SECONDS = 0.2
"""Maximum CPU time of one definition on one line."""
MAX_TIMEOUTS = 3
"""Lines on which a definition may exceed that limit before it is dropped."""
BUDGET_SECONDS = 1.0
"""Maximum CPU time of one definition on all lines of a batch; a definition that exceeds it is dropped."""

Definition = tuple[str, str]
"""Name and regular expression."""
Found = tuple[int, str, str, str]
"""Index of the line in its batch, metric name, text captured by the first group, and the text that follows it."""
AFTER = 8
"""Characters of the following text that are kept: enough for an exponent that the expression cut off."""


class TooSlow(Exception):
    """The time limit of a search has expired."""


def regex_problem(regex: str) -> str:
    """Return why a regular expression cannot capture a metric value; empty if it can."""
    try:
        expression = re.compile(regex)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression: {error}"
    return "" if expression.groups else "has no group that captures the value"


class Search:
    """A search with a time limit. It uses the process's virtual timer: one instance, in the main thread.

    Attributes:
        dropped: names of definitions that were too slow; the caller resets it.
    """

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._expressions = [(name, re.compile(regex)) for name, regex in definitions]
        self._timeouts = dict.fromkeys(range(len(definitions)), 0)
        """Index of each definition in use -> lines on which it exceeded the limit."""
        self._spent: dict[int, float] = {}
        """Index -> CPU seconds spent on the current batch."""
        self.dropped: list[str] = []
        signal.signal(signal.SIGVTALRM, _on_timer)

    def batch(self, texts: Sequence[str]) -> list[Found]:
        """Return the first match of each definition in each text."""
        self._spent = dict.fromkeys(self._timeouts, 0.0)
        return [found for number, text in enumerate(texts) for found in self._line(number, text)]

    def _line(self, number: int, text: str) -> Iterator[Found]:
        before = time.process_time()
        for index in list(self._timeouts):
            name, expression = self._expressions[index]
            try:
                captured = _within_limit(expression, text)
            except TooSlow:
                self._timeouts[index] += 1
                captured = None
            now = time.process_time()
            self._spent[index] += now - before
            before = now
            self._drop_if_slow(index)
            if captured is not None:
                yield number, name, *captured

    def _drop_if_slow(self, index: int) -> None:
        if self._timeouts[index] >= MAX_TIMEOUTS or self._spent[index] > BUDGET_SECONDS:
            del self._timeouts[index]
            self.dropped.append(self._expressions[index][0])


def first_match(expression: re.Pattern[str], text: str) -> tuple[str, str] | None:
    """Return the text captured by the first group of the first match (else empty), and the text that follows it."""
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


def _on_timer(_signal: int, _frame: object) -> NoReturn:
    raise TooSlow


def main() -> None:
    """Read the definitions, then reply to batch after batch until stdin is closed, as when the parent process ends."""
    documents = _documents(sys.stdin)
    if (definitions := next(documents, None)) is None:
        return
    search = Search(definitions)
    for texts in documents:
        found = search.batch(texts)
        dropped, search.dropped = search.dropped, []
        try:
            sys.stdout.write(json.dumps({"found": found, "dropped": dropped}) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # nobody waits for the reply any longer
            os._exit(0)  # an exit would flush the same text again


def _documents(lines: Iterable[str]) -> Iterator[Any]:
    """Read a document of each line; the parent may end in the middle of one, at any moment."""
    return (json.loads(line) for line in lines if line.endswith("\n"))


if __name__ == "__main__":
    main()
