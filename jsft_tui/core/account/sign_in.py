"""Signing in: what to do when nobody is signed in, or not any more."""

from __future__ import annotations

from jsft_tui.core.common.errors import SIGNED_OUT, Problem

NO_TARGET = frozenset({"NoRegion", "NoCredentials", "UnknownProfile"})
"""Codes of Problems that say that no account can be reached at all: the welcome screen is for them."""

_WHY = {
    "ExpiredToken": "the sign-in has expired.",
    "InvalidCredentials": "AWS does not know these keys.",
    "NoCredentials": "nobody is signed in.",
}


def sign_in_command(profile: str | None) -> str:
    """Return the sign-in command for a profile; without one, a placeholder stands for its name."""
    return f"aws sso login --profile {profile or 'NAME'}"


def signed_out(problem: Problem, profile: str | None, again: str) -> Problem:
    """Rephrase a problem for a user whose sign-in ended; return any other problem unchanged.

    Args:
        problem: what went wrong.
        profile: whose sign-in it was.
        again: what asks again then, in words: a key, a command.
    """
    if problem.code not in SIGNED_OUT:
        return problem
    remedy = f"Run {sign_in_command(profile)}, then {again}."
    return Problem(problem.code, _WHY[problem.code], remedy, kind=problem.kind, retryable=problem.retryable)
