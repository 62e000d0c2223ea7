"""The lifetime of credentials, read where botocore finds them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from jsft_tui.aws.client.credentials import token_life
from jsft_tui.core.account.identity import TokenFacts

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PLACE = "https://example.awsapps.com/start"
CONFIG = f"""
[profile legacy]
sso_start_url = {PLACE}
sso_region = us-west-2
sso_account_id = 123456789012
sso_role_name = Trainer
region = us-west-2

[profile session]
sso_session = work
sso_account_id = 123456789012
sso_role_name = Trainer

[sso-session work]
sso_start_url = {PLACE}
sso_region = us-west-2

[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret

[profile process]
credential_process = cat process.json

[profile role]
role_arn = arn:aws:iam::123456789012:role/Trainer
source_profile = keys
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a folder with AWS files only, nothing of this computer's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config").write_text(CONFIG)
    return tmp_path


def life(folder: Path, profile: str | None) -> TokenFacts:
    return token_life(boto3.Session(profile_name=profile), NOW.timestamp(), folder / "cache")


def sign_in(folder: Path, key: str, **token: Any) -> None:
    """Write a token as `aws sso login` does."""
    (folder / "cache").mkdir()
    name = hashlib.sha1(key.encode()).hexdigest()
    document = {"startUrl": PLACE, "accessToken": "t", "region": "us-west-2", **token}
    (folder / "cache" / f"{name}.json").write_text(json.dumps(document))


@pytest.mark.parametrize("written", ["2026-11-25T12:30:00Z", "2026-11-25T12:30:00UTC"])
def test_an_sso_sign_in_lasts_as_long_as_its_token(folder: Path, written: str) -> None:
    sign_in(folder, PLACE, expiresAt=written)
    assert life(folder, "legacy") == TokenFacts(1800.0)


def test_an_sso_session_renews_while_it_has_a_refresh_token(folder: Path) -> None:
    sign_in(folder, "work", expiresAt="2026-11-25T12:30:00Z", refreshToken="r")
    assert life(folder, "session") == TokenFacts(1800.0, renews=True)


@pytest.mark.parametrize("broken", [{}, {"expiresAt": "soon"}, {"expiresAt": None}])
def test_a_token_without_an_expiry_is_no_finding(folder: Path, broken: dict[str, Any]) -> None:
    assert life(folder, "legacy").seconds_left is None
    sign_in(folder, PLACE, **broken)
    assert life(folder, "legacy").seconds_left is None


def test_keys_do_not_end_and_an_assumed_role_renews(folder: Path) -> None:
    assert life(folder, "keys") == TokenFacts()
    assert life(folder, "role").seconds_left is None


def test_exported_keys_with_an_end_do_not_renew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    ends = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", ends.isoformat())

    found = token_life(boto3.Session(), ends.timestamp() - 600, folder)

    assert found.seconds_left == pytest.approx(600.0)
    assert not found.renews


def test_a_process_that_gives_keys_is_run_again(folder: Path) -> None:
    keys = {"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "s", "SessionToken": "t"}
    ends = datetime.now(UTC) + timedelta(hours=1)
    (folder / "process.json").write_text(json.dumps({**keys, "Expiration": ends.isoformat()}))
    found = life(folder, "process")
    assert found.renews
    assert found.seconds_left == pytest.approx(ends.timestamp() - NOW.timestamp(), abs=1)


def test_without_a_sign_in_there_is_no_expiry(folder: Path) -> None:
    (folder / "config").write_text("")
    assert life(folder, None) == TokenFacts()
