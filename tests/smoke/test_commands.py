"""Each command once, and a launch from the screen: one sandbox with a job that succeeded and one that failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.home import IMAGE_MODEL, TINY_SHAPES, Home
from tests.smoke.json_documents import DONE, FAILED, RECORDED, commands, document, prepare
from tests.tui.driver.pilot import at_work

pytestmark = pytest.mark.smoke

RECORDS = json.loads(RECORDED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of this file's own, in which the two jobs have ended."""
    folder = tmp_path_factory.mktemp("smoke")
    home = Home(folder / "jsft")
    try:
        prepare(home, folder)
        yield home
    finally:
        home.sandbox.stop()


@pytest.mark.parametrize("name", RECORDS)
def test_a_json_document_is_what_it_was(ready: Home, folder: Path, name: str) -> None:
    assert document(ready, commands(folder)[name]) == RECORDS[name]


def test_a_job_is_read_as_text(ready: Home) -> None:
    assert DONE in ready.jsft("jobs").out
    told = ready.jsft("job", DONE)
    assert told.code == 0
    assert "model.tar.gz" in told.out
    assert "val_accuracy" in ready.jsft("logs", DONE).out
    assert ready.jsft("job", FAILED).code == 0


def test_the_same_run_is_launched_once(ready: Home, folder: Path) -> None:
    name = unique_name("smoke-once")
    path = run_file(folder, name)
    ready.sandbox.forget_calls()

    assert ready.jsft("launch", path, "--yes").code == 0
    assert ready.jsft("launch", path, "--yes").code == 0

    assert created_jobs(ready) == 1
    assert ready.jsft("stop", name, "--yes").code in (0, 2, 4, 5)  # 4: it ended while it was to be stopped


def test_a_model_is_downloaded_and_unpacked(ready: Home, folder: Path) -> None:
    assert ready.jsft("download", DONE, "--extract").code == 0
    assert [path for path in folder.rglob("*") if path.is_file()]


def test_a_run_is_planned_checked_and_refused_where_nothing_may_be_written(ready: Home, folder: Path) -> None:
    path = folder / "run.yaml"
    assert ready.jsft("plan", IMAGE_MODEL, "--data", TINY_SHAPES, "-o", path).code == 0
    assert ready.jsft("check", path).code == 0
    assert ready.jsft("launch", path, "--yes", "--read-only").code == 2


async def test_the_screen_launches_one_job(ready: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.tui.base.dialog.INPUT_DELAY", 0.0)
    name = unique_name("smoke-screen")
    async with at_work(ready) as work:
        work.session.drafts.put(parse_run(run_file(folder, name).read_text()))
        await work.press("5")
        await work.wait_for("Ready to launch")
        ready.sandbox.forget_calls()
        await work.press("L")
        assert isinstance(work.app.screen, ConfirmDialog)
        await work.press("n")
        assert created_jobs(ready) == 0
        await work.press("L")
        await work.pilot.press("y")
        await work.wait_for(lambda: work.app.job_name == name)
        assert created_jobs(ready) == 1
        assert work.run.name != name
    assert ready.jsft("stop", name, "--yes").code in (0, 2, 4, 5)  # 4: it ended while it was to be stopped
