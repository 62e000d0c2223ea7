"""Messages for users who are not signed in, or whose sign-in expired, and the question for an MFA code."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jsft_tui.core.common.errors import SIGNED_OUT, Problem

NO_TARGET = frozenset({"NoRegion", "NoCredentials", "UnknownProfile", "SignInFailed"})
"""Codes of Problems without any reachable account, for which the welcome screen is shown."""

SIGN_IN = "sign-in"
"""Key of `Session.problems` for a sign-in that is over."""

_WHY = {
    "ExpiredToken": "the sign-in has expired.",
    "InvalidCredentials": "AWS does not recognize these access keys.",
    "NoCredentials": "not signed in.",
}
"""Messages for the codes whose own text says no more. The other codes keep the reason that they came with."""


class CodeRequest(NamedTuple):
    """What an MFA code is wanted for.

    Attributes:
        device: serial number or ARN of the MFA device.
        profile: the profile that assumes a role with it.
        is_repeated: whether the code before was not accepted.
    """

    device: str
    profile: str | None
    is_repeated: bool = False


class DeviceCode(NamedTuple):
    """A code that is confirmed in a browser, on any machine.

    Attributes:
        code: to be typed, or compared.
        address: where it is typed.
        url: the same with the code in it.
    """

    code: str
    address: str
    url: str


AskCode = Callable[[CodeRequest], str | None]
"""Asks the user for an MFA code; None if no code is given. Called in any thread."""

CODE_DIGITS = 6
"""AWS STS API Reference, AssumeRole, `TokenCode`."""


def check_code(text: str) -> str | None:
    """Return what is wrong with an MFA code; None if nothing is."""
    if len(text) == CODE_DIGITS and text.isascii() and text.isdigit():
        return None
    return f"An MFA code has {CODE_DIGITS} digits."


def no_terminal_for_code(request: CodeRequest) -> str | None:
    """Refuse a code where nobody can be asked.

    Raises:
        Problem: always.
    """
    flag = f" --profile {request.profile}" if request.profile else ""
    message = f"an MFA code of {request.device} is required, and there is no terminal to ask on."
    remedy = f"Sign in on a terminal first, where it is kept until it expires: aws sts get-caller-identity{flag}"
    raise Problem("SignInFailed", message, remedy)


def sign_in_command(profile: str | None) -> str:
    """Return the sign-in command for a profile; without one, a placeholder stands for its name."""
    return f"aws sso login --profile {profile or 'NAME'}"


def signed_out(problem: Problem, profile: str | None, again: str) -> Problem:
    """Rephrase a problem for a user whose sign-in ended; return any other problem unchanged.

    Args:
        problem: what went wrong, with the remedy that fits the credentials if that is known.
        profile: whose sign-in it was.
        again: how to retry: a key or a command.
    """
    if problem.code not in SIGNED_OUT:
        return problem
    what = problem.remedy.rstrip(".") or f"Run {sign_in_command(profile)}"
    message, remedy = _WHY.get(problem.code, problem.message), f"{what}, then {again}."
    return Problem(problem.code, message, remedy, kind=problem.kind, retryable=problem.retryable)
