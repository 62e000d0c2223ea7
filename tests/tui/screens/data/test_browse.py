"""Screen 2: browse, use, and go on."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.data.start_page import LATELY, Start
from jsft_tui.tui.screens.instance.screen import InstanceScreen
from tests.common.home import BUCKET, IMAGE_MODEL, TEXT_MODEL, TINY_SERVICES, TINY_SHAPES, Home
from tests.tui.screens.data.page import Put, on_data


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


async def test_enter_opens_the_first_folder_that_fits_the_filter(home: Home, put: Put) -> None:
    for name in ("museum", "other"):
        put(f"fits/{name}/a.csv", b"1")
    async with on_data(home) as data:
        await data.go(f"s3://{BUCKET}/fits/")
        await data.work.press("home", "slash", *"museum")
        await data.work.press("enter")
        await data.work.press("enter")
        assert data.place == S3Uri(BUCKET, "fits/museum/")
