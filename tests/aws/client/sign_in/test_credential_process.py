"""A `credential_process` runs without our terminal, and every mistake in it says what to correct."""

from __future__ import annotations

import json
import shlex
import stat
import sys
from pathlib import Path

import pytest

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.client.sign_in.credential_process import process_runner
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from tests.common.servers.stub_aws import aws_home

GOOD = {"Version": 1, "AccessKeyId": "ASIAX", "SecretAccessKey": "s", "SessionToken": "t"}


def script(folder: Path, body: str) -> str:
    file = folder / "program"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def prints(document: object) -> str:
    return f"echo {shlex.quote(json.dumps(document))}"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("echo 'Error: your VPN is not connected; run corp-login first' >&2; exit 3", "your VPN is not connected"),
        ("printf 'ein Fehler: \\374\\n' >&2; exit 1", "ein Fehler"),
        ("exit 7", "exit code 7 and said nothing"),
        ("kill -9 $$", "exit code -9"),
        ("true", "prints nothing"),
        ("echo Opening browser...; echo '{}'", "text before its JSON"),
        ("echo export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", "prints no JSON"),
        ("printf '\\377\\376'", "prints no JSON"),
        ("echo '[1]'", "JSON of another form"),
        ("echo null", "JSON of another form"),
        (prints({}), "Version None"),
        (prints({**GOOD, "Version": 2}), "Version 2"),
        (prints({"Version": 1, "AccessKeyId": "A"}), "no SecretAccessKey"),
        (prints({**GOOD, "AccessKeyId": None}), "no AccessKeyId"),
        (prints({**GOOD, "Expiration": "soon"}), "no time"),
        (prints({**GOOD, "Expiration": "2099-01-01T00:00:00"}), "no time with a time zone"),
        (prints({**GOOD, "Expiration": 4070908800}), "no time"),
        (prints({**GOOD, "Expiration": "2001-01-01T00:00:00Z"}), "expired at 2001"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_program_is_said(tmp_path: Path, body: str, says: str) -> None:
    config = f"[profile team]\ncredential_process = {script(tmp_path, body)}\n"
    with aws_home(tmp_path, config), pytest.raises(Problem) as caught:
        AwsSession(Target("us-west-2", profile="team")).client("sts")
    problem = caught.value
    assert problem.code == "SignInFailed"
    assert says in problem.message
    assert "the profile team" in problem.message
    assert str(tmp_path) in problem.remedy or "credential_process of the profile team" in problem.remedy
    assert "wJalr" not in str(problem)
    assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("/nonexistent/tool --json", "/nonexistent/tool cannot be run: no such file or directory"),
        ("~/bin/tool", "~ and $ are not expanded there"),
        ("$HOME/bin/tool", "~ and $ are not expanded there"),
        ("/", "permission denied"),
        ("'/no end", "No closing quotation"),
        ("''", "cannot be run"),
    ],
)
def test_a_program_that_cannot_be_run_is_named(tmp_path: Path, command: str, says: str) -> None:
    with aws_home(tmp_path, f"[profile team]\ncredential_process = {command}\n"), pytest.raises(Problem) as caught:
        AwsSession(Target("us-west-2", profile="team")).client("sts")
    assert says in caught.value.message
    assert caught.value.code == "SignInFailed"


def test_it_has_no_terminal_and_no_input(tmp_path: Path) -> None:
    looks = "import os, sys; print(sys.stdin.read() == '', os.getsid(0) == os.getpid(), file=sys.stderr); sys.exit(1)"
    run = process_runner("team", "config")
    with pytest.raises(Problem, match="True True"):
        run([sys.executable, "-c", looks])


def test_one_that_waits_is_ended_with_its_children(tmp_path: Path) -> None:
    # The child holds the output open: if it were not ended, the end of what was said would never come.
    body = "echo 'Open https://example.com/device' >&2; sleep 9999 & wait"
    run = process_runner("team", "config", deadline=1.0)
    with pytest.raises(Problem, match=r"did not end within 1 s\. It says: Open https://example\.com/device") as caught:
        run([script(tmp_path, body)])
    assert "Run it yourself" in caught.value.remedy


def test_its_keys_are_used_and_it_runs_in_a_chain_of_roles_too(tmp_path: Path) -> None:
    bad = script(tmp_path, "echo 'no VPN' >&2; exit 1")
    config = (
        f"[profile team]\ncredential_process = {bad}\n"
        "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/B\nsource_profile = team\n"
    )
    with aws_home(tmp_path, config), pytest.raises(Problem, match=r"the profile team: .*no VPN"):
        AwsSession(Target("us-west-2", profile="role")).client("sts")
    good = script(tmp_path, prints({**GOOD, "Expiration": "2099-01-01T00:00:00Z"}))
    with aws_home(tmp_path, f"[profile team]\ncredential_process = {good}\n"):
        session = AwsSession(Target("us-west-2", profile="team"))
        session.client("sts")
        assert session.token_life().renews
