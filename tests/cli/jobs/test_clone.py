"""`jsft clone` of jobs that go on, and of jobs that somebody else made."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.cli.jobs.test_jobs import finished
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home


def test_a_run_goes_on_from_a_finished_jobs_model_and_learns_more(home: Home, folder: Path) -> None:
    first = finished(home, folder, "first")
    path = folder / "more.yaml"

    outcome = home.jsft("clone", first, "--continue", "-o", path)

    assert outcome.code == 0, outcome
    assert "same classes" in outcome.err
    output = home.json("job", first)["output_path"]
    assert yaml.safe_load(path.read_text())["model"]["artifact"] == output
    job = home.json("launch", path, "--yes", "--follow")
    assert job["status"] == "Completed"
    sent = home.sandbox.client("sagemaker").describe_training_job(TrainingJobName=job["name"])["InputDataConfig"]
    assert [c["DataSource"]["S3DataSource"]["S3Uri"] for c in sent if c["ChannelName"] == "model"] == [output]
    assert home.jsft("clone", first, "--continue", "--fix").code == 2


def test_a_job_of_somebody_else_is_cloned_without_what_the_model_does_not_know(home: Home, folder: Path) -> None:
    name = unique_name("foreign")
    request = json.loads(home.jsft("export", run_file(folder, name)).out)
    request["HyperParameters"]["my_flag"] = "1"
    for tag in request["Tags"]:
        if tag["Key"].endswith("model-version"):
            tag["Value"] = "0.0.1"
    home.sandbox.client("sagemaker").create_training_job(**request)

    outcome = home.jsft("clone", name, "-o", folder / "mine.yaml")

    assert outcome.code == 0, outcome
    assert "Left out: version 0.0.1" in outcome.err
    assert "my_flag" in outcome.err
    run = yaml.safe_load((folder / "mine.yaml").read_text())
    assert "my_flag" not in run["hyperparameters"]
    assert home.json("check", folder / "mine.yaml")["verdict"] != "block"
