"""Signing in from the command line: asked once on the terminal, and every mistake ends with exit code 4."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

from jsft_tui.cli.app import run
from tests.common.home import Outcome
from tests.common.servers.stub_aws import KEYS, MFA_PROFILES, Reply, StubAws, StubSts, aws_home

TALKS = "[profile talks]\nregion = us-west-2\ncredential_process = echo Opening browser...\n"
HELPER = "[profile helper]\nregion = us-west-2\ncredential_process = sh -c 'echo no VPN >&2; exit 1'\n"
SSO = (
    "[profile sso]\nregion = us-west-2\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
    "[sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://corp.awsapps.com/start\n"
)


class Typing:
    """A person at a terminal who types these lines; without any more, the terminal is closed."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1) -> str:
        return f"{self.lines.pop(0)}\n" if self.lines else ""


def jsft(*words: str) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    return Outcome(code, out.getvalue(), err.getvalue())


def mfa_home(folder: Path, stub: StubAws) -> contextlib.AbstractContextManager[Path]:
    return aws_home(folder, MFA_PROFILES, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url, AWS_REGION="us-west-2")


@pytest.mark.parametrize("words", [("s3", "ls"), ("jobs",), ("doctor",), ("s3", "ls", "--json")], ids=" ".join)
@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("talks", "prints no JSON"),
        ("helper", "no VPN"),
        ("sso", "aws sso login --profile sso"),
    ],
)
def test_a_mistake_in_a_profile_is_no_surprise(tmp_path: Path, profile: str, says: str, words: tuple[str, ...]) -> None:
    with aws_home(tmp_path, TALKS + HELPER + SSO):
        outcome = jsft("--profile", profile, *words)
    assert outcome.code == 4, outcome
    assert says in outcome.out + outcome.err
    assert "unexpected" not in outcome.out + outcome.err
    assert ("sso login" in outcome.out + outcome.err) is (profile == "sso")


def test_a_code_is_asked_for_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typing("12", "123456"))
    with StubAws(StubSts("123456")) as stub, mfa_home(tmp_path, stub):
        first = jsft("--profile", "mfa", "s3", "ls")
        second = jsft("--profile", "mfa", "jobs", "--json")
    assert first.code == second.code == 0, (first, second)
    # The first was too short.
    assert (first.out + first.err).count("Enter MFA code for arn:aws:iam::123456789012:mfa/me") == 2
    assert "MFA" not in second.out + second.err


def test_a_code_that_is_not_accepted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typing("999999", "999998", "999997"))
    with StubAws(StubSts("123456")) as stub, mfa_home(tmp_path, stub):
        outcome = jsft("--profile", "mfa", "s3", "ls")
    assert outcome.code == 4
    assert outcome.err.count("This code was not accepted") == 2
    assert "AWS accepted none of 3 MFA codes" in outcome.err


def test_without_a_terminal_it_is_said_where_to_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_REGION="us-west-2"):
        outcome = jsft("--profile", "mfa", "jobs", "--json")
    assert outcome.code == 4
    assert "no terminal to ask on" in outcome.error["message"]
    assert "aws sts get-caller-identity --profile mfa" in outcome.error["remedy"]


def test_the_terminal_that_is_closed_at_the_question_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Typing())
    with aws_home(tmp_path, MFA_PROFILES, f"[base]\n{KEYS}", AWS_REGION="us-west-2"):
        outcome = jsft("--profile", "mfa", "jobs")
    assert outcome.code == 130
    assert "Nobody was signed in." in outcome.err


def test_the_doctor_names_the_endpoint_even_if_nobody_answers_there(tmp_path: Path) -> None:
    variables = {"AWS_REGION": "us-west-2", "AWS_MAX_ATTEMPTS": "1"}
    with StubAws(lambda _: Reply(503, "<html>proxy</html>")) as stub:
        url = stub.url
        with aws_home(tmp_path, "", f"[default]\n{KEYS}", AWS_ENDPOINT_URL=url, **variables):
            outcome = jsft("doctor")
    assert f"AWS us-west-2 at {url}" in outcome.out
    assert "unexpected" not in outcome.out + outcome.err


def test_a_flag_wins_over_a_profile_of_the_environment_that_is_gone(tmp_path: Path) -> None:
    with aws_home(tmp_path, TALKS, AWS_PROFILE="nope"):
        outcome = jsft("--profile", "talks", "jobs")
        other = jsft("jobs")
    assert "nope" not in outcome.err
    assert other.code == 2
    assert "there is no profile nope" in other.err
    assert "AWS_PROFILE" in other.err
