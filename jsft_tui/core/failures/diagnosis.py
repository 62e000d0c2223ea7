"""Define a diagnosis and the pattern of the failure texts that lead to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.failures.origin import EVERYWHERE, Origin


@dataclass(frozen=True)
class Diagnosis:
    """The meaning of a failure text.

    Attributes:
        code: a short stable name of the cause.
        cause: what happened, one sentence.
        remedy: what to do, one sentence.
        fixes: remedies that the program can apply by itself, best first; the first applicable one is used.
    """

    code: str
    cause: str
    remedy: str
    fixes: tuple[Fix, ...] = ()

    @property
    def words(self) -> str:
        """Return the code in words, for places with little room: `GPU memory`, `max runtime`."""
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.code).lower()
        return re.sub(r"\b(?:gpu|eula|vpc)\b", lambda word: word[0].upper(), words)


@dataclass(frozen=True)
class FailurePattern:
    """A pattern of failure texts and their diagnosis.

    Attributes:
        pattern: a regular expression; the diagnosis may refer to its named groups (`{quota}`).
        diagnosis: what a matching text means.
        origins: the origins of texts in which the pattern is searched.
        is_general: whether the patterns of all other sources are tried first.
        unverified: whether the source lists the text as known but not verified.
    """

    pattern: re.Pattern[str]
    diagnosis: Diagnosis
    origins: frozenset[Origin] = EVERYWHERE
    is_general: bool = False
    unverified: bool = False


def known(
    pattern: str,
    code: str,
    cause: str,
    remedy: str,
    *fixes: FixKind,
    origins: frozenset[Origin] = EVERYWHERE,
    is_general: bool = False,
    unverified: bool = False,
) -> FailurePattern:
    """Return a pattern that ignores case and whose dots match line ends."""
    diagnosis = Diagnosis(code, cause, remedy, tuple(map(Fix, fixes)))
    return FailurePattern(re.compile(pattern, re.IGNORECASE | re.DOTALL), diagnosis, origins, is_general, unverified)
