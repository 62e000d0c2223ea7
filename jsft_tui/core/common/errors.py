"""Define `Problem`, the only exception type that reaches the CLI and the TUI."""

from __future__ import annotations

from enum import Enum

from jsft_tui.core.common.fixes import Fix
from jsft_tui.core.common.text import sentence


class ProblemKind(Enum):
    """The kind of a problem; it determines the exit code of the command line."""

    UNEXPECTED = "unexpected"
    """A bug, or an unforeseen error."""
    USAGE = "usage"
    """The command line or the run file is wrong."""
    BLOCKED = "blocked"
    """Preflight found that the run would fail or be wasted."""
    REFUSED = "refused"
    """AWS, or the connection to it, failed."""
    UNKNOWN = "unknown"
    """It is not known whether a job was launched."""
    JOB = "job"
    """The training job failed or was stopped."""
    INTERRUPTED = "interrupted"
    """The user pressed ctrl+c."""


class Problem(Exception):
    """An error that the user can read and act on.

    Attributes:
        code: a short stable name, for example `UnknownModel` or an AWS error code.
        message: one line: what happened and why.
        remedy: one line: what to do now; empty if there is nothing useful to do.
        kind: determines the exit code.
        retryable: whether the same call may succeed when repeated.
        fixes: remedies that can be applied to the refused run; the first applicable one is used.
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
        return f"{sentence(self.message)} {self.remedy}" if self.remedy else self.message

    def __repr__(self) -> str:
        return f"Problem({self.code!r}, {self.message!r}, {self.remedy!r}, kind={self.kind.name})"


def usage(code: str, message: str, remedy: str = "") -> Problem:
    """Create a problem with the command line or the run file."""
    return Problem(code, message, remedy, kind=ProblemKind.USAGE)


def blocked(code: str, message: str, remedy: str = "", fixes: tuple[Fix, ...] = ()) -> Problem:
    """Create a problem that blocks a launch."""
    return Problem(code, message, remedy, kind=ProblemKind.BLOCKED, fixes=fixes)


# Codes of `aws.client.errors` after which no AWS request can succeed, launching included.
SIGNED_OUT = frozenset({"NoCredentials", "ExpiredToken", "InvalidCredentials", "RegionNotEnabled", "SignInFailed"})
