"""What goes wrong before or around every command: usage, credentials, network, crashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.common.home import Home


def test_no_credentials_say_how_to_sign_in(home: Home) -> None:
    outcome = home.jsft("models", "--region", "us-west-2", "--json", target=None)

    assert (outcome.code, outcome.error["code"]) == (4, "NoCredentials")
    assert "--sandbox" in outcome.error["remedy"]


def test_no_region_is_a_usage_error(home: Home) -> None:
    outcome = home.jsft("models", "--json", target=None)

    assert (outcome.code, outcome.error["code"]) == (2, "NoRegion")


def test_an_unknown_profile_is_named(home: Home) -> None:
    outcome = home.jsft("models", "--profile", "nobody", "--json", target=None)

    assert (outcome.code, outcome.error["code"]) == (2, "UnknownProfile")


def test_expired_credentials_say_how_to_sign_in(home: Home) -> None:
    home.sandbox.set_faults({"do": "expired", "times": None})

    outcome = home.jsft("jobs", "--json")

    assert (outcome.code, outcome.error["code"]) == (4, "ExpiredToken")
    assert "aws sso login" in outcome.error["remedy"]


def test_wrong_keys_are_distinguished(home: Home) -> None:
    outcome = home.jsft(
        "jobs",
        "--json",
        target=None,
        AWS_REGION="us-west-2",
        AWS_ENDPOINT_URL=home.sandbox.info["endpoint"],
        AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
        AWS_SECRET_ACCESS_KEY="wrong",
    )

    assert (outcome.code, outcome.error["code"]) == (4, "InvalidCredentials")


def test_an_endpoint_of_the_environment_is_honoured(home: Home) -> None:
    info = home.sandbox.info

    outcome = home.jsft(
        "models",
        "--json",
        target=None,
        AWS_REGION="us-west-2",
        AWS_ENDPOINT_URL=info["endpoint"],
        AWS_ACCESS_KEY_ID=info["access_key_id"],
        AWS_SECRET_ACCESS_KEY=info["secret_access_key"],
    )

    assert outcome.code == 0
    assert len(outcome.document) >= 40


def test_the_content_bucket_can_be_overridden(home: Home) -> None:
    outcome = home.jsft("models", "--json", AWS_JUMPSTART_CONTENT_BUCKET_OVERRIDE="jsft-sandbox-us-west-2")

    assert outcome.code == 4  # that bucket has no manifest
    assert "s3://jsft-sandbox-us-west-2/models_manifest.json" in outcome.error["message"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["modls"], "jsft models"),
        (["models", "--bogus"], "--bogus"),
        (["check"], "RUN.yaml"),
        (["models", "--sandbox", "--profile", "x"], "--profile"),
    ],
)
def test_usage_errors_exit_2_and_say_where_help_is(home: Home, words: list[str], says: str) -> None:
    outcome = home.jsft(*words, target=None)

    assert outcome.code == 2
    assert says in outcome.err
    assert outcome.out == ""


def test_global_options_work_before_and_after_the_command(home: Home) -> None:
    before = home.jsft("--sandbox", "--json", "s3", "ls", target=None)
    between = home.jsft("s3", "--sandbox", "--json", "ls", target=None)
    after = home.jsft("s3", "ls", "--sandbox", "--json", target=None)

    assert before.document == between.document == after.document


def test_help_needs_no_target(home: Home) -> None:
    for words in (["--help"], ["models", "--help"], ["sandbox", "--help"], ["s3", "ls", "-h"]):
        outcome = home.jsft(*words, target=None)
        assert outcome.code == 0
        assert outcome.out.startswith("Usage: ")


def test_a_bad_settings_file_is_a_usage_error(home: Home, folder: Path) -> None:
    (folder / "config.yaml").write_text("regoin: us-west-2\n")

    outcome = home.jsft("models", "--config", folder / "config.yaml", "--json", target=None)

    assert (outcome.code, outcome.error["code"]) == (2, "BadConfig")
    assert "region" in outcome.error["remedy"]


def test_settings_are_used(home: Home, folder: Path) -> None:
    (folder / "config.yaml").write_text("sandbox: true\n")

    assert home.jsft("models", "--config", folder / "config.yaml", target=None).code == 0


def test_an_unexpected_error_leaves_a_report_and_one_line(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from jsft_tui.services.catalog import Catalog

    def burst(self: Catalog) -> None:
        raise RuntimeError("it burst with AKIAIOSFODNN7EXAMPLE")

    monkeypatch.setattr(Catalog, "cards_to_fetch", burst)

    outcome = home.jsft("models", "--json")

    assert (outcome.code, outcome.error["code"]) == (1, "Unexpected")
    assert "Traceback" not in outcome.err + outcome.out
    report = sorted(home.paths.log.glob("crash-*.log"))[-1]
    assert "RuntimeError" in report.read_text()
    assert "AKIAIOSFODNN7EXAMPLE" not in report.read_text()


def test_a_reader_that_has_seen_enough_is_no_error(home: Home) -> None:
    command = f"{sys.executable} -m jsft_tui models --all --sandbox | head -n 1; exit ${{PIPESTATUS[0]}}"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root), **home.environment()},
    )

    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("MODEL")


def test_errors_as_data_are_one_document(home: Home) -> None:
    outcome = home.jsft("model", "nonsense", "--json")

    assert set(json.loads(outcome.out)["error"]) == {"code", "message", "remedy"}
