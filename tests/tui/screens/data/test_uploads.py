"""Screen 2: upload a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.dialogs.upload import UploadDialog
from tests.common.home import BUCKET, Home
from tests.tui.screens.data.page import on_data


async def test_a_folder_is_uploaded_and_once_more_only_what_is_missing(home: Home, pictures: Path) -> None:
    async with on_data(home) as data:
        await data.go(f"s3://{BUCKET}/")
        await data.work.press("U")
        assert isinstance(data.work.app.screen, FolderDialog)
        await data.work.press("tab")
        await data.enter(str(pictures.parent / "no-such"))
        assert "!" in data.work.text
        assert isinstance(data.work.app.focused, Input)  # to mend what was typed
        await data.enter(str(pictures.parent))
        await data.work.press("down", "enter")  # into flowers/
        assert "roses/" in data.work.text and ".hidden" not in data.work.text
        await data.work.press("backspace", "space")  # up to the row it came from, and take it
        await data.enter(f"s3://{BUCKET}/grown/flowers/")
        assert isinstance(data.work.app.screen, UploadDialog)
        assert "3 files, 34 B" in data.work.text
        await data.work.press("enter")
        assert "go on behind" not in data.work.text  # the dialog is gone
        assert "Uploaded 3 files" in data.screen.status
        assert "grown/" in data.keys
        assert data.table.cursor_key == "grown/"  # enter and space go on with what was uploaded
        (pictures / "roses" / "3.txt").write_text("3")
        await data.go(f"s3://{BUCKET}/grown/")
        await data.work.press("U", "down", "space", "enter")
        assert "1 file, 1 B" in data.work.text
        assert "3 files already there" in data.work.text
        await data.work.press("n")
        assert data.screen.would_lose == ""


async def test_from_the_first_page_a_folder_goes_beside_the_models_and_is_opened(home: Home, pictures: Path) -> None:
    async with on_data(home) as data:
        data.work.session.drafts.put(replace(data.work.run, output=f"s3://{BUCKET}/models"))
        await data.work.press("U", "tab")
        await data.enter(str(pictures))
        await data.work.press("space")
        dialog = data.work.app.screen
        assert dialog.query_one(Input).value == f"s3://{BUCKET}/data/flowers/"
        assert "!" not in "".join(data.work.lines[8:20])
        await data.work.press("enter", "enter")
        assert "Uploaded 3 files" in data.screen.status
        assert data.place == S3Uri(BUCKET, "data/flowers/")
        assert "roses/" in data.keys


async def test_what_an_upload_leaves_out_is_named_before_and_after(home: Home, pictures: Path) -> None:
    (pictures / "roses" / "gone.txt").symlink_to("nowhere")
    async with on_data(home) as data:
        await data.go(f"s3://{BUCKET}/partly/")
        await data.work.press("U", "tab")
        await data.enter(str(pictures))
        await data.work.press("space", "enter")
        assert "broken link" in data.work.text and "roses/gone.txt" in data.work.text
        assert "hidden" in data.work.text
        await data.work.press("y")
        assert "Uploaded 3 files" in data.screen.status
        assert "1 entry left out (broken link): roses/gone.txt" in data.screen.status


async def test_an_upload_is_stopped_and_leaving_asks(home: Home, pictures: Path) -> None:
    async with on_data(home) as data:
        await data.go(f"s3://{BUCKET}/stopped/")
        await data.work.press("U", "tab")
        await data.enter(str(pictures))
        await data.work.press("space")
        await data.work.press("enter")
        home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": "PutObject", "seconds": 3600})
        await data.work.pilot.press("y")
        assert data.screen.status.startswith("Uploading")
        assert "%" in data.work.text and "go on behind" in data.work.text
        await data.work.pilot.press("escape", "U")
        assert "runs already" in data.screen.status
        await data.work.pilot.press("q")
        assert isinstance(data.work.app.screen, ConfirmDialog)
        assert "is not done" in data.screen.would_lose
        await data.work.pilot.press("n")
        await data.work.press("x")
        assert "was stopped" in data.screen.status
        assert data.screen.would_lose == ""


async def test_a_read_only_session_uploads_nothing(home: Home) -> None:
    async with on_data(home, choice=TargetChoice(sandbox=True, read_only=True)) as data:
        await data.work.press("U")
        assert "read-only" in data.screen.status
        assert data.work.app.screen is data.screen
