"""A job that anybody in the account made breaks no command, for itself or for the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.jobs.failing import request_of
from tests.cli.runs import run_file
from tests.common.home import Home

HOSTILE = {
    "HyperParameters": {"deep": "[" * 2_400, "object": '{"a":' * 400, "surrogate": '"\\ud800"'},
    "Environment": {"DEEP": "[" * 500},
}


@pytest.fixture
def foreign(home: Home, folder: Path) -> str:
    """The name of a job that another tool launched."""
    request = request_of(home, folder, "foreign")
    request["HyperParameters"].update(HOSTILE["HyperParameters"])
    request["Environment"] = HOSTILE["Environment"]
    home.sandbox.client("sagemaker").create_training_job(**request)
    name: str = request["TrainingJobName"]
    return name


def test_every_command_about_jobs_takes_a_foreign_job(home: Home, folder: Path, foreign: str) -> None:
    assert any(row["name"] == foreign for row in home.json("jobs"))
    assert home.json("job", foreign)["name"] == foreign
    for command in (
        ["jobs"],
        ["job", foreign],
        ["logs", foreign],
        ["compare", foreign],
        ["check", str(run_file(folder, "x"))],
    ):
        assert "unexpected" not in home.jsft(*command).err
    assert home.jsft("clone", foreign, "-o", folder / "clone.yaml").code == 0
    assert home.jsft("stop", foreign, "--yes").code in (0, 2)
