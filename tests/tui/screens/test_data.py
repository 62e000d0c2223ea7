"""Screen 2: browse, preview, check, use, upload; and what it shows when something is in the way."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Input

from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.dialogs.upload import UploadDialog
from jsft_tui.tui.screens.data import screen as data_screen
from jsft_tui.tui.screens.data.preview import PreviewView
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.data.start_page import LATELY, Start
from jsft_tui.tui.screens.instance.screen import InstanceScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import BROKEN, BUCKET, IMAGE_MODEL, TEXT_MODEL, TINY_SERVICES, TINY_SHAPES, Home
from tests.tui.driver.pilot import Work, at_work

MANY = 5000
RECIPE_MODEL = "huggingface-reasoning-qwen3-06b"
Put = Callable[[str, bytes], None]


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_screen, "REST", 0.03)
    monkeypatch.setattr(data_screen, "LOOK_AFTER", 0.03)


class OnData:
    """The app on its Data screen."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.screen = work.screen(DataScreen)

    @property
    def table(self) -> VirtualTable:
        return self.screen.query_one(VirtualTable)

    @property
    def keys(self) -> list[str]:
        return [self.table.source.key(index) for index in range(len(self.table.source))]

    @property
    def title(self) -> str:
        return self.screen.panes.list_pane.title

    @property
    def detail(self) -> str:
        return f"{self.screen.panes.detail_pane.title}\n{self.screen.panes.view.text}"

    @property
    def preview(self) -> PreviewView:
        return self.screen.query_one(PreviewView)

    @property
    def place(self) -> S3Uri | None:
        return self.screen._browser.open

    @property
    def previewed(self) -> str:
        return self.screen.panes.list_pane.lower_title

    async def enter(self, text: str) -> None:
        """Put a text into the dialog's input and take it."""
        self.work.app.screen.query_one(Input).value = text
        await self.work.press("enter")

    async def go(self, uri: str) -> None:
        await self.work.press("u")
        await self.enter(uri)

    async def rest(self) -> None:
        """Wait until the preview has followed the cursor."""
        await self.work.settle()

    async def use_model(self, model: str) -> None:
        run, spec = self.work.session.services.planning.first_run(model, "*")
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
        assert "Buckets · 4" in data.work.text
        assert "! other region" in data.work.text
        assert data.table.cursor_key == Start.DEFAULT.value
        await data.work.press("down", "down", "down", "down", "down", "enter")
        assert data.place == S3Uri(BUCKET)
        assert data.keys[0] == ".." and "data/" in data.keys
        assert data.table.move_to_key("data/")
        await data.work.press("enter", "G", "enter")
        assert data.place == S3Uri.parse(TINY_SHAPES)
        assert data.table.cursor_key == ".."
        for key in ("backspace", "left", "h"):
            await data.work.press(key)
        assert data.work.screen(DataScreen)._browser.open is None
        assert data.table.cursor_key == BUCKET
        await data.work.press("enter")
        assert data.table.move_to_key("data/")
        await data.work.press("enter")
        assert data.keys[0] == ".." and data.keys[-3:] == ["targets/", "tiny-services/", "tiny-shapes/"]
        await data.work.press("enter")  # on the way up
        assert data.table.cursor_key == "data/"
        await data.work.press("h", "h", "h")  # nothing is above the first page
        assert data.place is None


async def test_a_typed_place_opens_and_leads_up(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.go(TINY_SHAPES)
        assert data.keys == ["..", "circles/", "crosses/", "squares/", "stars/", "triangles/"]
        assert "5 folders" in data.title
        await data.work.press("backspace")
        assert data.table.cursor_key == "tiny-shapes/"
        await data.go(TINY_SHAPES.removesuffix("/"))  # the only prefix of that name
        assert data.place == S3Uri.parse(TINY_SHAPES)
        await data.go(f"{TINY_SERVICES}data")  # an object begins so
        assert "1 that begin so" in data.title
        assert data.keys[1:] == ["data.csv"]
        await data.work.press("u")
        await data.enter("https://abc.s3.amazonaws.com/x")
        assert "s3://abc/x" in data.work.text  # and the dialog stays
        await data.work.press("escape")
        await data.go(f"s3://{BUCKET}/data/s3://there-is-no-such-bucket/x/")  # pasted behind what stood there
        assert "There is no bucket there-is-no-such-bucket" in data.work.text
        await data.go("s3://jsft-sandbox-elsewhere/")
        assert "! in eu-central-1, not us-west-2" in data.title
        await data.go(f"s3://{BUCKET}/nothing/here/")
        assert "There is nothing under" in data.work.text


async def test_what_is_used_goes_into_the_run_and_one_goes_on(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("c", "space")
        assert data.work.run.data == {"training": TINY_SHAPES}
        assert TINY_SHAPES in data.work.screen(InstanceScreen).status
        await data.work.press("2", "y")
        assert "sent to the clipboard (OSC 52)" in data.screen.status
        assert data.work.app.clipboard == TINY_SHAPES
        await data.work.press("d")
        assert data.work.run.data == {}
        data.work.screen(InstanceScreen)
        await data.work.press("2", "h", "o")
        assert data.work.run.output == TINY_SHAPES
        await data.work.press("h", "h")
        assert "Used lately" in data.work.text and "✔ fits" in data.work.text
        assert data.table.move_to_key(f"{LATELY}{TINY_SHAPES}")
        await data.work.press("enter")
        assert data.place == S3Uri.parse(TINY_SHAPES)
        await data.work.press("l")
        assert TINY_SHAPES in data.work.text
        await data.work.press("escape")
        await data.go(f"s3://{BUCKET}")
        await data.work.press("o")
        assert data.work.run.output == f"s3://{BUCKET}/"


async def test_the_folder_that_looks_like_data_is_the_one_to_train_with(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("down")  # on a class, in the data
        await data.work.press("space")
        assert data.work.run.data == {"training": TINY_SHAPES}
        await data.work.press("2", "h")
        assert data.table.cursor_key == "tiny-shapes/"  # among folders that are no classes
        await data.work.press("d", "2", "space")
        assert data.work.run.data == {"training": TINY_SHAPES}


async def test_the_first_row_trains_with_the_default_dataset(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.work.press("enter")
        assert "Choose a model first" in data.screen.status
        await data.use_model(IMAGE_MODEL)
        assert "400 images in 5 classes" in data.detail
        await data.work.press("enter")
        assert data.work.run.data == {}
        data.work.screen(InstanceScreen)


async def test_another_model_opens_its_own_data(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        shapes = S3Uri.parse(TINY_SHAPES)
        assert data.place == shapes
        await data.work.press("1")
        await data.use_model(TEXT_MODEL)
        await data.work.press("2")
        assert data.keys[0] == Start.DEFAULT.value
        await data.go(TINY_SERVICES)
        await data.work.press("1")
        await data.use_model(IMAGE_MODEL)
        await data.work.press("2")
        assert data.place == shapes
        data.work.session.drafts.put(replace(data.work.run, data={"training": TINY_SHAPES}))
        await data.work.settle()
        assert data.place == shapes


async def test_validation_data_goes_with_training_data(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("v")
        assert "Choose the training data first" in data.screen.status
        await data.work.press("space", "2", "v")
        assert data.work.run.data == {"training": TINY_SHAPES, "validation": TINY_SHAPES}
        await data.go(TINY_SERVICES)
        await data.work.press("space")
        assert f"The validation data is still {TINY_SHAPES}" in data.work.screen(InstanceScreen).status
        assert data.work.session.spec is not None
        data.work.session.spec = replace(data.work.session.spec, validation_supported=False)
        await data.work.press("2", "v")
        assert "takes no separate validation data" in data.screen.status


async def test_former_keys_work_and_name_the_new_ones(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("space", "2", "V")
        assert "validation" in data.work.run.data
        await data.work.press("R")
        assert data.screen.status.startswith("r is the key")
        await data.work.press("p")
        assert data.screen.panes.zoomed is data.screen.panes.detail_pane


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
        assert data.previewed.startswith("a.csv")
        await data.work.press("down")
        await data.rest()
        assert data.previewed.startswith("b.png  64 × 64, ")
        assert "▀" in data.work.text
        await data.work.pilot.resize_terminal(140, 40)
        await data.rest()
        assert data.preview.picture.pixels is not None
        assert data.preview.picture.pixels.width > 20
        await data.work.press("down")
        await data.rest()
        assert "this image cannot be decoded" in data.preview.text.text
        assert "▀" not in data.work.text
        await data.work.press("down")
        await data.rest()
        assert "prompt" in data.preview.text.text
        assert "\x1b" not in data.preview.text.text
        await data.work.press("down")
        await data.rest()
        assert "empty" in data.preview.text.text
        await data.work.pilot.resize_terminal(80, 24)  # without room below the list the detail has the first lines
        await data.work.press("up")
        await data.rest()
        assert "prompt" in data.detail


async def test_a_class_is_previewed_by_its_first_image(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.rest()
        await data.work.press("down")
        await data.rest()
        assert data.previewed.startswith("circles/circles-000.jpg  96 × 96")
        assert "▀" not in data.work.text  # shades without colors
        assert any(shade in data.work.text for shade in "░▒▓█")


async def test_a_preview_goes_when_the_terminal_becomes_narrow(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.rest()
        await data.work.press("down")
        await data.rest()
        assert data.previewed.startswith("circles/circles-000.jpg")
        await data.work.pilot.resize_terminal(80, 24)
        await data.work.settle()
        assert "first image" not in data.work.text
        assert "triangles/" in data.work.text


async def test_the_number_of_each_class_is_seen_whatever_the_width(home: Home) -> None:
    async with on_data(home, (100, 30)) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        await data.work.press("c")
        await data.work.wait_for("Images per class")
        for size in ((100, 30), (120, 36), (200, 50)):
            await data.work.pilot.resize_terminal(*size)
            await data.work.settle()
            shown = [line for line in data.work.lines if re.search("(circles|triangles) ", line)]
            assert len(shown) == 2, data.work.text
            assert all(re.search(r" 10 +[│┃]$", line) for line in shown), data.work.text


async def test_the_first_page_has_no_row_for_a_dataset_that_is_not_there(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(RECIPE_MODEL)
        assert Start.DEFAULT.value not in data.keys
        assert data.table.cursor_key == Start.TYPE.value


async def test_the_first_page_says_what_enter_does_with_a_row(home: Home) -> None:
    async with on_data(home) as data:
        assert data.work.lines[-1].startswith(" enter use")
        await data.work.press("G")
        await data.rest()
        assert data.work.lines[-1].startswith(" enter open")


async def test_a_folder_costs_one_listing_once_the_cursor_rests_and_its_parts_cost_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_screen, "REST", 0.3)
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(f"s3://{BUCKET}/data/")
        assert data.table.move_to_key("targets/")
        await data.work.settle()
        home.sandbox.forget_calls()
        await data.work.pilot.press("down", "down", "up", "down")
        await data.work.wait_for("5 classes")
        await data.work.settle()
        assert set(home.sandbox.calls()) <= {("s3", "ListObjectsV2")}
        assert len(home.sandbox.calls()) <= 2  # of the open folder, and of that under the cursor
        await data.go(f"{TINY_SHAPES}circles/")
        home.sandbox.forget_calls()
        await data.work.pilot.press("down", "down", "down", "up")
        await data.work.wait_for(lambda: data.previewed.startswith("circles-001.jpg"))
        await data.work.settle()
        assert [call for call in home.sandbox.calls() if call[1] == "GetObject"] == [("s3", "GetObject")]


async def test_the_data_is_checked_for_the_model(home: Home) -> None:
    async with on_data(home, (120, 36)) as data:
        assert "No model is chosen" in data.detail
        await data.go(TINY_SHAPES)
        await data.work.press("c")
        assert "Choose a model first" in data.screen.status
        await data.use_model(IMAGE_MODEL)
        await data.rest()
        assert "c  check" in data.detail and "50 images" in data.detail  # by their names
        await data.work.press("c")
        assert "✔ yes" in data.detail
        assert "50 of 50 open" in data.detail
        assert "Read 50 of 50 images" in data.screen.status
        assert "Images per class" in data.detail
        await data.go(f"s3://{BROKEN}/images-corrupt/")
        await data.rest()
        assert "50 of 50" not in data.detail  # of another place
        await data.work.press("c")
        assert "does not fit" in data.screen.status
        assert "✖ no" in data.detail and "not a JPEG" in data.detail
        await data.work.press("space", "2")
        await data.work.press("h", "h")
        assert "✖ no" in data.work.text  # among the places used lately


async def test_a_template_is_written_for_the_columns_there_are(home: Home, put: Put) -> None:
    put("tickets/train.jsonl", b'{"prompt": "Where?", "answer": "There."}\n' * 20)
    async with on_data(home, (120, 36)) as data:
        await data.use_model("meta-textgeneration-llama-3-1-8b")
        run = data.work.run
        data.work.session.drafts.put(
            replace(run, hyperparameters={**run.hyperparameters, "instruction_tuned": "True", "chat_dataset": "False"})
        )
        await data.go(f"s3://{BUCKET}/tickets/")
        await data.work.press("f")
        assert "nothing to fix" in data.screen.status
        await data.work.press("c")
        assert "✖ no" in data.detail and '"completion": "{answer}"' in data.detail
        await data.work.press("f", "n")
        assert "template.json" not in data.keys
        await data.work.press("f", "y")
        assert "template.json" in data.keys
        assert "✔ yes" in data.detail


async def test_a_check_is_stopped(home: Home) -> None:
    async with on_data(home) as data:
        await data.use_model(IMAGE_MODEL)
        await data.go(TINY_SHAPES)
        home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": "ListObjectsV2", "seconds": 3600})
        await data.work.pilot.press("c")
        await data.work.wait_for("Checking")
        await data.work.press("x")
        assert data.screen.status == "Check canceled."
        await data.work.press("x")
        assert "Nothing is running" in data.screen.status


async def test_where_listing_is_denied_it_says_which_permission_and_goes_on(home: Home) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListBuckets"})
    async with on_data(home, (80, 24)) as data:
        await data.use_model(IMAGE_MODEL)
        assert "! you may not list buckets" in data.title
        await data.work.press("G", "y")
        assert "s3:ListAllMyBuckets" in data.detail
        assert "s3:ListAllMyBuckets" in data.work.app.clipboard
        await data.go(TINY_SHAPES)
        assert "circles/" in data.keys
        home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListObjectsV2"})
        await data.work.press("r")
        assert "lacks s3:ListBucket" in data.work.text
        await data.work.press("space")
        assert data.work.run.data == {"training": TINY_SHAPES}
        await data.work.press("2")
        home.sandbox.set_faults({"do": "expired", "service": "s3"})
        await data.work.press("r")
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
    async with on_data(home, (120, 36)) as data:
        await data.go(many)
        assert "1,000+ names" in data.title
        await data.work.press("G")
        assert "2,000+ names" in data.title
        assert data.table.cursor_key == "key-00999.txt"
        await data.work.press("slash")
        await data.work.type("1042")
        await data.work.wait_for("key-01042.txt")
        await data.work.wait_for(lambda: data.keys == ["..", "key-01042.txt"])
        await data.work.press("escape", "escape")
        await data.work.wait_for("2,000+ names")
        await data.work.press("slash")
        await data.work.type("key-043")
        await data.work.wait_for("None of the 2,000+ listed fit")
        await data.work.press("enter")
        assert "100 that begin so" in data.title
        assert data.keys[1] == "key-04300.txt"
        await data.work.press("down", "slash", "backspace")
        await data.work.wait_for("None of the 1,000+")  # of what is listed without the beginning
        await data.work.press("escape", "escape")
        for expected in ("2,000+ names", "3,000+ names", "4,000+ names", "5,000 files"):
            await data.work.press("G")
            assert expected in data.title
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
        assert any(line.lstrip("│┃▌ ").startswith("clear ") for line in shown)
        await data.work.press("g", "down", "down", "enter")  # a prefix without a name
        assert data.keys[1:] == ["y"]
        await data.work.press("h")
        assert data.table.cursor_key == "/"


async def test_slow_answers_hold_no_key_up(home: Home) -> None:
    async with on_data(home) as data:
        await data.go(TINY_SHAPES)
        home.sandbox.set_faults({"do": "hold", "service": "s3", "seconds": 3600})  # no call comes back
        await data.work.pilot.press("h")
        assert "loading …" in data.title
        await data.work.pilot.press("1", "2", "u", "escape", "h")
        assert data.place == S3Uri(BUCKET)
        home.sandbox.set_faults()
        data.work.app.cancel_flows()


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


async def test_everything_is_reached_with_tab_on_a_small_terminal(home: Home) -> None:
    async with on_data(home, (80, 24)) as data:
        await data.go(TINY_SHAPES)
        seen = set()
        for _ in range(3):
            await data.work.press("tab")
            seen.add(type(data.work.app.focused).__name__)
        assert seen >= {"VirtualTable", "DetailView"}


async def test_enter_opens_the_first_folder_that_fits_the_filter(home: Home, put: Put) -> None:
    for name in ("museum", "other"):
        put(f"fits/{name}/a.csv", b"1")
    async with on_data(home) as data:
        await data.go(f"s3://{BUCKET}/fits/")
        await data.work.press("home", "slash", *"museum")
        await data.work.press("enter")
        await data.work.press("enter")
        assert data.place == S3Uri(BUCKET, "fits/museum/")
