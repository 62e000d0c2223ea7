"""Downloads of models: existing files, resumed ones, disk space."""

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
from tests.tui.driver.still import StillS3
from tests.tui.driver.worlds import job

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
    return Artifacts(cast("S3", StillS3({"bucket-one": FILES})))


def test_a_download_of_several_files_continues_with_the_missing_ones(artifacts: Artifacts, tmp_path: Path) -> None:
    seen: list[int] = []
    plan = artifacts.plan(LARGE, tmp_path)
    assert (plan.total, plan.begun, plan.archive, plan.folder) == (10, 0, None, tmp_path)
    artifacts.fetch(plan, seen.append)
    assert sum(seen) == 10

    (tmp_path / "parts" / "2.bin").unlink()
    rest = artifacts.plan(LARGE, tmp_path)
    assert [file.path.name for file in rest.left] == ["2.bin"]
    assert "2 files" in artifacts.fetch(rest, seen.append).said
    assert (tmp_path / "parts" / "2.bin").read_bytes() == b"678"


def test_partial_files_are_resumed_and_different_ones_not_replaced(artifacts: Artifacts, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "1.bin.part").write_bytes(b"123")
    plan = artifacts.plan(LARGE, tmp_path)
    assert plan.begun == 3
    assert "3 B" in plan.task

    (tmp_path / "config.json").write_text("mine")
    with pytest.raises(Problem) as caught:
        artifacts.plan(LARGE, tmp_path)
    assert caught.value.code == "FileExists"
    artifacts.fetch(artifacts.plan(LARGE, tmp_path, overwrite=True), lambda _: None)
    assert (tmp_path / "config.json").read_bytes() == b"{}"


def test_missing_disk_space_is_reported_before_the_download(
    artifacts: Artifacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=9))
    with pytest.raises(Problem) as caught:
        artifacts.plan(LARGE, tmp_path / "not" / "there")
    assert caught.value.code == "NoRoom"
    assert "9 B" in caught.value.message
    assert "10 B" in caught.value.message
    assert not (tmp_path / "not").exists()
