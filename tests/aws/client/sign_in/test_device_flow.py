"""Signing in with a code: what is asked, what is kept, and how it can end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.tokens import SSOTokenProvider

from jsft_tui.aws.client.profiles import session_of_profile
from jsft_tui.aws.client.sign_in.device_flow import DeviceFlow
from jsft_tui.aws.client.sign_in.sso import sso_sign_ins
from jsft_tui.core.common.errors import Problem
from tests.aws.client.sign_in.identity_center import CODE, IdentityCenter


@pytest.fixture
def center(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityCenter]:
    """An Identity Center that the profile `team` signs in at."""
    with IdentityCenter() as started:
        config = tmp_path / "config"
        config.write_text(f"{started.profile('team')}[profile keys]\nregion = us-west-2\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        for name, value in started.variables.items():
            monkeypatch.setenv(name, value)
        yield started


def test_a_confirmed_code_leaves_a_token_that_botocore_uses(center: IdentityCenter, tmp_path: Path) -> None:
    flow = DeviceFlow("team", tmp_path / "cache")
    code = flow.begin()
    assert (code.code, flow.interval) == (CODE, 0)
    assert CODE in code.url
    assert center.asked[0]["scopes"] == ["sso:account:access"]
    assert not flow.is_confirmed()
    assert [each.ends for each in sso_sign_ins(tmp_path / "cache")] == [None]
    center.confirm()
    assert flow.is_confirmed()

    file = next((tmp_path / "cache").glob("*.json"))
    assert file.stat().st_mode & 0o077 == 0
    cache = {file.stem: json.loads(file.read_text())}
    token = SSOTokenProvider(session_of_profile("team"), cache).load_token()
    assert token is not None
    assert token.get_frozen_token().token == center.token
    signed_in = sso_sign_ins(tmp_path / "cache")
    assert [each.profile for each in signed_in] == ["team"]
    assert signed_in[0].ends is not None


@pytest.mark.parametrize(
    ("error", "says"), [("ExpiredTokenException", "in time"), ("AccessDeniedException", "refused in the browser")]
)
def test_a_code_that_is_not_confirmed_ends_with_a_reason(
    error: str, says: str, center: IdentityCenter, tmp_path: Path
) -> None:
    flow = DeviceFlow("team", tmp_path / "cache")
    flow.begin()
    center.fail(error)
    with pytest.raises(Problem, match=says):
        flow.is_confirmed()
    assert not list(tmp_path.glob("cache/*"))


def test_who_asks_too_often_waits_longer(center: IdentityCenter, tmp_path: Path) -> None:
    flow = DeviceFlow("team", tmp_path / "cache")
    flow.begin()
    center.fail("SlowDownException")
    assert not flow.is_confirmed()
    assert flow.interval == 5


def test_a_profile_without_sso_settings_says_how_to_complete_them(center: IdentityCenter) -> None:
    del center
    with pytest.raises(Problem, match="no complete SSO settings") as refused:
        DeviceFlow("keys")
    assert "aws configure sso --profile keys" in str(refused.value)
