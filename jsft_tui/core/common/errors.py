"""The only error that the faces of jsft ever see."""

from __future__ import annotations

from enum import Enum

from jsft_tui.core.common.fixes import Fix


class ProblemKind(Enum):
    """Who has to act on a problem; the command line turns it into its exit code."""

    UNEXPECTED = "unexpected"
    """A bug of ours, or something nobody foresaw."""
    USAGE = "usage"
    """The words typed, or the run file, are wrong."""
    BLOCKED = "blocked"
    """Preflight says that this run would be paid for in vain."""
    REFUSED = "refused"
    """AWS (or the way to it) said no."""
    JOB = "job"
    """The training job failed or was stopped."""
    INTERRUPTED = "interrupted"
    """The user pressed ctrl+c."""


class Problem(Exception):
    """Something that the user can read and act on.

    Attributes:
        code: a short stable name, for example `UnknownModel` or AWS's own error code.
        message: one line: what happened and why.
        remedy: one line: what to do now; empty when there is nothing sensible to say.
        kind: who has to act.
        retryable: whether the same call may work when it is made again.
        fixes: remedies that can be applied to the run that was refused; the first that applies is meant.
    """

    def __init__(
        self,
        code: str,
        message: str,
        remedy: str = "",
        *,
        kind: ProblemKind = ProblemKind.REFUSED,
        retryable: bool = False,
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.kind = kind
        self.retryable = retryable
        self.fixes = fixes

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.message!r}, {self.remedy!r}, kind={self.kind.name})"


def usage(code: str, message: str, remedy: str = "") -> Problem:
    """A problem of what was typed or written in a run file."""
    return Problem(code, message, remedy, kind=ProblemKind.USAGE)


def blocked(code: str, message: str, remedy: str = "", fixes: tuple[Fix, ...] = ()) -> Problem:
    """A problem that would have been paid for in vain."""
    return Problem(code, message, remedy, kind=ProblemKind.BLOCKED, fixes=fixes)


# Codes of `aws.translate` that mean that nothing at all can be called, launching included.
SIGNED_OUT = frozenset({"NoCredentials", "ExpiredToken", "InvalidCredentials"})
