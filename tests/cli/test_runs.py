"""`jsft plan`, `jsft check`, `jsft launch`, `jsft export`, `jsft clone`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.checks import checks_of
from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.home import BROKEN, IMAGE_MODEL, TABULAR_MODEL, TEXT_MODEL, TINY_SHAPES, Home


def test_a_plan_passes_its_own_check(home: Home, folder: Path) -> None:
    assert home.jsft("plan", IMAGE_MODEL, "-o", "run.yaml").code == 0

    result = home.json("check", folder / "run.yaml")

    assert result["verdict"] == "pass", result
    assert result["max_cost_usd"] > 0
    assert {finding["check"] for finding in result["findings"]} == {check.name for check in checks_of(Method.SCRIPT)}
    assert [finding["check"] for finding in result["findings"] if not finding["message"]] == []


@pytest.mark.parametrize("model", [TEXT_MODEL, TABULAR_MODEL])
def test_the_default_data_of_a_runnable_model_is_no_obstacle(home: Home, folder: Path, model: str) -> None:
    assert home.jsft("plan", model, "-o", "run.yaml").code == 0

    result = home.json("check", folder / "run.yaml")

    assert result["verdict"] != "block", result
    assert [found["level"] for found in result["findings"] if found["check"] == "data_format"] == ["pass"]


def test_a_run_says_by_its_hyperparameters_which_data_it_wants(home: Home, folder: Path) -> None:
    uri = f"s3://{BROKEN}/dialogs-roles/"
    instance = {"type": "ml.g5.12xlarge", "max_runtime": "30m"}
    for value, says in (("True", "starts with the assistant"), ("False", "is not read by domain adaptation")):
        changes: dict[str, Any] = {
            "model": {"id": "meta-textgeneration-llama-2-7b"},
            "data": {"training": uri},
            "instance": instance,
            "hyperparameters": {"chat_dataset": value},
        }
        result = home.jsft("check", run_file(folder, f"chat-{value}", **changes), "--json").document
        found = [finding for finding in result["findings"] if finding["check"] == "data_format"]
        assert says in found[0]["message"], found
        assert (" --set chat_dataset=True" in found[0]["remedy"]) == (value == "True")


def test_a_plan_does_not_overwrite_a_file(home: Home, folder: Path) -> None:
    (folder / "run.yaml").write_text("mine")

    outcome = home.jsft("plan", IMAGE_MODEL, "-o", "run.yaml")

    assert outcome.code == 2
    assert (folder / "run.yaml").read_text() == "mine"


def test_a_model_that_cannot_be_tuned_cannot_be_planned(home: Home) -> None:
    model = next(row["model_id"] for row in home.json("models", "--all") if not row["fine_tunable"])

    outcome = home.jsft("plan", model, "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "NotFineTunable")


@pytest.mark.parametrize(
    ("changes", "check", "says"),
    [
        ({"hyperparameters": {"epochs": -5}}, "hyperparameters", "epochs"),
        ({"hyperparameters": {"epoch": 5}}, "hyperparameters", "epochs"),
        ({"hyperparameters": {"learning_rate": "nan"}}, "hyperparameters", "finite"),
        ({"instance": {"type": "ml.p5.48xlarge"}}, "instance", "does not support"),
        ({"instance": {"type": "ml.p3.2xlarge"}}, "quota", "is 0"),
        ({"data": {"training": "s3://there-is-no-such-bucket/x/"}}, "data", "does not exist"),
        ({"data": {"training": "s3://jsft-sandbox-us-west-2/none/"}}, "data", "nothing under"),
        ({"data": {"training": "s3:/oops"}}, "data", "s3://"),
        ({"data": {"training": f"s3://{BROKEN}/images-corrupt/"}}, "data_format", "not a JPEG"),
        ({"data": {"training": "s3://jsft-sandbox-elsewhere/data/"}}, "data_region", "eu-central-1"),
        ({"output": "s3://jsft-sandbox-elsewhere"}, "output_region", "eu-central-1"),
        ({"output": "https://jsft-sandbox-us-west-2.s3.amazonaws.com"}, "output_region", "web address"),
        ({"role": "arn:aws:iam::123456789012:role/Nobody"}, "role", "no role"),
        ({"max_cost_usd": 0.01}, "cost", "cap"),
        ({"instance": {"type": "ml.g4dn.xlarge", "max_wait": "1h"}}, "spot", "spot"),
        ({"vpc": {"subnets": ["x"], "security_group_ids": ["sg-1"]}}, "vpc", "subnet-"),
    ],
)
def test_what_would_fail_blocks(home: Home, folder: Path, changes: dict[str, Any], check: str, says: str) -> None:
    home.sandbox.forget_calls()
    path = run_file(folder, unique_name("bad"), **changes)

    outcome = home.jsft("check", path, "--json")

    assert outcome.code == 3, outcome
    blocks = [finding for finding in outcome.document["findings"] if finding["level"] == "block"]
    assert any(finding["check"] == check and says in finding["message"] for finding in blocks), blocks
    assert home.jsft("launch", path, "--yes").code == 3
    assert created_jobs(home) == 0


def test_a_check_that_is_read_later_has_the_worst_first_and_its_last_line_names_it(home: Home, folder: Path) -> None:
    path = run_file(folder, "a_b", instance={"type": "ml.p3.2xlarge", "max_runtime": "30m"})

    outcome = home.jsft("check", path)

    assert outcome.code == 3
    levels = [line.split()[1] for line in outcome.out.splitlines() if line[:1] in "x!?+✖✔"]
    assert levels == sorted(levels, key=["block", "warn", "unknown", "pass"].index)
    assert set(levels) >= {"block", "pass"}
    blocking = [line.split()[2] for line in outcome.out.splitlines() if line.split()[1:2] == ["block"]]
    assert f"block: {', '.join(blocking)}" in outcome.err


def test_a_name_that_the_service_would_refuse_blocks_and_offers_another(home: Home, folder: Path) -> None:
    outcome = home.jsft("check", run_file(folder, "not_a_name"), "--json")

    finding = next(found for found in outcome.document["findings"] if found["check"] == "name")
    assert (outcome.code, finding["level"]) == (3, "block")
    assert "not-a-name" in finding["remedy"]


def test_all_that_is_wrong_is_said_at_once(home: Home, folder: Path) -> None:
    wrong = {"epochs": 0, "learning_rate": "much", "optimiser": "adam"}
    path = run_file(folder, unique_name("wrong"), hyperparameters=wrong, role="arn:aws:iam::123456789012:role/No")

    findings = home.jsft("check", path, "--json").document["findings"]

    blocks = [finding["message"] for finding in findings if finding["level"] == "block"]
    assert len(blocks) == 4
    assert any("Did you mean optimizer" in message for message in blocks)


def test_a_gated_model_needs_its_license_accepted(home: Home, folder: Path) -> None:
    model = {"id": "meta-textgeneration-llama-2-7b"}
    instance = {"type": "ml.g5.12xlarge"}
    path = run_file(folder, unique_name("gated"), model=model, instance=instance, data="default", hyperparameters={})

    dry = home.jsft("launch", path, "--dry-run", "--json")

    assert dry.code == 3
    assert "eula" in dry.error["message"]


def test_models_that_the_sandbox_cannot_run_say_so(home: Home, folder: Path) -> None:
    model = {"id": "lightgbm-classification-model"}
    path = run_file(
        folder,
        unique_name("cannot"),
        model=model,
        instance={"type": "ml.m5.xlarge"},
        data="default",
        hyperparameters={},
    )

    findings = {finding["check"]: finding for finding in home.jsft("check", path, "--json").document["findings"]}

    assert findings["sandbox"]["level"] == "block"


def test_denied_permissions_are_unknown_and_no_block(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("denied"))
    home.json("check", path)
    home.sandbox.set_faults(
        {"do": "denied", "service": "iam", "times": None},
        {"do": "denied", "service": "service-quotas", "times": None},
        {"do": "denied", "service": "sagemaker", "operation": "DescribeTrainingJob", "times": None},
    )

    result = home.json("check", path)

    levels = {finding["check"]: finding["level"] for finding in result["findings"]}
    assert {levels["role"], levels["quota"], levels["name"]} == {"unknown"}
    assert result["verdict"] in ("pass", "warn")


def test_a_dry_run_prints_the_request_and_calls_nothing(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("dry"), instance={"type": "ml.g5.12xlarge", "max_runtime": "1h"})
    home.sandbox.forget_calls()

    request = home.json("launch", path, "--dry-run")

    assert created_jobs(home) == 0
    assert request["HyperParameters"]["batch_size"] == '"128"'
    assert request["ResourceConfig"]["InstanceType"] == "ml.g5.12xlarge"
    assert request["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}
    assert request == json.loads(home.jsft("export", path, "--as", "json").out)


def test_launching_needs_a_yes(home: Home, folder: Path) -> None:
    outcome = home.jsft("launch", run_file(folder, unique_name("unasked")), "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "NotConfirmed")


def test_a_read_only_session_cannot_launch(home: Home, folder: Path) -> None:
    home.sandbox.forget_calls()

    outcome = home.jsft("launch", run_file(folder, unique_name("readonly")), "--yes", "--read-only", "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "ReadOnly")
    assert created_jobs(home) == 0


def test_the_whole_way_to_a_model(home: Home, folder: Path) -> None:
    name = unique_name("whole")
    path = run_file(folder, name)

    job = home.json("launch", path, "--yes", "--follow")

    assert job["status"] == "Completed"
    assert job["parent_model"].startswith(IMAGE_MODEL)
    assert job["output_path"] == f"s3://jsft-sandbox-us-west-2/{name}/output/model.tar.gz"
    assert job["training_seconds"] >= 1
    assert [phase["status"] for phase in job["transitions"]][-1] == "Completed"
    assert len(job["metrics"]["tflow-ic:val-accuracy"]) == 2
    assert job["hyperparameters"]["batch_size"] == "32"
    downloaded = home.json("download", name, "-o", folder / "model")
    assert Path(downloaded["files"][0]["path"]).stat().st_size == downloaded["bytes"]


def test_launching_the_same_file_again_finds_the_job(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("twice"))
    first = home.json("launch", path, "--yes")
    home.sandbox.forget_calls()

    second = home.json("launch", path, "--yes")

    assert (second["name"], second["arn"]) == (first["name"], first["arn"])
    assert (first["existed"], second["existed"]) == (False, True)
    assert created_jobs(home) == 0


def test_another_run_of_the_same_name_is_refused(home: Home, folder: Path) -> None:
    name = unique_name("same")
    home.json("launch", run_file(folder, name), "--yes")

    outcome = home.jsft("launch", run_file(folder, name, hyperparameters={"epochs": 3}), "--yes", "--json")

    assert (outcome.code, outcome.error["code"]) == (3, "NameTaken")


def test_a_clone_of_a_job_makes_the_same_request_under_a_new_name(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("original"))
    home.json("launch", path, "--yes")
    name = yaml.safe_load(path.read_text())["name"]

    assert home.jsft("clone", name, "-o", folder / "clone.yaml").code == 0

    original, clone = (json.loads(home.jsft("export", file).out) for file in (path, folder / "clone.yaml"))
    for request in (original, clone):
        request.pop("TrainingJobName")
        request["HyperParameters"].pop("sagemaker_job_name")
    assert clone == original


def test_an_unreadable_run_file_says_why(home: Home, folder: Path) -> None:
    missing = home.jsft("check", folder / "no.yaml", "--json")
    (folder / "bad.yaml").write_text("version: 1\nmodel: {id: [}\n")
    broken = home.jsft("check", folder / "bad.yaml", "--json")
    (folder / "keys.yaml").write_text("version: 1\nnmae: x\n")
    unknown = home.jsft("check", folder / "keys.yaml", "--json")

    assert [outcome.code for outcome in (missing, broken, unknown)] == [2, 2, 2]
    assert "line 2" in broken.error["message"]
    assert "did you mean name" in unknown.error["message"]


def test_a_prefix_that_takes_its_neighbours_along_blocks(home: Home, folder: Path) -> None:
    alone = run_file(folder, unique_name("alone"), data={"training": TINY_SHAPES.rstrip("/")})
    beside = run_file(folder, unique_name("beside"), data={"training": TINY_SHAPES.removesuffix("hapes/")})

    assert home.jsft("check", alone).code == 0
    blocked = home.jsft("check", beside)
    assert blocked.code == 3
    assert "data/tiny-services/" in blocked.out


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"data": {"training": "foo"}}, "s3://"),
        ({"output": "foo"}, "s3://"),
        ({"name": "a_b"}, "not a valid job name"),
        ({"role": "x"}, "not the ARN"),
        ({"tags": {"aws:x": "1"}}, "reserved by AWS"),
        ({"instance": {"type": "ml.trn1.32xlarge"}}, "does not support"),
        ({"instance": {"type": "ml.bogus.large"}}, "does not support"),
    ],
)
def test_a_dry_run_refuses_what_needs_nobody_to_be_asked(
    home: Home, folder: Path, changes: dict[str, Any], says: str
) -> None:
    path = run_file(folder, unique_name("offline"))
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))

    for words in (["launch", path, "--dry-run"], ["export", path]):
        outcome = home.jsft(*words, "--json")
        assert outcome.code == 3, outcome
        assert says in outcome.error["message"]


def test_a_former_model_that_is_not_there_blocks(home: Home, folder: Path) -> None:
    artifact = "s3://jsft-sandbox-us-west-2/nosuch/output/model.tar.gz"
    path = run_file(folder, unique_name("former"), model={"id": IMAGE_MODEL, "artifact": artifact})

    outcome = home.jsft("check", path)

    assert outcome.code == 3
    assert "no model artifact found" in outcome.out


def test_the_output_may_come_from_the_settings(home: Home, folder: Path) -> None:
    (folder / "config.yaml").write_text("output: s3://jsft-sandbox-us-west-2/ours\n")
    path = run_file(folder, unique_name("output"), output=None)

    request = home.json("launch", path, "--dry-run", "--config", folder / "config.yaml")

    assert request["OutputDataConfig"]["S3OutputPath"] == "s3://jsft-sandbox-us-west-2/ours"


def test_a_plan_takes_data_instance_and_hyperparameters(home: Home) -> None:
    words = ("--data", TINY_SHAPES, "--instance", "ml.g5.12xlarge", "--set", "epochs=7", "--set", "optimizer=sgd")

    run = home.json("plan", IMAGE_MODEL, *words)

    assert run["data"] == {"training": TINY_SHAPES}
    assert run["instance"]["type"] == "ml.g5.12xlarge"
    assert run["hyperparameters"] == {"epochs": 7, "learning_rate": 0.001, "batch_size": "auto", "optimizer": "sgd"}
    assert home.json("plan", IMAGE_MODEL, "--data", "default")["data"] == "default"
    assert home.jsft("plan", IMAGE_MODEL, "--name", "my pets").code == 2


def test_a_plan_refuses_the_settings_that_a_check_would_block_and_says_the_same(home: Home, folder: Path) -> None:
    words = ("--set", "epochs=many", "--set", "learning_rat=0.1", "--set", "batch_size=auto")
    outcome = home.jsft("plan", IMAGE_MODEL, *words, "-o", folder / "wrong.yaml", "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "BadHyperparameter")
    assert not (folder / "wrong.yaml").exists()
    path = run_file(folder, "wrong", hyperparameters={"epochs": "many", "learning_rat": "0.1"})
    checked = home.jsft("check", path, "--json")
    said = [each["message"] for each in checked.document["findings"] if each["check"] == "hyperparameters"]
    assert (checked.code, " ".join(said)) == (3, outcome.error["message"])


def test_an_instance_type_that_does_not_exist_is_refused_with_the_one_that_is_meant(home: Home, folder: Path) -> None:
    wrong = ("--instance", "ml.g4dn.12xlage")
    outcome = home.jsft("plan", IMAGE_MODEL, *wrong, "-o", folder / "wrong.yaml", "--json")

    assert (outcome.code, outcome.error["code"]) == (2, "UnknownInstanceType")
    assert outcome.error["remedy"] == "Did you mean ml.g4dn.12xlarge?"
    assert not (folder / "wrong.yaml").exists()
    assert f"jsft --sandbox instances {IMAGE_MODEL}" in home.jsft("plan", IMAGE_MODEL, "--instance", "?").err

    path = run_file(folder, unique_name("mistyped"), instance={"type": "ml.g4dn.12xlage", "max_runtime": "30m"})
    found = {finding["check"]: finding for finding in home.jsft("check", path, "--json").document["findings"]}
    assert found["instance"]["remedy"].startswith("Did you mean ml.g4dn.12xlarge? It supports: ml.")
    assert "Did you mean ml.g4dn.12xlarge?" in home.jsft("export", path).err


def test_checking_a_run_that_was_launched_says_that_it_is_this_very_run(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("checked-again"))
    home.json("launch", path, "--yes", "--follow")

    findings = {finding["check"]: finding for finding in home.json("check", path)["findings"]}

    assert findings["name"]["level"] == "pass"
    assert "is the job of this run" in findings["name"]["message"]


def test_export_takes_a_run_file_or_a_job(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("either"))

    for words in ([], [path, "--job", "some-job"]):
        outcome = home.jsft("export", *words, "--json")
        assert (outcome.code, outcome.error["code"]) == (2, "BadUsage")
    assert home.jsft("export", "--job", "no-such-job", "--json").error["code"] == "NoSuchJob"
    assert set(home.json("export", path, "--as", "awscli")) == {"form", "text"}
