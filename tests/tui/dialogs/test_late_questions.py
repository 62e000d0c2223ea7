"""A key that was meant for something else answers no question that comes late; what a key opens listens at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.artifacts import ArtifactFile, Downloaded, DownloadPlan
from jsft_tui.tui.base.dialog import QUIET, Dialog
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.run.license import LicenseDialog
from jsft_tui.tui.dialogs.upload import UploadDialog
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from jsft_tui.tui.widgets.text.text_pane import line
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import set_plain_environment, still_app
from tests.tui.driver.worlds import BUCKET, LONG, ORDINARY, World, draft


@pytest.fixture(autouse=True)
def _deaf_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, the keys come in the first moment."""
    monkeypatch.setattr("jsft_tui.tui.base.dialog.INPUT_DELAY", 3600.0)
    set_plain_environment(monkeypatch)


@asynccontextmanager
async def still_work(folder: Path, world: World = ORDINARY) -> AsyncIterator[Work]:
    app = still_app(world, folder / "own")
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        yield work


def shown(work: Work) -> Dialog[Any]:
    """The question that is shown."""
    assert isinstance(work.app.screen, Dialog), work.text
    return work.app.screen


async def overwrite(work: Work) -> None:
    """Save the draft where there is a file already."""
    Path("there.yaml").write_text("mine")
    await work.press("5", "w")
    work.app.screen.query_one(Input).value = "there.yaml"
    await work.press("enter")


async def upload(work: Work) -> None:
    """Upload this folder."""
    await work.press("2", "U", "space")
    work.app.screen.query_one(Input).value = f"s3://{BUCKET}/new/"
    await work.press("enter")


async def gated_license(work: Work) -> None:
    """Read the license of a gated model."""
    await work.press("5", "r", "e")


async def clone(work: Work) -> None:
    """Take a job into the draft, in the place of one that was never launched."""
    await work.press("6", "c")


async def unpack(work: Work) -> None:
    """A download has ended."""
    await work.press("6")
    come = (ArtifactFile(S3Uri(BUCKET, "model.tar.gz"), Path("model.tar.gz"), 1),)
    plan = DownloadPlan("large", Path(), come, come, 0, is_archive=True)
    screen = work.screen(JobsScreen)

    async def downloaded() -> None:
        await screen.call(lambda: None)
        await screen.offer_unpacking(Downloaded(plan, is_compared=True))

    screen.start("download", downloaded)
    await work.settle()


LATE = [
    (overwrite, ConfirmDialog, "Overwrite?"),
    (upload, UploadDialog, "Upload"),
    (gated_license, LicenseDialog, "Accept for this model"),
    (clone, ConfirmDialog, "Take it"),
    (unpack, ConfirmDialog, "Unpack it?"),
]


@pytest.mark.parametrize(("ask", "kind", "text"), LATE, ids=lambda each: getattr(each, "__name__", ""))
async def test_a_late_question_is_not_answered_by_a_key_for_something_else(
    ask: Callable[[Work], Awaitable[None]], kind: type[Dialog[bool]], text: str, folder: Path
) -> None:
    (folder / "file.txt").write_text("text")
    world = replace(ORDINARY, draft=draft(LONG)) if ask is gated_license else ORDINARY
    async with still_work(folder, world) as work:
        await ask(work)
        question = shown(work)
        assert isinstance(question, kind)
        before = work.run
        await work.press("y", "n", "enter", "escape", "q")
        assert work.app.screen is question
        assert work.run == before
        assert not work.app.calls.busy
        question.listen()
        assert text in " ".join(work.text.split())
        await work.press("escape")
        assert work.app.screen is not question


async def test_what_is_typed_into_a_late_choice_stays_and_takes_nothing(folder: Path) -> None:
    async with still_work(folder) as work:
        before = work.run
        for keys in (("1", "v"), ("ctrl+t",)):
            await work.press(*keys)
            choice = shown(work)
            assert isinstance(choice, ChoiceDialog)
            await work.press("2", "enter", "escape")
            assert work.app.screen is choice
            assert choice.query_one(Input).value == "2"
            choice.listen()
            await work.press("escape")
            assert work.app.screen is not choice
        assert work.run == before


async def test_what_a_key_opens_listens_to_the_keys_right_behind_it(folder: Path) -> None:
    async with still_work(folder) as work:
        for keys, kind in ((("5", "n"), PromptDialog), (("ctrl+p",), ChoiceDialog), (("6", "f"), ChoiceDialog)):
            await work.pilot.press(*keys, *"typed")
            dialog = work.app.screen
            assert isinstance(dialog, kind), work.text
            assert dialog.query_one(Input).value.endswith("typed")
            await work.press("escape")
            assert work.app.screen is not dialog
        await work.pilot.press("4", "X", "y")
        await work.settle()
        assert "Everything is at the model's defaults" in work.text
        assert work.app.screen is work.app.work_screen


async def test_a_question_that_is_awaited_in_silence_listens_sooner_than_one_that_comes_while_somebody_types(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[float] = []
    monkeypatch.setattr(ConfirmDialog, "guard_input", lambda _, share=1.0: shares.append(share))
    async with still_work(folder) as work:
        for typed in ((), ("down",)):
            asked = asyncio.Event()

            async def ask(asked: asyncio.Event = asked) -> None:
                await work.app.call(lambda: None)
                await asked.wait()
                await work.app.open_dialog(ConfirmDialog("Sure?", [line("text")]))

            work.app.start("ask", ask)
            await work.press(*typed)
            asked.set()
            await work.settle()
            await work.press("escape")
    assert shares == [QUIET, 1.0]
