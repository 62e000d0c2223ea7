"""Screen 2: what the data is like: previews, counts, checks."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from PIL import Image

from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.screens.data.start_page import Start
from tests.common.home import BROKEN, BUCKET, IMAGE_MODEL, TINY_SHAPES, Home
from tests.tui.screens.data.page import RECIPE_MODEL, Put, on_data


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
