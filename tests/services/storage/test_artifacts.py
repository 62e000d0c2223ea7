"""A model on its way here: what is in the way, what an earlier try has brought, what is said at the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.storage.artifacts import Artifacts
from jsft_tui.services.storage.s3 import Storage
from tests.tui.still import StillS3
from tests.tui.worlds import job

ROOT = "models/large/output/model/"
FILES = {f"{ROOT}config.json": b"{}", f"{ROOT}parts/1.bin": b"12345", f"{ROOT}parts/2.bin": b"678"}
LARGE = TrainingJob.parse(
    job(
        "large",
        "Completed",
        100,
        OutputDataConfig={"S3OutputPath": "s3://bucket-one/models", "CompressionType": "NONE"},
        ModelArtifacts={"S3ModelArtifacts": f"s3://bucket-one/{ROOT}"},
    ),
    {},
)


@pytest.fixture
def artifacts() -> Artifacts:
    return Artifacts(Storage(cast("S3", StillS3({"bucket-one": FILES}))))


def test_a_model_of_several_files_goes_on_with_those_that_are_missing(artifacts: Artifacts, tmp_path: Path) -> None:
    seen: list[int] = []
    plan = artifacts.plan(LARGE, tmp_path)
    assert (plan.total, plan.begun, plan.archive, plan.folder) == (10, 0, None, tmp_path)
    artifacts.fetch(plan, seen.append)
    assert sum(seen) == 10

    (tmp_path / "parts" / "2.bin").unlink()
    rest = artifacts.plan(LARGE, tmp_path)
    assert [file.path.name for file in rest.left] == ["2.bin"]
    assert artifacts.fetch(rest, seen.append).said.endswith("2 files of it had come before.")
    assert (tmp_path / "parts" / "2.bin").read_bytes() == b"678"


def test_what_has_come_in_part_is_said_and_what_is_another_file_is_not_replaced(
    artifacts: Artifacts, tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "1.bin.part").write_bytes(b"123")
    plan = artifacts.plan(LARGE, tmp_path)
    assert plan.begun == 3
    assert "3 Bytes are here from an earlier try" in plan.task

    (tmp_path / "config.json").write_text("mine")
    with pytest.raises(Problem) as caught:
        artifacts.plan(LARGE, tmp_path)
    assert caught.value.code == "FileExists"
    artifacts.fetch(artifacts.plan(LARGE, tmp_path, overwrite=True), lambda _: None)
    assert (tmp_path / "config.json").read_bytes() == b"{}"


def test_a_disk_without_room_is_said_before_anything_comes(
    artifacts: Artifacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=9))
    with pytest.raises(Problem, match="has room for 9 Bytes only, and 10 Bytes are needed") as caught:
        artifacts.plan(LARGE, tmp_path / "not" / "there")
    assert caught.value.code == "NoRoom"
    assert not (tmp_path / "not").exists()
