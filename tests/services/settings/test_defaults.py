"""Defaults from SageMaker's own files, read by the SageMaker SDK, and from jsft's config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from jsft_tui.config import Config
from jsft_tui.core.run.run import Vpc
from jsft_tui.services.settings.defaults import load_defaults, merged_documents
from tests.cli.runs import run_file, unique_name
from tests.common.home import BUCKET, Home
from tests.services.account import account_of

ROLE = "arn:aws:iam::123456789012:role/JsftSandboxRole"
CONFIG = {
    "SchemaVersion": "1.0",
    "SageMaker": {
        "TrainingJob": {
            "RoleArn": ROLE,
            "VpcConfig": {"Subnets": ["subnet-1a2b"], "SecurityGroupIds": ["sg-1a2b"]},
            "OutputDataConfig": {"KmsKeyId": "output-key"},
            "ResourceConfig": {"VolumeKmsKeyId": "volume-key"},
            "EnableNetworkIsolation": False,
            "EnableInterContainerTrafficEncryption": False,
            "Environment": {"TEAM": "vision"},
            "Tags": [{"Key": "team", "Value": "vision"}],
        }
    },
}


def test_every_training_default_of_sagemakers_file_reaches_the_request(home: Home, folder: Path) -> None:
    (folder / "config.yaml").write_text(yaml.safe_dump(CONFIG))
    path = run_file(folder, unique_name("defaults"), instance={"type": "ml.m5.xlarge"})

    request = home.json("launch", path, "--dry-run", SAGEMAKER_USER_CONFIG_OVERRIDE=str(folder / "config.yaml"))

    assert request["RoleArn"] == ROLE
    assert request["VpcConfig"] == {"Subnets": ["subnet-1a2b"], "SecurityGroupIds": ["sg-1a2b"]}
    assert request["OutputDataConfig"]["KmsKeyId"] == "output-key"
    assert request["ResourceConfig"]["VolumeKmsKeyId"] == "volume-key"
    assert request["Environment"] == {"TEAM": "vision"}
    assert {"Key": "team", "Value": "vision"} in request["Tags"]
    assert "EnableNetworkIsolation" not in request
    assert "EnableInterContainerTrafficEncryption" not in request
    assert [channel["ChannelName"] for channel in request["InputDataConfig"]] == ["training", "model"]


def test_the_run_file_and_jsfts_config_take_precedence_over_sagemakers_file(home: Home, folder: Path) -> None:
    (folder / "sagemaker.yaml").write_text(yaml.safe_dump(CONFIG))
    (folder / "jsft.yaml").write_text(yaml.safe_dump({"output_kms_key": "ours", "tags": {"team": "ours"}}))
    path = run_file(folder, unique_name("wins"), network_isolation=True)

    request = home.json(
        "launch",
        path,
        "--dry-run",
        "--config",
        folder / "jsft.yaml",
        SAGEMAKER_USER_CONFIG_OVERRIDE=str(folder / "sagemaker.yaml"),
    )

    assert request["OutputDataConfig"]["KmsKeyId"] == "ours"
    assert {"Key": "team", "Value": "ours"} in request["Tags"]
    assert request["EnableNetworkIsolation"] is True


def test_a_defaults_file_in_s3_is_read_through_the_target(home: Home, folder: Path) -> None:
    home.sandbox.client("s3").put_object(Bucket=BUCKET, Key="defaults/config.yaml", Body=yaml.safe_dump(CONFIG))
    path = run_file(folder, unique_name("s3defaults"))

    override = f"s3://{BUCKET}/defaults/config.yaml"
    request = home.json("launch", path, "--dry-run", SAGEMAKER_ADMIN_CONFIG_OVERRIDE=override)

    assert request["Environment"] == {"TEAM": "vision"}


def test_a_defaults_file_that_breaks_the_schema_is_one_line(home: Home, folder: Path) -> None:
    (folder / "config.yaml").write_text("SageMaker: {TrainingJob: {RoleArn: 5}}\n")
    path = run_file(folder, unique_name("broken"))

    outcome = home.jsft(
        "launch", path, "--dry-run", "--json", SAGEMAKER_USER_CONFIG_OVERRIDE=str(folder / "config.yaml")
    )

    assert (outcome.code, outcome.error["code"]) == (4, "BadSageMakerConfig")
    assert "\n" not in outcome.error["message"]


def test_the_user_file_overrides_the_admin_file_as_in_the_sdk(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = {
        "SchemaVersion": "1.0",
        "SageMaker": {
            "TrainingJob": {
                "RoleArn": ROLE,
                "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
                "Environment": {"TEAM": "admin", "PROXY": "admin"},
                "Tags": [{"Key": "team", "Value": "admin"}, {"Key": "cost", "Value": "1"}],
            }
        },
    }
    user = {
        "SchemaVersion": "1.0",
        "SageMaker": {
            "TrainingJob": {
                "VpcConfig": {"Subnets": ["subnet-3"]},
                "Environment": {"TEAM": "user"},
                "Tags": [{"Key": "team", "Value": "user"}],
            }
        },
    }
    (folder / "admin").mkdir()
    (folder / "admin/config.yaml").write_text(yaml.safe_dump(admin))
    (folder / "user.yaml").write_text(yaml.safe_dump(user))
    monkeypatch.setenv("SAGEMAKER_ADMIN_CONFIG_OVERRIDE", str(folder / "admin"))
    monkeypatch.setenv("SAGEMAKER_USER_CONFIG_OVERRIDE", str(folder / "user.yaml"))
    from sagemaker.core.config import load_sagemaker_config  # two seconds, which no other test needs

    account = account_of(home)

    found = load_defaults(Config(tags={"mine": "1"}, network_isolation=True), account)

    merged: dict[str, Any] = {}
    for file in account.sagemaker_defaults():
        merged = merged_documents(merged, file.data)
    assert merged == load_sagemaker_config()
    assert found.vpc == Vpc(("subnet-3",), ("sg-1",))
    assert found.environment == {"TEAM": "user", "PROXY": "admin"}
    assert found.tags == {"team": "user", "mine": "1"}
    assert found.origins == {
        "role": "SageMaker config.yaml (admin)",
        "vpc": "SageMaker config.yaml (user)",
        "environment": "SageMaker config.yaml (user)",
        "tags": "jsft config + SageMaker config.yaml (user)",
        "network_isolation": "jsft config",
    }


def test_a_missing_named_file_is_reported(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("missing"))
    outcome = home.jsft("launch", path, "--dry-run", "--json", SAGEMAKER_USER_CONFIG_OVERRIDE=str(folder / "no.yaml"))
    assert outcome.error["code"] == "BadSageMakerConfig"
    assert "no.yaml" in outcome.error["message"]


def test_jsfts_config_knows_every_setting_of_a_run(home: Home, folder: Path) -> None:
    settings = {"environment": {"TEAM": "ours"}, "encrypt_traffic": False, "network_isolation": False}
    (folder / "jsft.yaml").write_text(yaml.safe_dump(settings))
    path = run_file(folder, unique_name("settings"))

    request = home.json("launch", path, "--dry-run", "--config", folder / "jsft.yaml")

    assert request["Environment"] == {"TEAM": "ours"}
    assert "EnableNetworkIsolation" not in request
    assert "EnableInterContainerTrafficEncryption" not in request
