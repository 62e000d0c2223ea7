"""The failure doctor on the command line: a job that failed, cloned with its remedy applied."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.jobs.failing import SEVERAL_GPUS, ended, request_of, service_failure
from tests.cli.runs import run_file, unique_name
from tests.common.home import Home

OUT_OF_MEMORY = "raise RuntimeError('CUDA out of memory. Tried to allocate 2.00 GiB')"


def test_a_job_that_ran_out_of_memory_is_cloned_with_half_its_batch(home: Home, folder: Path) -> None:
    name = ended(home, folder, "oom", OUT_OF_MEMORY)

    job, shown = home.json("job", name), home.jsft("job", name).out
    outcome = home.jsft("clone", name, "--fix", "-o", folder / "fixed.yaml")

    assert job["fixes"] == ["halve_batch", "more_gpu_memory"]
    assert f"halve the batch size: jsft --sandbox clone {name} --fix" in shown
    assert outcome.code == 0, outcome
    assert "Changed: batch_size 128 -> 64" in outcome.err
    run = yaml.safe_load((folder / "fixed.yaml").read_text())
    assert (run["hyperparameters"]["batch_size"], run["instance"]["type"]) == (64, "ml.g4dn.12xlarge")
    assert run["name"] != name
    assert home.jsft("launch", folder / "fixed.yaml", "--dry-run").code == 0
    as_json = home.json("clone", name, "--fix")
    assert as_json["hyperparameters"] == run["hyperparameters"]


def test_a_failure_without_a_remedy_to_apply_is_said(home: Home, folder: Path) -> None:
    name = ended(home, folder, "odd", "raise KeyError('labels')")
    completed = ended(home, folder, "well", "print('done')")

    failed = home.jsft("clone", name, "--fix", "--json")
    good = home.jsft("clone", completed, "--fix", "--json")

    assert (failed.code, failed.error["code"]) == (2, "NoFix")
    assert f"logs {name}" in failed.error["remedy"]
    assert (good.code, good.error["code"]) == (2, "NothingToFix")


def test_the_next_instance_is_one_with_quota_left(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = request_of(home, folder, "capacity", instance=SEVERAL_GPUS)
    name = service_failure(
        monkeypatch, request, "CapacityError: Unable to provision requested ML compute capacity"
    ).name

    outcome = home.jsft("clone", name, "--fix", "-o", folder / "fixed.yaml")

    assert outcome.code == 0, outcome
    chosen = yaml.safe_load((folder / "fixed.yaml").read_text())["instance"]["type"]
    assert chosen != "ml.g4dn.12xlarge"
    assert f"-> {chosen} (0 of " in outcome.err
    quota = {row["type"]: row["quota"] for row in home.json("instances")}[chosen]
    assert quota >= 1
    home.sandbox.set_faults({"do": "denied", "service": "service-quotas", "times": None})
    assert "(quota not known)" in home.jsft("clone", name, "--fix").err
    home.sandbox.set_faults({"do": "denied", "service": "sagemaker", "operation": "ListTrainingJobs", "times": None})
    assert f"-> {chosen} (quota " in home.jsft("clone", name, "--fix").err


def test_a_finding_names_its_fix_where_there_is_one(home: Home, folder: Path) -> None:
    for type_, fix in (("ml.p3.2xlarge", "next_instance"), ("ml.p4d.24xlarge", None)):  # nothing else is as large
        path = run_file(folder, unique_name("noquota"), instance={"type": type_, "max_runtime": "30m"})
        findings = {row["check"]: row for row in home.jsft("check", path, "--json").document["findings"]}
        assert findings["quota"]["level"] == "block"
        assert findings["quota"]["fix"] == fix
        assert findings["name"]["fix"] is None
