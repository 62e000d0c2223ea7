"""Defaults from SageMaker's own files, read by the SageMaker SDK, and from jsft's config."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.cli.runs import run_file, unique_name
from tests.home import BUCKET, Home

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


def test_the_run_file_and_jsfts_config_win_over_sagemakers_file(home: Home, folder: Path) -> None:
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
