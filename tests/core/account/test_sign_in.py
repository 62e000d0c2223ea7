"""What is said when nobody is signed in any more."""

from __future__ import annotations

from jsft_tui.core.account.sign_in import signed_out
from jsft_tui.core.common.errors import Problem


def test_an_expired_sign_in_says_which_command_and_key() -> None:
    told = signed_out(Problem("ExpiredToken", "could not list: The security token … is expired"), "research", "ctrl+r")
    assert str(told) == "the sign-in has expired. Run aws sso login --profile research, then ctrl+r."


def test_other_problems_stay_as_they_are() -> None:
    problem = Problem("AccessDenied", "could not list your buckets: denied")
    assert signed_out(problem, None, "r") is problem
