"""`jsft sandbox`, `jsft doctor`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem
from tests.common.home import Home, environment


def test_the_status_shows_where_it_is(home: Home) -> None:
    status = home.json("sandbox", "status")

    assert status["running"] is True
    assert status["endpoint"] == home.sandbox.info["endpoint"]
    assert status["pid"] == home.sandbox.process.pid
    assert status["state_dir"] == str(home.paths.sandbox)


def test_starting_a_running_sandbox_changes_nothing(home: Home) -> None:
    assert home.json("sandbox", "start")["pid"] == home.sandbox.process.pid


def test_another_region_needs_a_stop_first(home: Home) -> None:
    outcome = home.jsft("sandbox", "start", "--region", "eu-west-1", "--json", target=None)

    assert (outcome.code, outcome.error["code"]) == (2, "SandboxRegion")


def test_its_environment_makes_boto3_use_it(home: Home) -> None:
    lines = home.jsft("sandbox", "env", target=None).out
    script = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"

    done = subprocess.run(
        ["bash", "-c", f'{lines}\n{sys.executable} -c "{script}"'], capture_output=True, text=True, check=False
    )

    assert done.stdout.strip() == "123456789012", done.stderr


def test_a_sandbox_of_its_own_starts_stops_and_resets(home: Home, tmp_path: Path) -> None:
    variables = {"JSFT_HOME": str(tmp_path / "own")}

    started = home.jsft("sandbox", "start", "--json", target=None, **variables)
    try:
        assert started.document["running"] is True
        assert home.jsft("models", "lite0", **variables).code == 0
        stopped = home.jsft("sandbox", "stop", "--json", target=None, **variables)
        assert stopped.document["running"] is False
        assert home.jsft("sandbox", "env", target=None, **variables).code == 4
        assert home.jsft("sandbox", "reset", target=None, **variables).code == 2  # nobody to ask
        assert home.jsft("sandbox", "reset", "--yes", target=None, **variables).code == 0
        assert not (tmp_path / "own/state/sandbox").exists()
    finally:
        home.jsft("sandbox", "stop", target=None, **variables)


def test_a_sandbox_that_is_not_installed_says_how_to_install_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.services.target.sandbox.find_spec", lambda name: None)

    outcome = home.jsft("models", "--json", JSFT_HOME=str(tmp_path / "none"))

    assert (outcome.code, outcome.error["code"]) == (2, "SandboxNotInstalled")
    assert "pip install 'jsft-tui[sandbox]'" in outcome.error["remedy"]


def test_a_sandbox_endpoint_elsewhere_is_refused() -> None:
    from jsft_tui.aws.client.session import AwsSession

    keys = StaticCredentials("key", "secret")
    for endpoint in (
        "http://192.0.2.1:80",
        "https://sagemaker.us-west-2.amazonaws.com",
        "http://localhost.evil.test:1",
    ):
        with pytest.raises(Problem, match="not on this computer"):
            AwsSession(Target("us-west-2", endpoint=endpoint, credentials=keys, sandbox=True))


def test_the_sandbox_never_sees_real_credentials(home: Home) -> None:
    home.sandbox.forget_calls()

    outcome = home.jsft("jobs", AWS_ACCESS_KEY_ID="AKIAREALREALREALREAL", AWS_SECRET_ACCESS_KEY="real")

    assert outcome.code == 0  # with real keys the sandbox would have refused the signature


def test_a_proxy_of_the_environment_does_not_see_calls_to_the_sandbox(home: Home) -> None:
    assert home.jsft("jobs", HTTP_PROXY="http://192.0.2.1:9", http_proxy="http://192.0.2.1:9").code == 0


def test_the_doctor_finds_all_well_in_the_sandbox(home: Home) -> None:
    report = home.json("doctor")

    levels = {finding["subject"]: finding["level"] for finding in report["findings"]}
    assert report["verdict"] == "pass", report
    assert levels["identity"] == levels["launch"] == levels["role"] == "pass"


def test_the_doctor_says_what_is_missing_without_credentials(home: Home) -> None:
    outcome = home.jsft("doctor", "--region", "us-west-2", "--json", target=None)

    assert outcome.code == 4
    identity = next(finding for finding in outcome.document["findings"] if finding["subject"] == "identity")
    assert identity["level"] == "block"
    assert "sso login" in identity["remedy"]


def test_the_doctor_says_where_the_settings_are_and_whether_the_keys_can_be(home: Home, tmp_path: Path) -> None:
    def findings(*words: object) -> dict[str, tuple[str, str]]:
        document = home.jsft("doctor", "--json", *words).document
        return {found["subject"]: (found["level"], found["message"]) for found in document["findings"]}

    missing = f"{home.paths.config_file} does not exist: all settings have their defaults."
    assert findings()["settings"] == ("pass", missing)
    file = tmp_path / "mine.yaml"
    file.write_text("keys: {launch: ctrl+y}\n")
    found = findings("--config", file)
    assert found["settings"] == ("pass", f"{file}.")
    assert found["keys"] == ("pass", "1 action with custom keys.")
    file.write_text("keys: {launch: j}\n")
    level, message = findings("--config", file)["keys"]
    assert level == "block"
    assert message == f'{file}: keys: j would be both launch and "down" in lists.'
    file.write_text("key: {launch: j}\n")
    found = findings("--config", file)
    assert found["settings"][0] == "block"
    assert "target" not in found


def test_the_doctor_writes_nothing(home: Home) -> None:
    home.sandbox.forget_calls()

    home.json("doctor")

    writing = ("Create", "Put", "Delete", "Stop", "Update", "Add")
    assert not [call for call in home.sandbox.calls() if call[1].startswith(writing)]


def test_jsft_triggers_nothing_that_the_sandbox_does_not_answer(home: Home) -> None:
    with environment(home.environment()):
        for words in (["models"], ["instances"], ["s3", "ls"], ["jobs"], ["doctor"]):
            assert home.jsft(*words).code == 0

    assert home.sandbox.control("GET", "unimplemented") == []
