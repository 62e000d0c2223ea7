"""Screen 2: what it shows when something is in the way."""

from __future__ import annotations

from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.base.screens import work_screen as work_screen
from tests.common.home import BUCKET, IMAGE_MODEL, TINY_SHAPES, Home
from tests.tui.screens.data.page import HOSTILE, Put, on_data


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


async def test_everything_is_reached_with_tab_on_a_small_terminal(home: Home) -> None:
    async with on_data(home, (80, 24)) as data:
        await data.go(TINY_SHAPES)
        seen = set()
        for _ in range(3):
            await data.work.press("tab")
            seen.add(type(data.work.app.focused).__name__)
        assert seen >= {"VirtualTable", "DetailView"}
