"""Which target is meant: flags, then the environment, then the profile, then the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from jsft_tui.config import Config
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from jsft_tui.paths import Paths
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.services import Services
from jsft_tui.services.target.resolve import TargetChoice, resolve_target
from jsft_tui.services.target.sandbox import Sandbox
from jsft_tui.services.target.target_files import own_file
from tests.common.home import environment

PROFILES = """
[default]
region = ap-south-1
[profile dev]
region = us-west-2
[profile prod]
region = eu-central-1
[profile bare]
output = json
[profile mirror]
region = us-west-2
endpoint_url = http://127.0.0.1:4566
[profile own-s3]
region = us-west-2
services = local
[services local]
s3 =
  endpoint_url = http://127.0.0.1:9000
"""
KEYS = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"}
PROD = TargetChoice("prod")


def resolve(
    folder: Path,
    choice: TargetChoice,
    variables: dict[str, str],
    config: Config | None = None,
    profiles: str = PROFILES,
) -> Target:
    file = folder / "config"
    file.write_text(profiles)
    files = {"AWS_CONFIG_FILE": str(file), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none")}
    with environment({**files, **variables}):
        return resolve_target(choice, config or Config(), Sandbox(folder / "sandbox"))


@pytest.mark.parametrize(
    ("choice", "variables", "config", "region"),
    [
        (TargetChoice("prod", "eu-north-1"), {"AWS_REGION": "us-west-2"}, Config(), "eu-north-1"),
        (PROD, {"AWS_REGION": "us-west-2"}, Config(region="us-east-1"), "us-west-2"),
        (PROD, {"AWS_DEFAULT_REGION": "us-west-2"}, Config(), "us-west-2"),
        (PROD, {"AWS_REGION": ""}, Config(region="us-east-1"), "eu-central-1"),
        (TargetChoice(), {"AWS_PROFILE": "prod"}, Config(region="us-east-1"), "eu-central-1"),
        (TargetChoice("bare"), {}, Config(region="us-east-1"), "us-east-1"),
        (TargetChoice(), {}, Config(region="us-east-1"), "us-east-1"),
        (TargetChoice(), {}, Config(profile="prod", region="us-east-1"), "us-east-1"),
        (TargetChoice(), {}, Config(profile="prod"), "eu-central-1"),
        (TargetChoice(), {}, Config(), "ap-south-1"),
        (TargetChoice("prod", own_region=True), {"AWS_REGION": "us-west-2"}, Config(region="x"), "eu-central-1"),
    ],
    ids=["flag", "env", "env2", "empty", "by env", "bare", "settings", "both", "settings'", "default", "own"],
)
def test_the_region(
    tmp_path: Path, choice: TargetChoice, variables: dict[str, str], config: Config, region: str
) -> None:
    assert resolve(tmp_path, choice, variables, config).region == region


@pytest.mark.parametrize(
    ("choice", "variables", "config", "label"),
    [
        (PROD, {"AWS_PROFILE": "nope", **KEYS}, Config(profile="dev"), "prod"),
        (TargetChoice(), {"AWS_PROFILE": "prod"}, Config(profile="dev"), "prod (AWS_PROFILE)"),
        (TargetChoice(), {"AWS_DEFAULT_PROFILE": "prod"}, Config(), "prod (AWS_DEFAULT_PROFILE)"),
        (TargetChoice(), {"AWS_PROFILE": "default"}, Config(), "default chain"),
        (TargetChoice(), {"AWS_PROFILE": ""}, Config(profile="dev"), "dev (config.yaml)"),
        (TargetChoice(), {"AWS_PROFILE": "prod", **KEYS}, Config(), "exported keys"),
        (TargetChoice(), KEYS, Config(profile="dev"), "exported keys"),
        (TargetChoice(), {}, Config(), "default chain"),
        (TargetChoice(aws=True), {}, Config(profile="dev", sandbox=True), "default chain"),
    ],
    ids=["flag", "env", "env2", "default", "empty", "keys", "keys2", "none", "aws"],
)
def test_the_profile_and_what_named_it(
    tmp_path: Path, choice: TargetChoice, variables: dict[str, str], config: Config, label: str
) -> None:
    assert resolve(tmp_path, choice, variables, config).profile_label == label


@pytest.mark.parametrize(
    ("choice", "variables", "config", "origin"),
    [
        (TargetChoice(region="us west 2"), {}, Config(), "--region"),
        (TargetChoice(), {"AWS_REGION": "us-west-2\n"}, Config(), "AWS_REGION"),
        (TargetChoice(), {"AWS_DEFAULT_REGION": " us-west-2"}, Config(), "AWS_DEFAULT_REGION"),
        (TargetChoice(), {}, Config(region="'us-west-2'"), "config.yaml"),
        (TargetChoice("quoted"), {}, Config(), "of the profile quoted"),
        (TargetChoice("quoted", own_region=True), {}, Config(), "of the profile quoted"),
    ],
)
def test_a_region_that_cannot_be_one_is_named_with_where_it_stands(
    tmp_path: Path, choice: TargetChoice, variables: dict[str, str], config: Config, origin: str
) -> None:
    with pytest.raises(Problem) as refused:
        resolve(tmp_path, choice, variables, config, '[profile quoted]\nregion = "us-west-2"\n')
    assert refused.value.code == "NoRegion"
    assert f"({origin})" in refused.value.message


@pytest.mark.parametrize(
    ("choice", "variables", "label"),
    [
        (TargetChoice("mirror"), {}, "http://127.0.0.1:4566"),
        (TargetChoice("own-s3"), {}, "http://127.0.0.1:9000 (s3)"),
        (TargetChoice("mirror"), {"AWS_ENDPOINT_URL": "http://me:secret@moto:5000"}, "http://moto:5000"),
        (TargetChoice("dev"), {"AWS_ENDPOINT_URL_SAGEMAKER": "http://127.0.0.1:1"}, "http://127.0.0.1:1 (sagemaker)"),
        (TargetChoice("mirror"), {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, ""),
        (TargetChoice("dev"), {"AWS_ENDPOINT_URL": ""}, ""),
    ],
    ids=["profile", "services", "env", "one", "ignored", "empty"],
)
def test_the_endpoint(tmp_path: Path, choice: TargetChoice, variables: dict[str, str], label: str) -> None:
    target = resolve(tmp_path, choice, variables)
    assert target.endpoint_label == label
    assert label in target.label
    assert "secret" not in target.label


@pytest.mark.parametrize("url", ["127.0.0.1:5000", "http://a b", "ftp://x", "http://", "http://x:y"])
def test_an_endpoint_that_is_no_url_is_said(tmp_path: Path, url: str) -> None:
    with pytest.raises(Problem, match="the endpoint") as caught:
        resolve(tmp_path, TargetChoice("dev"), {"AWS_ENDPOINT_URL": url})
    assert caught.value.code == "BadEndpoint"
    assert "AWS_ENDPOINT_URL" in caught.value.remedy


@pytest.mark.parametrize(
    ("choice", "variables", "says"),
    [
        (TargetChoice(), {"AWS_PROFILE": "nope"}, "which AWS_PROFILE names"),
        (TargetChoice(), {"AWS_PROFILE": "nope", **KEYS}, "which AWS_PROFILE names"),
        (TargetChoice("nope"), {}, "there is no profile nope in"),
        (TargetChoice("default"), {}, "there is no profile default in"),
    ],
    ids=["env", "keys", "flag", "default"],
)
def test_a_profile_that_is_not_there(
    tmp_path: Path, choice: TargetChoice, variables: dict[str, str], says: str
) -> None:
    with pytest.raises(Problem, match=says) as caught:
        resolve(tmp_path, choice, {"AWS_REGION": "us-west-2", **variables}, profiles="[profile prod]\n")
    assert caught.value.code == "UnknownProfile"
    assert "prod" in caught.value.remedy


def test_a_profile_without_a_region_has_none_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no region of its own"):
        resolve(tmp_path, TargetChoice("bare", own_region=True), {"AWS_REGION": "us-west-2"})


def test_switching_to_a_profile_means_its_own_region(tmp_path: Path) -> None:
    factory = SessionFactory(TargetChoice("dev"), Paths.from_environment({"JSFT_HOME": str(tmp_path)}), Config())
    assert factory.elsewhere("prod", None).choice.own_region
    assert not factory.elsewhere(None, None).choice.own_region
    assert not factory.elsewhere("prod", "eu-north-1").choice.own_region


def test_two_endpoints_of_one_region_share_nothing(tmp_path: Path) -> None:
    paths = Paths.from_environment({"JSFT_HOME": str(tmp_path)})
    profiles = (TargetChoice("mirror"), TargetChoice("own-s3"), TargetChoice("dev"))
    targets = [resolve(tmp_path, choice, {}) for choice in profiles]
    targets.append(resolve(tmp_path, TargetChoice("dev"), {"AWS_ENDPOINT_URL_PRICING": "http://127.0.0.1:1"}))
    assert len({Services(target, paths, Config())._cache for target in targets}) == len(targets)
    assert len({own_file(tmp_path, target) for target in targets}) == len(targets)
    assert len({target.key for target in targets}) == len(targets)
    read_only = resolve(tmp_path, TargetChoice("dev", read_only=True), {})
    assert read_only.key == targets[2].key
