"""What is said when nobody is signed in any more."""

from __future__ import annotations

from jsft_tui.core.account.sign_in import check_code, signed_out
from jsft_tui.core.common.errors import Problem


def test_an_expired_sign_in_says_which_command_and_key() -> None:
    told = signed_out(Problem("ExpiredToken", "could not list: The security token … is expired"), "research", "ctrl+r")
    assert str(told) == "the sign-in has expired. Run aws sso login --profile research, then ctrl+r."


def test_other_problems_stay_as_they_are() -> None:
    problem = Problem("AccessDenied", "could not list your buckets: denied")
    assert signed_out(problem, None, "r") is problem


def test_the_reason_and_the_remedy_of_the_credentials_are_kept() -> None:
    why = "could not sign in with the profile x: its credential_process says: your VPN is not connected."
    told = signed_out(Problem("SignInFailed", why, "Do what it says, or run it yourself: /bin/x"), "x", "ctrl+r")
    assert str(told) == f"{why} Do what it says, or run it yourself: /bin/x, then ctrl+r."


def test_a_code_has_six_digits() -> None:
    assert check_code("123456") is None
    assert all(check_code(text) is not None for text in ("", "12345", "1234567", "12345٦", "12345x"))
