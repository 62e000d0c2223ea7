"""Screen 2: browse, preview, check, use, upload; and what it shows when something is in the way."""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Input

from jsft_tui.core.common.text import clean
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.base import screen as work_screen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.screens.data.preview import PreviewPane
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.text_pane import TextPane
from tests.home import BROKEN, BUCKET, IMAGE_MODEL, TINY_SERVICES, TINY_SHAPES, Home
from tests.tui.pilot import Work, at_work

MANY = 5000
Put = Callable[[str, bytes], None]


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_screen, "REST", 0.03)


class OnData:
    """The app on its Data screen."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.screen = work.screen(DataScreen)

    @property
    def table(self) -> VirtualTable:
        return self.screen.query_one("#objects", VirtualTable)

    @property
    def keys(self) -> list[str]:
        return [self.table.source.key(index) for index in range(len(self.table.source))]

    @property
    def title(self) -> str:
        return next(line for line in self.work.lines if line.startswith("─"))

    @property
    def wants(self) -> str:
        return self.screen.query_one("#wants TextPane", TextPane).text

    @property
    def preview(self) -> PreviewPane:
        return self.screen.query_one(PreviewPane)

    async def enter(self, text: str) -> None:
        """Put a text into the dialog's input and take it."""
        self.work.app.screen.query_one(Input).value = text
        await self.work.press("enter")

    async def go(self, uri: str) -> None:
        await self.work.press("u")
        await self.enter(uri)

    async def rest(self) -> None:
        """Wait until the preview has followed the cursor."""
        await asyncio.sleep(0.06)
        await self.work.settle()

    async def use_model(self, model: str) -> None:
        run, spec = self.work.session.services.first_run(model, "*")
        self.work.session.spec = spec
        self.work.session.drafts.put(run)
        await self.work.settle()


@contextlib.asynccontextmanager
async def on_data(home: Home, size: tuple[int, int] = (100, 30), **options: object) -> AsyncIterator[OnData]:
    async with at_work(home, size, **options) as work:  # type: ignore[arg-type]
        await work.press("2")
        yield OnData(work)


@pytest.fixture
def put(home: Home) -> Iterator[Put]:
    """Puts objects into the sandbox."""
    client = home.sandbox.client("s3")

    def put_one(key: str, body: bytes) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=body)

    yield put_one


async def test_one_walks_down_and_comes_back_to_where_one_was(home: Home) -> None:
    async with on_data(home) as data:
        assert "4 buckets" in data.title
        assert "! eu-central-1" in data.work.text
        assert data.table.cursor_key == BROKEN
        await data.work.press("down", "down", "enter")
        assert data.title.startswith(f"─ s3://{BUCKET} / ")
        assert data.keys[0] == ".." and "data/" in data.keys
        assert data.table.move_to_key("data/")
        await data.work.press("enter", "G", "enter")
        assert "tiny-shapes /" in data.title
        assert data.table.cursor_key == ".."
        for key in ("backspace", "left", "h"):
            await data.work.press(key)
        assert (data.title.split()[1], data.table.cursor_key) == ("Buckets", BUCKET)
        await data.work.press("enter")
        assert data.table.move_to_key("data/")
        await data.work.press("enter")
        assert data.keys[1:] == ["points/", "services/", "shapes/", "tiny-services/", "tiny-shapes/"]
        await data.work.press("enter")  # on the way up
        assert data.table.cursor_key == "data/"
        await data.work.press("h", "h", "h")  # nothing is above the buckets
        assert "4 buckets" in data.title


async def test_a_typed_place_opens_and_leads_up(home: Home) -> None:
    async with on_data(home) as data:
        await data.go(TINY_SHAPES)
        assert data.keys == ["..", "circles/", "crosses/", "squares/", "stars/", "triangles/"]
        assert "5 keys" in data.title
        await data.work.press("backspace")
        assert data.table.cursor_key == "tiny-shapes/"
        await data.go(TINY_SHAPES.removesuffix("/"))  # the only prefix of that name
        assert "tiny-shapes /" in data.title
        await data.go(f"{TINY_SERVICES}data")  # an object begins so
        assert "data*" in data.title
        assert data.keys[1:] == ["data.csv"]
        await data.work.press("u")
        await data.enter("https://b.s3.amazonaws.com/x")
        assert "Write s3://b/x" in data.work.text  # and the dialog stays
        await data.work.press("escape")
        await data.go(f"s3://{BUCKET}/data/s3://there-is-no-such-bucket/x/")  # pasted behind what stood there
        assert "There is no bucket there-is-no-such-bucket" in data.work.text
        await data.go("s3://jsft-sandbox-elsewhere/")
        assert "! in eu-central-1, not us-west-2" in data.title
        await data.go(f"s3://{BUCKET}/nothing/here/")
        assert "There is nothing under" in data.work.text


async def test_what_is_used_goes_into_the_run(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("space")
        assert data.work.run.data == {"training": TINY_SHAPES}
        assert TINY_SHAPES in data.screen.status
        await data.work.press("y")
        assert "sent to the clipboard (OSC 52)" in data.screen.status
        assert data.work.app.clipboard == TINY_SHAPES
        await data.work.press("d")
        assert data.work.run.data == {}
        await data.work.press("h", "h", "o")
        assert data.work.run.output == f"s3://{BUCKET}/data/"
        await data.work.press("r")
        assert TINY_SHAPES in data.work.text
        await data.work.press("down", "enter")
        assert "tiny-shapes /" in data.title
        await data.go(f"s3://{BUCKET}")
        await data.work.press("o")
        assert data.work.run.output == f"s3://{BUCKET}/"


async def test_validation_data_goes_with_training_data(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("V")
        assert "Choose the training data first" in data.screen.status
        await data.work.press("space", "V")
        assert data.work.run.data == {"training": TINY_SHAPES, "validation": TINY_SHAPES}
        await data.go(TINY_SERVICES)
        await data.work.press("space")
        assert f"Validation data stays {TINY_SHAPES}" in data.screen.status
        assert data.work.session.spec is not None
        data.work.session.spec = replace(data.work.session.spec, validation_supported=False)
        await data.work.press("V")
        assert "takes no validation data" in data.screen.status


async def test_the_preview_follows_the_cursor(home: Home, put: Put) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), (255, 0, 0)).save(picture, "PNG")
    put("previews/a.csv", b'1,"one, two",x\n22,b,y\n')
    put("previews/b.png", picture.getvalue())
    put("previews/c.png", picture.getvalue()[:50])
    put("previews/d.jsonl", b'{"prompt": "say \\u001b[31mhi"}\n')
    put("previews/e.empty", b"")
    async with on_data(home, (120, 36), NO_COLOR="", COLORTERM="truecolor") as data:
        await data.go(f"s3://{BUCKET}/previews/")
        await data.work.press("down")
        await data.rest()
        assert "1   one, two  x" in data.preview.text.text
        assert f"s3://{BUCKET}/previews/a.csv" in data.preview.text.text
        await data.work.press("down")
        await data.rest()
        assert "PNG 64 x 64" in data.preview.text.text
        assert "▀" in data.work.text
        await data.work.pilot.resize_terminal(140, 40)
        await data.rest()
        assert data.preview.picture.pixels is not None
        assert data.preview.picture.pixels.width > 20
        await data.work.press("down")
        await data.rest()
        assert "this picture cannot be drawn" in data.preview.text.text
        assert "▀" not in data.work.text
        await data.work.press("down")
        await data.rest()
        assert "prompt" in data.preview.text.text
        assert "\x1b" not in data.preview.text.text
        await data.work.press("down")
        await data.rest()
        assert "empty" in data.preview.text.text
        await data.work.press("p", "up")
        await data.rest()
        assert "d.jsonl ·" not in data.work.text  # hidden: nothing is read
        await data.work.press("enter")
        await data.rest()
        assert "d.jsonl ·" in data.work.text


async def test_only_what_the_cursor_rests_on_is_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_screen, "REST", 0.3)
    async with on_data(home) as data:
        await data.go(f"{TINY_SHAPES}circles/")
        home.sandbox.forget_calls()
        await data.work.pilot.press("down", "down", "down", "up")
        await data.work.wait_for("circles-001.jpg ·")
        await data.work.settle()
        assert home.sandbox.calls() == [("s3", "GetObject")]


async def test_pictures_become_shades_without_colours(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.go(f"{TINY_SHAPES}circles/")
        await data.work.press("down")
        await data.rest()
        assert data.preview.picture.pixels is not None
        assert "▀" not in data.work.text
        assert any(shade in data.work.text for shade in "░▒▓█")


async def test_the_data_is_checked_for_the_model(home: Home) -> None:
    async with on_data(home) as data:
        assert "No model is chosen" in data.wants
        await data.go(TINY_SHAPES)
        await data.work.press("v")
        assert "Choose a model first" in data.screen.status
        await data.use_model(IMAGE_MODEL)
        assert "folder" in data.wants
        await data.work.press("v")
        assert data.screen.status.endswith(TINY_SHAPES)
        assert "pass:" in data.screen.status or "warn:" in data.screen.status
        assert "50 objects and 5 folders listed" in data.wants
        await data.go(f"s3://{BROKEN}/images-corrupt/")
        await data.rest()
        assert "folders listed" not in data.wants  # of another place
        await data.work.press("v")
        assert "block: the training would fail" in data.screen.status
        assert "✖" in data.wants and "not a JPEG" in data.wants


async def test_a_check_is_stopped(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": "ListObjectsV2", "seconds": 3600})
        await data.work.pilot.press("v")
        assert "Checking" in data.screen.status
        await data.work.press("x")
        assert data.screen.status == "The check was stopped."
        await data.work.press("x")
        assert "Nothing runs" in data.screen.status


async def test_where_listing_is_denied_it_says_which_permission_and_goes_on(home: Home) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListBuckets"})
    async with on_data(home, (80, 24)) as data:
        assert "s3:ListAllMyBuckets" in data.work.text
        assert "Press u" in data.work.text
        await data.go(TINY_SHAPES)
        assert "circles/" in data.keys
        home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListObjectsV2"})
        await data.work.press("R")
        assert "s3:ListBucket is missing" in data.work.text
        await data.work.press("space")
        assert data.work.run.data == {"training": TINY_SHAPES}
        home.sandbox.set_faults({"do": "expired", "service": "s3"})
        await data.work.press("R")
        assert "aws sso login" in data.work.text
        home.sandbox.set_faults()
        await data.work.press("ctrl+r")
        assert "circles/" in data.keys


@pytest.fixture(scope="module")
def many(_session_home: Home) -> str:
    """A prefix with many keys, put straight into the sandbox's index."""
    store = ObjectStore(_session_home.sandbox.state_dir / "content" / "s3")
    number = store.bucket(BUCKET).id
    rows = ((number, f"many/key-{n:05}.txt", 0, "0" * 32, 1.7e9, "{}", None) for n in range(MANY))
    with store.database.writing() as db:
        db.executemany("INSERT INTO objects VALUES(?,?,?,?,?,?,?)", rows)
    store.close()
    return f"s3://{BUCKET}/many/"


async def test_thousands_of_keys_come_as_one_scrolls(home: Home, many: str) -> None:
    async with on_data(home) as data:
        await data.go(many)
        assert "1,000+ keys" in data.title
        await data.work.press("G")
        assert "2,000+ keys" in data.title
        assert data.table.cursor_key == "key-00999.txt"
        await data.work.press("slash")
        await data.work.type("1042")
        await data.work.wait_for("1 of 2,000+ keys")
        await data.work.press("escape")
        await data.work.wait_for(lambda: "of" not in data.title)
        await data.work.type("key-043")
        await data.work.wait_for("None of the 2,000+ listed fits")
        await data.work.press("enter")
        assert "key-043* " in data.title
        assert "100 keys" in data.title
        assert data.keys[1] == "key-04300.txt"
        await data.work.press("down", "slash", "backspace")
        await data.work.wait_for("0 of 1,000+ keys")  # of what is listed without the beginning
        await data.work.press("escape", "escape")
        for expected in ("2,000+", "3,000+", "4,000+", "5,000"):
            await data.work.press("G")
            assert f"{expected} keys" in data.title
        await data.work.press("G")
        assert data.table.cursor_key == "key-04999.txt"


HOSTILE = (
    "hostile/\x1b[2J\x1b]0;owned\x07clear",
    "hostile/[red]markup[@click=app.quit]",
    "hostile/[/b]x",
    "hostile/\u202egnp.exe",
    "hostile/日本語のとても長い名前" + "語" * 60,
    "hostile/" + "n" * 1000,
    "hostile/שלום.txt",
    "hostile/ /x",
    "hostile//y",
)


async def test_hostile_names_are_shown_and_opened(home: Home, put: Put) -> None:
    for key in HOSTILE:
        put(key, b"1,a\n")
    async with on_data(home, (80, 24)) as data:
        await data.go(f"s3://{BUCKET}/hostile/")
        assert len(data.keys) == len(HOSTILE) + 1
        shown = []
        for _ in HOSTILE:
            await data.work.press("down")
            await data.rest()
            shown += data.work.lines
        assert shown == [clean(line) for line in shown]
        assert any("[red]markup[@click=app.quit]" in line for line in shown)
        assert any(line.startswith(" clear ") or line.startswith("▌clear ") for line in shown)
        await data.work.press("g", "down", "down", "enter")  # a prefix without a name
        assert data.keys[1:] == ["y"]
        await data.work.press("h")
        assert data.table.cursor_key == "/"


async def test_slow_answers_hold_no_key_up(home: Home) -> None:
    async with on_data(home) as data:
        await data.go(TINY_SHAPES)
        home.sandbox.set_faults({"do": "hold", "service": "s3", "seconds": 3600})  # no call comes back
        await data.work.pilot.press("h")
        assert "Listing s3://" in data.work.text
        await data.work.pilot.press("1", "2", "u", "escape", "h")
        assert f"Listing s3://{BUCKET}/ " in data.work.text
        home.sandbox.set_faults()
        data.work.app.tasks.forget()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder to upload: two classes, a hidden file."""
    for name in ("roses/1.txt", "roses/2.txt", "tulips/1.txt", ".hidden"):
        path = tmp_path / "flowers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "flowers"


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
        assert isinstance(data.work.app.screen, ConfirmDialog)
        assert "3 files, 34 Bytes" in data.work.text
        await data.work.press("y")
        assert "Uploaded 3 files" in data.screen.status
        assert "grown/" in data.keys
        assert data.table.cursor_key == "grown/"  # enter and space go on with what was uploaded
        (pictures / "roses" / "3.txt").write_text("3")
        await data.go(f"s3://{BUCKET}/grown/")
        await data.work.press("U", "down", "space", "enter")
        assert "1 file, 1 Byte" in data.work.text
        assert "3 files there already" in data.work.text
        await data.work.press("n")
        assert data.screen.would_lose == ""


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
        await data.work.pilot.press("U")
        assert "runs already" in data.screen.status
        await data.work.pilot.press("q")
        assert "is not done" in data.work.text
        await data.work.pilot.press("n")
        await data.work.press("x")
        assert "was stopped" in data.screen.status
        assert data.screen.would_lose == ""


async def test_a_read_only_session_uploads_nothing(home: Home) -> None:
    async with on_data(home, choice=TargetChoice(sandbox=True, read_only=True)) as data:
        await data.work.press("U")
        assert "read-only" in data.screen.status
        assert data.work.app.screen is data.screen


async def test_everything_is_reached_with_tab_on_a_small_terminal(home: Home) -> None:
    async with on_data(home, (80, 24)) as data:
        await data.go(TINY_SHAPES)
        seen = set()
        for _ in range(5):
            await data.work.press("tab")
            focused = data.work.app.focused
            seen.add(type(focused).__name__)
        assert seen >= {"VirtualTable", "DetailPane", "Input"}
