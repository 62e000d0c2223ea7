"""The table shows any number of rows, keeps its cursor, and takes nothing in a text as anything but text."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import pytest
from rich.cells import cell_len

from jsft_tui.tui.widgets.table.columns import Column, place
from jsft_tui.tui.widgets.table.virtual_table import Rows, VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, cut, fitted, outside, wrapped
from tests.effort import at_most
from tests.tui.stage import Stage, lines

COLUMNS = (Column("name", "NAME"), Column("size", "SIZE", width=6, align=Align.RIGHT, priority=1))
KINDS = (VirtualTable.RowHighlighted, VirtualTable.RowSelected, VirtualTable.NearEnd)


class Numbered:
    """Rows that are counted when they are made."""

    def __init__(self, count: int) -> None:
        self.count, self.made = count, 0

    def __len__(self) -> int:
        return self.count

    def key(self, index: int) -> str:
        return f"key-{index}"

    def cells(self, index: int) -> Sequence[Cell]:
        self.made += 1
        return Cell(f"row {index}"), Cell(str(index))


def rows(*names: str) -> Rows:
    return Rows([(name, (Cell(name), Cell("1"))) for name in names])


async def test_keys_move_the_cursor_and_choose() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    app = Stage(table, kinds=KINDS)
    async with app.run_test(size=(40, 11), message_hook=app.record) as pilot:
        table.focus()
        for keys, cursor in (
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("pagedown", 10), ("ctrl+d", 15), ("ctrl+u", 10),
            ("pageup", 0), ("G", 99), ("g", 0), ("end", 99), ("home", 0), ("k", 0),
        ):  # fmt: skip
            await pilot.press(keys)
            assert table.cursor == cursor, keys
            assert cursor in table.shown_rows
        await pilot.press("j", "enter")
        await pilot.pause()
        chosen = [message for message in app.posted if isinstance(message, VirtualTable.RowSelected)]
        assert [(message.index, message.key) for message in chosen] == [(1, "key-1")]
        highlighted = [message.key for message in app.posted if isinstance(message, VirtualTable.RowHighlighted)]
        assert highlighted[:3] == ["key-0", "key-1", "key-2"]


async def test_the_header_stays_and_the_cursor_is_marked() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    async with Stage(table).run_test(size=(30, 6)) as pilot:
        await pilot.press("G")
        shown = lines(table)
        assert shown[0].split() == ["NAME", "SIZE"]
        assert shown[-1].startswith("▌row 99")
        assert shown[-2].startswith(" row 98")


async def test_a_click_moves_and_a_double_click_chooses() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    app = Stage(table, kinds=KINDS)
    async with app.run_test(size=(40, 11), message_hook=app.record) as pilot:
        await pilot.click(table, offset=(3, 4))
        assert table.cursor == 3
        await pilot.click(table, offset=(3, 0))
        assert table.cursor == 3
        await pilot.double_click(table, offset=(3, 6))
        await pilot.pause()
        assert [message.index for message in app.posted if isinstance(message, VirtualTable.RowSelected)] == [5]


async def test_a_million_rows_open_at_once_and_only_those_on_screen_are_made() -> None:
    source = Numbered(1_000_000)
    table = VirtualTable(COLUMNS)
    async with Stage(table).run_test(size=(80, 24)) as pilot:
        tracemalloc.start()
        with at_most(5, "opening a million rows"):
            table.set_source(source)
            await pilot.pause()
        await pilot.press("G", "g", "pagedown")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()
        assert source.made < 500
        table.move_to_key("key-20")
        assert table.cursor == 20


async def test_the_cursor_stays_on_its_row_when_the_rows_change() -> None:
    table = VirtualTable(COLUMNS, rows("a", "b", "c", "d"))
    app = Stage(table, kinds=KINDS)
    async with app.run_test(message_hook=app.record) as pilot:
        await pilot.press("j", "j")
        places: list[tuple[int, str | None]] = []
        for names in ("abcd", ["new", "a", "b", "newer", "c", "d"], "ad", "", "z"):
            table.set_source(rows(*names))
            places.append((table.cursor, table.cursor_key))
        assert places == [(2, "c"), (4, "c"), (1, "d"), (0, None), (0, "z")]
        await pilot.pause()
        told = [message.key for message in app.posted if isinstance(message, VirtualTable.RowHighlighted)]
        assert told == ["a", "b", "c", "d", "z"]


async def test_a_message_stands_where_there_are_no_rows() -> None:
    table = VirtualTable(COLUMNS)
    async with Stage(table).run_test(size=(30, 8)):
        table.set_message("Listing is denied: ask for s3:ListBucket, or type the prefix with [b]u[/b].\x1b[2J")
        text = " ".join(" ".join(lines(table)[1:]).split())
        assert text == "Listing is denied: ask for s3:ListBucket, or type the prefix with [b]u[/b]."
        table.set_source(rows("a"))
        assert "denied" not in "".join(lines(table))


async def test_more_is_asked_for_once_for_each_length() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    app = Stage(table, kinds=(VirtualTable.NearEnd,))
    async with app.run_test(size=(40, 11), message_hook=app.record) as pilot:
        await pilot.press("j", "j")
        assert app.posted == []
        await pilot.press("G", "k", "j")
        await pilot.pause()
        assert [message.count for message in app.posted] == [100]
        table.set_source(Numbered(105))
        await pilot.press("j")
        await pilot.pause()
        assert [message.count for message in app.posted] == [100, 105]


async def test_only_the_rows_named_are_made_again() -> None:
    source = Numbered(100)
    table = VirtualTable(COLUMNS, source)
    async with Stage(table).run_test(size=(40, 20)) as pilot:
        await pilot.pause()
        source.made = 0
        table.refresh_rows(["key-3", "key-5", "key-90"])
        await pilot.pause()
        assert source.made == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "[b]bold[/b] [/b] [@click=app.quit]x[/]",
        "\x1b]52;c;aGk=\x07\x1b[2Jclear",
        "日本語のとても長いバケット名がここに",
        "مرحبا بالعالم " * 5,
        "\u202egpj.exe",
        "👩‍👩‍👧‍👦 family ❤️ " * 4,
        "e\u0301" * 40,
        "\ud800 half",
    ],
)
async def test_any_text_takes_exactly_its_cells(hostile: str) -> None:
    table = VirtualTable(COLUMNS, Rows([("k", (Cell(hostile, "failed"), Cell("9", "unheard-of")))]))
    async with Stage(table).run_test(size=(30, 4)):
        strip = table.render_line(1)
        assert strip.cell_length == 30
        assert cell_len(strip.text) == 30
        assert not set(strip.text) & {"\x1b", "\x07", "\u202e"}
        assert strip.text.rstrip().endswith("9")


def test_columns_share_what_is_left_and_the_least_important_go_first() -> None:
    columns = (
        Column("a", "A"),
        Column("b", "B", width=10, priority=2),
        Column("c", "C", min_width=6, priority=1),
        Column("d", "D", width=5),
    )
    widths = {
        space: {placed.column.key: placed.width for placed in place(columns, space)} for space in (60, 30, 20, 10)
    }
    assert widths[60] == {"a": 21, "b": 10, "c": 18, "d": 5}
    assert widths[30] == {"a": 12, "c": 9, "d": 5}
    assert widths[20] == {"a": 13, "d": 5}
    assert widths[10] == {"a": 8}
    assert place(columns, 0) == ()


def test_text_is_cut_padded_and_wrapped_by_cells() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("日本語", 6) == "日本語"
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日 …"
    assert fitted("7", 3, Align.RIGHT) == "  7"
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("日本語日本語 x", 5) == ["日本", "語日", "本語", "x"]


async def test_the_last_column_ends_before_the_scroll_bar() -> None:
    columns = (Column("name", "NAME"), Column("note", "NOTE", width=6))
    table = VirtualTable(columns)
    app = Stage(table)
    async with app.run_test(size=(30, 6)) as pilot:
        table.set_source(Rows([(str(index), (Cell("n"), Cell("abcdefgh"))) for index in range(50)]))
        await pilot.pause()
        assert {row[-1] + str(len(row)) for row in lines(table)[1:]} == {"…29"}
        table.set_source(Rows([("0", (Cell("n"), Cell("abcdefgh")))]))
        await pilot.pause()
        assert lines(table)[1][-1] + str(len(lines(table)[1])) == "…30"


@pytest.mark.parametrize(
    ("text", "width", "tail", "shown"),
    [
        ("jumpstart-lite0-20261125-091500", 24, 16, "jumpsta…-20261125-091500"),
        ("short-20261125-091500", 24, 16, "short-20261125-091500   "),
        ("jumpstart-lite0-20261125-091500", 17, 16, "jumpstart-lite0-…"),  # no room for a beginning
        ("모델-파인튜닝-서울-1", 12, 6, "모델-…서울-1"),
        ("모델-파인튜닝-서울-1", 12, 5, "모델-파…울-1"),  # half a character is none
        ("a\x1b[2Jb-20261125-091500", 12, 6, "ab-20…091500"),
    ],
)
def test_of_a_name_that_is_too_long_its_end_is_kept(text: str, width: int, tail: int, shown: str) -> None:
    assert outside(text, width, tail=tail) == shown
    assert cell_len(outside(text, width, tail=tail)) == width
