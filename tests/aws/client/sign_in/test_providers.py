"""Whatever a credential provider raises is one Problem that says what to correct; `aws sso login` is for SSO only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.profiles import profile_settings
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.common.remedy import Remedy
from tests.common.servers.stub_aws import KEYS, ROLE, Reply, Request, StubAws, aws_home, identity, refusal

ROLE_LINE = f"role_arn = {ROLE}\n"
SSO = (
    "[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
    "[profile over]\nsource_profile = sso\n" + ROLE_LINE + "[sso-session corp]\nsso_region = us-west-2\n"
    "sso_start_url = https://corp.awsapps.com/start\nsso_registration_scopes = sso:account:access\n"
)
EXPORTED = {"AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "s"}
WEB = "AWS_WEB_IDENTITY_TOKEN_FILE"


def problem_of(profile: str | None, region: str = "us-west-2", **target: object) -> Problem:
    with pytest.raises(Problem) as caught:
        Account(Target(region, profile=profile, **target)).iam.identity()  # type: ignore[arg-type]
    problem = caught.value
    assert problem.code in SIGNED_OUT, problem
    assert problem.remedy
    assert "\n" not in str(problem)
    return problem


@pytest.mark.parametrize(
    ("settings", "says", "remedy"),
    [
        (ROLE_LINE, "source_profile or credential_source", "[profile team]"),
        (ROLE_LINE + "source_profile = gone\n", '"gone"', "[profile team]"),
        (ROLE_LINE + "source_profile = team\n", "nfinite", "[profile team]"),
        (ROLE_LINE + "source_profile = a\ncredential_source = Environment\n", "both", "[profile team]"),
        (ROLE_LINE + "credential_source = Nowhere\n", "Nowhere", "[profile team]"),
        (ROLE_LINE + "credential_source = Ec2InstanceMetadata\n", "No credentials found", "[profile team]"),
        (ROLE_LINE + "web_identity_token_file = /nope/token\n", "/nope/token cannot be read", "[profile team]"),
        (ROLE_LINE + "web_identity_token_file = /\n", "is a directory", "[profile team]"),
        ("web_identity_token_file = /nope/token\n", "no role ARN", "[profile team]"),
        ("aws_access_key_id = A\n", "aws_secret_access_key", "~/.aws/config"),
        ("sso_account_id = 1\nsso_role_name = A\n", "sso_start_url", "[profile team]"),
        ("sso_session = gone\nsso_account_id = 1\nsso_role_name = A\n", "gone", "[profile team]"),
    ],
    ids=str,
)
def test_a_mistake_in_a_profile_names_it(tmp_path: Path, settings: str, says: str, remedy: str) -> None:
    with aws_home(tmp_path, f"[profile team]\n{settings}"):
        problem = problem_of("team")
    assert says in problem.message
    assert remedy in problem.remedy
    assert "sso login" not in problem.remedy


@pytest.mark.parametrize(
    ("variables", "says", "remedy"),
    [
        ({WEB: "/nope/token", "AWS_ROLE_ARN": ROLE}, "/nope/token cannot be read", WEB),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/creds"}, "Unsupported host", "AWS_CONTAINER_"),
        (
            {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nope/token",
            },
            "/nope/token cannot be read",
            "AWS_CONTAINER_",
        ),
        ({"AWS_ACCESS_KEY_ID": "A"}, "AWS_SECRET_ACCESS_KEY", "together"),
        ({"AWS_SECRET_ACCESS_KEY": "s"}, "AWS_ACCESS_KEY_ID is not set", "together"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "s"}, "AWS_ACCESS_KEY_ID is empty", "together"),
        ({"AWS_ACCESS_KEY_ID": "A\nB", "AWS_SECRET_ACCESS_KEY": "s"}, "AWS_ACCESS_KEY_ID contains a line end", "anew"),
        ({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s "}, "AWS_SECRET_ACCESS_KEY contains a blank", "anew"),
        ({"AWS_ACCESS_KEY_ID": '"A"', "AWS_SECRET_ACCESS_KEY": "s"}, "is in quotation marks", "anew"),
        ({"AWS_ACCESS_KEY_ID": "<key>", "AWS_SECRET_ACCESS_KEY": "s"}, "AWS_ACCESS_KEY_ID is a placeholder", "anew"),
        ({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "${SECRET}"}, "is a placeholder", "anew"),
        ({**EXPORTED, "AWS_SESSION_TOKEN": "tokenvalue\n"}, "AWS_SESSION_TOKEN contains a line end", "anew"),
        ({**EXPORTED, "AWS_SESSION_TOKEN": "t\u00f6ken"}, "AWS_SESSION_TOKEN contains a character", "anew"),
    ],
    ids=[
        *("web", "host", "token", "partial", "other-half", "empty", "two-lines", "blank", "quoted", "placeholder"),
        *("variable", "line-end", "letter"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    tmp_path: Path, variables: dict[str, str], says: str, remedy: str
) -> None:
    with aws_home(tmp_path, "", **variables):
        problem = problem_of(None, exported_keys=True)
    assert says in problem.message
    assert remedy in problem.remedy
    assert "tokenvalue" not in str(problem)


@pytest.mark.parametrize(
    "token", [None, '{"startUrl": "https://corp', "[]", "{}", '{"accessToken": "t", "expiresAt": 1}']
)
@pytest.mark.parametrize("profile", ["sso", "over"])
def test_an_sso_sign_in_that_is_over_or_broken_names_its_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str | None, profile: str
) -> None:
    cache = tmp_path / "sso"
    cache.mkdir()
    for provider in (SSOProvider, SSOTokenProvider):  # botocore reads HOME when it is imported
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(cache))
    if token is not None:
        (cache / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(token)
    with aws_home(tmp_path, SSO):
        problem = problem_of(profile)
    assert problem.code == "ExpiredToken"
    assert isinstance(problem.remedy, Remedy)
    assert str(problem.remedy) == "Sign in again: aws sso login --profile sso"


def test_a_role_that_lets_nobody_in_is_named_with_the_reason(tmp_path: Path) -> None:
    def answer(request: Request) -> Reply:
        why = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on {ROLE}"
        return refusal("sts", "AccessDenied", why)

    config = f"[profile base]\n[profile team]\n{ROLE_LINE}source_profile = base\n"
    with StubAws(answer) as stub, aws_home(tmp_path, config, f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        problem = problem_of("team")
    assert f"the role {ROLE} could not be assumed" in problem.message
    assert "not authorized to perform: sts:AssumeRole" in problem.message


@pytest.mark.parametrize(
    ("profile", "remedy"), [("keys", "Put new keys into the profile keys"), (None, "Export new keys")]
)
def test_expired_keys_are_renewed_where_they_come_from(tmp_path: Path, profile: str | None, remedy: str) -> None:
    variables = {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}

    def answer(request: Request) -> Reply:
        return refusal("sts", "ExpiredToken", "The security token included in the request is expired")

    with StubAws(answer) as stub:
        given = {} if profile else variables
        with aws_home(tmp_path, "", f"[keys]\n{KEYS}", AWS_ENDPOINT_URL=stub.url, **given):
            problem = problem_of(profile, exported_keys=profile is None)
    assert problem.code == "ExpiredToken"
    assert remedy in problem.remedy


@pytest.mark.parametrize(("region", "code"), [("us-west-2", "InvalidCredentials"), ("af-south-1", "RegionNotEnabled")])
def test_a_region_that_may_not_be_enabled_is_said(tmp_path: Path, region: str, code: str) -> None:
    def answer(request: Request) -> Reply:
        return refusal("sts", "InvalidClientTokenId", "The security token included in the request is invalid")

    with StubAws(answer) as stub, aws_home(tmp_path, "", f"[keys]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        problem = problem_of("keys", region)
    assert problem.code == code
    if code == "RegionNotEnabled":
        assert "af-south-1" in problem.message
        assert "--region" in problem.remedy


def test_a_profile_without_credentials_is_named(tmp_path: Path) -> None:
    with aws_home(tmp_path, "[profile bare]\noutput = json\n"):
        problem = problem_of("bare")
    assert problem.code == "NoCredentials"
    assert "the profile bare has no credentials" in problem.message
    assert "aws configure --profile bare" in problem.remedy


def test_a_profile_hides_the_keys_and_the_profile_of_the_environment(tmp_path: Path) -> None:
    variables = {"AWS_PROFILE": "nope", "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "s"}
    with StubAws(lambda _: identity()) as stub:
        with aws_home(tmp_path, "", f"[base]\n{KEYS}", AWS_ENDPOINT_URL=stub.url, **variables):
            Account(Target("us-west-2", profile="base")).iam.identity()
            Account(Target("us-west-2", profile="base", exported_keys=True)).iam.identity()
        signed = [request.headers["Authorization"] for request in stub.requests]
    assert "AKIAIOSFODNN7EXAMPLE" in signed[0]
    assert "AKIAENVIRONMENT" in signed[1]


def test_a_profile_with_half_of_its_sso_settings_says_what_it_lacks(tmp_path: Path) -> None:
    with aws_home(tmp_path, "[profile team]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-west-2\n"):
        problem = problem_of("team")
    assert "sso_account_id and sso_role_name" in problem.message
    assert "aws configure sso --profile team" in problem.remedy


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (b"[profile a\n", "line 1"),
        (b"region = x\n", "line 1"),
        (b"[profile a]\nregion = x\n[profile a]\n", "line 3 begins [profile a] a second time"),
        (b"[profile a]\nregion = x\nregion = y\n", "line 3 sets region of [profile a] a second time"),
        (b"[profile a]\nsecretsecret\n", "line 2"),
        (b"\xef\xbb\xbf[profile a]\n", "byte-order mark"),
        ("[profile a]\n".encode("utf-16"), "UTF-16"),
        (b"[profile a]\nrole = \xff\n", "not UTF-8"),
        (b"[profile a]\ns3 =\n  lots\n", "not name = value"),
    ],
    ids=["open", "bare", "twice", "set-twice", "no-value", "bom", "utf-16", "latin", "nested"],
)
def test_a_config_file_that_cannot_be_parsed_is_named_with_the_line(tmp_path: Path, config: bytes, says: str) -> None:
    with aws_home(tmp_path, "") as files:
        (files / "config").write_bytes(config)
        problem = problem_of(None)
    assert "config cannot be read" in problem.message
    assert says in problem.message
    assert "secretsecret" not in problem.message


def test_a_section_that_is_a_value_is_named(tmp_path: Path) -> None:
    with aws_home(tmp_path, f"[profile team]\n{KEYS}s3 = 5\n"), pytest.raises(Problem) as caught:
        Account(Target("us-west-2", profile="team")).iam.identity()
    assert caught.value.code == "BadConfiguration"
    assert "s3 in [profile team]" in caught.value.message


@pytest.mark.parametrize(
    "setting", ["defaults_mode = hyper", "sts_regional_endpoints = both", "request_checksum_calculation = never"]
)
def test_a_setting_that_botocore_refuses_has_a_remedy(tmp_path: Path, setting: str) -> None:
    with aws_home(tmp_path, f"[profile team]\n{KEYS}{setting}\n"), pytest.raises(Problem) as caught:
        Account(Target("us-west-2", profile="team")).iam.identity()
    assert setting.split()[-1] in caught.value.message
    assert "~/.aws/config" in caught.value.remedy


def test_a_number_of_the_environment_that_is_none_is_named(tmp_path: Path) -> None:
    with aws_home(tmp_path, "", AWS_METADATA_SERVICE_TIMEOUT="soon"), pytest.raises(Problem) as caught:
        Account(Target("us-west-2")).iam.identity()
    assert "AWS_METADATA_SERVICE_TIMEOUT" in caught.value.message


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_file_that_may_not_be_read_is_not_taken_for_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with aws_home(tmp_path, "", "") as files:
        refused, opened = files / name, os.open

        def refusing(path: Any, *args: Any, **kwargs: Any) -> Any:
            if Path(path) == refused:
                raise PermissionError(13, "Permission denied", str(path))
            return opened(path, *args, **kwargs)

        monkeypatch.setattr(os, "open", refusing)  # root may read everything
        problem = problem_of(None)
        with pytest.raises(Problem) as caught:
            profile_settings("team")
    assert problem.message == caught.value.message == f"{refused} cannot be read: permission denied."


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("aws_access_key_id =\naws_secret_access_key =\n", "aws_access_key_id, which the profile team gives, is empty"),
        ("aws_access_key_id = A\naws_secret_access_key = 's'\n", "is in quotation marks"),
    ],
)
def test_keys_that_are_none_are_named_before_a_request_is_signed(tmp_path: Path, keys: str, says: str) -> None:
    with aws_home(tmp_path, "[profile team]\nregion = us-west-2\n", f"[team]\n{keys}"):
        assert says in problem_of("team").message


def test_a_section_without_the_word_profile_is_told(tmp_path: Path) -> None:
    with aws_home(tmp_path, "[team]\nregion = us-west-2\n"), pytest.raises(Problem) as caught:
        profile_settings("team")
    assert "[profile team]" in caught.value.remedy


def test_a_config_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    with aws_home(tmp_path, "", AWS_CONFIG_FILE=str(tmp_path)), pytest.raises(Problem) as caught:
        Account(Target("us-west-2")).iam.identity()
    assert caught.value.code in ("BadConfiguration", "NoCredentials", "SignInFailed")
