"""A job's model is looked into, unpacked and tried."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from jsft_tui.core.storage.archives import Member, MemberKind
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.archives import Contents
from jsft_tui.services.storage.artifacts import ArtifactFile, Downloaded, DownloadPlan
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.screens.ask.screen import AskScreen
from jsft_tui.tui.screens.job.screen import JobScreen
from jsft_tui.tui.screens.jobs.artifacts import contents_lines
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from tests.common.effort import PATIENCE
from tests.common.home import Home
from tests.common.pictures import picture_file
from tests.tui.driver.pilot import Work, at_work
from tests.tui.driver.still import set_plain_environment, still_app
from tests.tui.driver.worlds import BUCKET, ORDINARY, World, job
from tests.tui.screens.job.job_work import MISMATCH, ended
from tests.tui.screens.job.test_jobs import open_jobs


@pytest.fixture(scope="module")
def done(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A job that completed."""
    return ended(_session_home, tmp_path_factory.mktemp("made"), "made")


async def test_a_model_is_looked_into_and_unpacked(home: Home, folder: Path, done: str) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, done)
        await work.press("p")
        assert isinstance(work.app.screen, ReadingDialog)
        assert "class_label_to_prediction_index.json" in work.text
        assert "unpacked." in work.text
        await work.press("escape")

        await work.pilot.press("enter")
        await work.wait_for("Parent")
        await work.press("p")
        assert isinstance(work.app.screen, ReadingDialog)
        await work.press("escape", "d", "enter")
        await work.wait_for("Unpack it?")
        await work.pilot.press("y")
        await work.wait_for("Unpacked ")
        assert (folder / done / "model" / "class_label_to_prediction_index.json").stat().st_size > 0


async def test_a_model_is_tried(home: Home, folder: Path, done: str) -> None:
    failed = ended(home, folder, "no-model", data=MISMATCH)
    picture = picture_file(folder)
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, done)
        await work.press("t")
        assert work.screen(AskScreen)
        assert f"Try {done}" in work.lines[3]
        await work.type(str(picture))
        await work.press("enter")
        await work.wait_for("Answer")
        assert "━" in work.text
        assert re.search(r"\d+\.\d %", work.text)
        await work.press("ctrl+u")
        await work.type("no-such-picture.png")
        await work.press("enter")
        await work.wait_for("no prediction for")
        await work.press("escape")
        await open_jobs(work, failed)
        await work.press("p")
        await work.wait_for("has no model")
        await work.press("t", "x", "enter")
        await work.wait_for("has no model")


async def test_models_of_an_account_are_not_tried_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on_jobs(ORDINARY, tmp_path, monkeypatch) as work:
        await work.press("t")
        assert "only models of the sandbox" in work.screen(JobsScreen).status
        await work.pilot.press("enter")
        await work.wait_for("6 lines")
        await work.pilot.press("t")
        await work.wait_for(lambda: "only models of the sandbox" in work.screen(JobScreen).status)


def test_what_was_not_read_to_its_end_says_so() -> None:
    members = (Member("a\x1b[2J", 2**20, MemberKind.FILE), Member("b", 1, MemberKind.LINK))
    whole = contents_lines(Contents(members))
    assert whole[0].text == "2 members, 1.0 MiB unpacked."
    assert "may be more" in contents_lines(Contents(members, complete=False))[0].text


async def test_i_makes_a_draft_that_goes_on_from_the_model(home: Home, done: str) -> None:
    async with at_work(home, (80, 24)) as work:
        await open_jobs(work, done)
        await work.press("i")
        assert isinstance(work.app.screen, ConfirmDialog)
        assert "same classes" in work.text
        await work.press("y")
        assert work.session.drafts.run.model.artifact == work.session.services.jobs.get(done).output_path
        assert work.session.drafts.run.name != done


async def test_an_uncompressed_model_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"S3OutputPath": f"s3://{BUCKET}/models", "CompressionType": "NONE"}
    made = {"S3ModelArtifacts": f"s3://{BUCKET}/models/large/output/model/"}
    large = job("large", "Completed", 100, OutputDataConfig=place, ModelArtifacts=made)
    files = {"models/large/output/model/weights-1.safetensors": b"12", "models/large/output/model/config.json": b"{}"}
    world = replace(ORDINARY, jobs=[large], buckets={BUCKET: files})
    async with on_jobs(world, tmp_path, monkeypatch) as work:
        await work.press("p")
        assert "weights-1.safetensors" in work.text
        assert "2 members, 4 Bytes" in work.text
        await work.press("escape", "i")
        assert "does not say which JumpStart model" in work.screen(JobsScreen).status


async def test_an_unpacking_is_stopped_and_ends_with_its_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, continue_from = Event(), Event()

    def slow(path: Path, folder: Path, advance: Callable[[int], None]) -> list[Path]:
        started.set()
        continue_from.wait(PATIENCE)
        advance(1)
        return [path, folder]

    monkeypatch.setattr("jsft_tui.tui.screens.jobs.artifacts.extract", slow)
    come = (ArtifactFile(S3Uri(BUCKET, "model.tar.gz"), tmp_path / "model.tar.gz", 1),)
    downloaded = Downloaded(DownloadPlan("large", tmp_path, come, come, 0, is_archive=True), True)

    async def begin(work: Work) -> None:
        started.clear()
        continue_from.clear()
        screen = work.screen(JobsScreen)
        screen.start("download", partial(screen.offer_unpacking, downloaded))
        await work.pilot.pause()
        await work.pilot.press("y")
        await work.wait_for(started.is_set)
        assert "being unpacked" in work.screen(JobsScreen).would_lose

    async with on_jobs(ORDINARY, tmp_path, monkeypatch) as work:
        screen = work.screen(JobsScreen)
        await begin(work)
        await work.pilot.press("x")
        await work.wait_for("is not unpac")
        continue_from.set()
        await work.settle()
        assert not screen.would_lose
        assert "is not unpac" in screen.status

        await begin(work)
        work.app.close_session()
        assert not screen.would_lose
        continue_from.set()


@asynccontextmanager
async def on_jobs(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Work]:
    """The list of a world's jobs."""
    set_plain_environment(monkeypatch)
    app = still_app(world, folder)
    async with app.run_test(size=(100, 24)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        await work.press("6")
        yield work
