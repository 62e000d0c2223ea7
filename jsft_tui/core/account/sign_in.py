"""Messages for users who are not signed in, or whose sign-in expired."""

from __future__ import annotations

from jsft_tui.core.common.errors import SIGNED_OUT, Problem

NO_TARGET = frozenset({"NoRegion", "NoCredentials", "UnknownProfile"})
"""Codes of Problems without any reachable account, for which the welcome screen is shown."""

_WHY = {
    "ExpiredToken": "the sign-in has expired.",
    "InvalidCredentials": "AWS does not recognize these access keys.",
    "NoCredentials": "not signed in.",
}


def sign_in_command(profile: str | None) -> str:
    """Return the sign-in command for a profile; without one, a placeholder stands for its name."""
    return f"aws sso login --profile {profile or 'NAME'}"


def signed_out(problem: Problem, profile: str | None, again: str) -> Problem:
    """Rephrase a problem for a user whose sign-in ended; return any other problem unchanged.

    Args:
        problem: what went wrong.
        profile: whose sign-in it was.
        again: how to retry: a key or a command.
    """
    if problem.code not in SIGNED_OUT:
        return problem
    remedy = f"Run {sign_in_command(profile)}, then {again}."
    return Problem(problem.code, _WHY[problem.code], remedy, kind=problem.kind, retryable=problem.retryable)
