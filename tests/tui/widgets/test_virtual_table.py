"""The table shows any number of rows, keeps its cursor, and takes nothing in a text as anything but text."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from jsft_tui.tui.widgets.table.cell_layout import fit_row
from jsft_tui.tui.widgets.table.columns import SIGN, Column, Placed, place
from jsft_tui.tui.widgets.table.line_layout import EmptyLine, HeadingLine, LineLayout, RowLine
from jsft_tui.tui.widgets.table.rows import Group, Rows
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell, Cut, cut, fitted, outside, wrapped
from tests.common.effort import at_most
from tests.tui.driver.stage import Stage, lines

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
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("pagedown", 11), ("ctrl+d", 16), ("ctrl+u", 11),
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
    async with Stage(table).run_test(size=(30, 30)) as pilot:
        await pilot.press("G")
        shown = lines(table)
        assert shown[0].split() == ["NAME", "SIZE"]
        assert shown[-1].startswith("▌row 99")
        assert shown[-2].startswith(" row 98")


async def test_a_click_moves_and_a_second_click_chooses() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    app = Stage(table, kinds=KINDS)
    async with app.run_test(size=(40, 30), message_hook=app.record) as pilot:
        await pilot.click(table, offset=(3, 1))  # where the cursor is: no second click yet
        await pilot.click(table, offset=(3, 4))
        assert table.has_focus
        assert table.cursor == 3
        await pilot.click(table, offset=(3, 0))  # the heads
        await pilot.press("k", "j")
        await pilot.click(table, offset=(3, 4))  # the keys came in between
        await pilot.double_click(table, offset=(3, 6))
        await pilot.pause()
        assert [message.index for message in app.posted if isinstance(message, VirtualTable.RowSelected)] == [5]
        await pilot.click(table, offset=(3, 7))
        await pilot.click(table, offset=(3, 7))
        await pilot.pause()
        assert [message.index for message in app.posted if isinstance(message, VirtualTable.RowSelected)] == [5, 6]


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
        text = " ".join(" ".join(lines(table)).split())
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
        strip = table.render_line(0)
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


async def test_one_cell_stays_free_at_the_right() -> None:
    columns = (Column("name", "NAME"), Column("note", "NOTE", width=6))
    table = VirtualTable(columns)
    async with Stage(table).run_test(size=(30, 6)) as pilot:
        for count in (50, 1):
            table.set_source(Rows([(str(index), (Cell("n"), Cell("abcdefgh"))) for index in range(count)]))
            await pilot.pause()
            assert {row[-1] + str(len(row)) for row in lines(table) if row} == {"…29"}


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


MODELS = (
    Column("model", "MODEL", min_width=20, max_width=20, cut=Cut.MIDDLE, pushes=True),
    Column("task", "TASK", width=16),
    Column("note", "NOTE", width=8, gap=1),
)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (("efficientnet-lite0", "image task", "gated"), "efficientnet-lite0    image task       gated"),
        (("imagenet-mobilenet-v2-100-224", "image task", ""), "imagenet-mobilenet-v2-100-224  image task"),
        (("imagenet-mobilenet-v2-224", "image task", "gated"), "imagenet-mobilenet-v2-224  image task  gated"),
        # Where not all of it has room nothing moves.
        (("imagenet-mobilenet-v2-100-224-4", "image task", "gated"), "imagenet-m…100-224-4  image task       gated"),
    ],
)
async def test_a_long_name_moves_what_stands_after_it(cells: tuple[str, ...], shown: str) -> None:
    table = VirtualTable(MODELS, Rows([("a", tuple(map(Cell, cells)))]))
    async with Stage(table).run_test(size=(49, 5)):
        assert lines(table)[0][1:] == shown


class Folded(Rows):
    """Rows of which the last one looks like a heading."""

    def heading(self, index: int) -> Group | None:
        return Group(index, "The rest", "20") if index == len(self) - 1 else None


async def test_a_row_may_look_like_a_heading_and_the_cursor_goes_to_it() -> None:
    table = VirtualTable(JOBS, Folded([job("flowers", CURVE, "", ""), ("rest", ())]))
    async with Stage(table).run_test(size=(72, 24)) as pilot:
        await pilot.press("j")
        assert table.cursor_key == "rest"
        assert lines(table)[-1 - lines(table)[::-1].index("▌The rest · 20")] == "▌The rest · 20"
        await pilot.press("k")
        assert " The rest · 20" in lines(table)


JOBS = (
    SIGN,
    Column("name", "NAME", min_width=20, gap=1, cut=Cut.MIDDLE),
    Column("objective", "OBJECTIVE", width=14, gap=1, priority=2, spills=True),
    Column("progress", "PROGRESS", width=10, gap=1, align=Align.RIGHT, priority=1),
    Column("cost", "COST", width=7, gap=1, align=Align.RIGHT, priority=3),
)
CURVE = Cell("▄▆▇▇███", "running", rest=(Cell(" 0.9640"),))


def job(name: str, objective: Cell, progress: str, cost: str) -> tuple[str, Sequence[Cell]]:
    return name, (Cell("●", "running"), Cell(name), objective, Cell(progress), Cell(cost))


GROUPED = Rows(
    [
        job("flowers-lite0-b", CURVE, "epoch 4/10", "$1.09"),
        job("tickets-llama-8b", CURVE, "epoch 1/3", "$4.96"),
        job("tickets-llama-8b-first", Cell("GPU out of memory", "failed"), "1 h ago", "$0.61"),
    ],
    (Group(0, "Running", "2"), Group(2, "Waiting", "0"), Group(2, "Today", "1")),
)


async def test_groups_have_headings_that_the_cursor_skips() -> None:
    table = VirtualTable(JOBS, GROUPED)
    async with Stage(table).run_test(size=(72, 36)) as pilot:
        assert lines(table)[:7] == [
            "   NAME                               OBJECTIVE        PROGRESS    COST",
            " Running · 2",
            "▌● flowers-lite0-b                    ▄▆▇▇███ 0.9640 epoch 4/10   $1.09",
            " ● tickets-llama-8b                   ▄▆▇▇███ 0.9640  epoch 1/3   $4.96",
            "",
            " Today · 1",
            " ● tickets-llama-8b-first             GPU out of memory 1 h ago   $0.61",
        ]
        visited = [(table.cursor, table.cursor_key)]
        for _ in range(3):
            await pilot.press("j")
            visited.append((table.cursor, table.cursor_key))
        assert [cursor for cursor, _ in visited] == [0, 1, 2, 2]
        assert visited[-1][1] == "tickets-llama-8b-first"
        for y in (1, 4, 5):
            await pilot.click(table, offset=(5, y))
            assert table.cursor == 2
        await pilot.click(table, offset=(5, 3))
        assert table.cursor == 1


async def test_a_low_terminal_has_no_empty_lines_and_no_heads_of_few_columns() -> None:
    table = VirtualTable(JOBS, GROUPED)
    async with Stage(table).run_test(size=(72, 24)) as pilot:
        assert [line[:12].strip() for line in lines(table)[:5]] == [
            "Running · 2", "▌● flowers-l", "● tickets-l", "Today · 1", "● tickets-l",
        ]  # fmt: skip
        table.set_columns([*JOBS, Column("by", "BY", width=3, gap=1)])
        assert lines(table)[0].split()[-1] == "BY"
        await pilot.resize_terminal(72, 30)
        await pilot.pause()
        assert lines(table)[4] == ""


async def test_a_group_that_appears_moves_no_cursor() -> None:
    table = VirtualTable(JOBS, GROUPED)
    async with Stage(table).run_test(size=(72, 36)) as pilot:
        await pilot.press("j")
        table.update_source(Rows(GROUPED.rows, (Group(0, "Failed", "1"), Group(1, "Running", "2"))), [])
        assert table.cursor_key == "tickets-llama-8b"
        assert [line.strip() for line in lines(table)[1:5]][0::3] == ["Failed · 1", "Running · 2"]


class Findings:
    """Rows of one to four lines."""

    def __len__(self) -> int:
        return 40

    def key(self, index: int) -> str:
        return str(index)

    def cells(self, index: int) -> Sequence[Cell]:
        return Cell("✖", "failed"), Cell(f"finding {index}")

    def height(self, index: int) -> int:
        return 1 + index % 4

    def more(self, index: int) -> Sequence[Sequence[Cell]]:
        return [(Cell(""), Cell(f"reason {line}", "muted")) for line in range(index % 4)]


async def test_a_row_of_several_lines_is_one_row_for_the_cursor() -> None:
    table = VirtualTable((SIGN, Column("text", "", gap=1)), Findings())
    async with Stage(table).run_test(size=(30, 16)) as pilot:
        await pilot.press("j", "j")
        assert lines(table)[:7] == [
            " ✖ finding 0", " ✖ finding 1", "   reason 0", "▌✖ finding 2", "▌  reason 0", "▌  reason 1", " ✖ finding 3",
        ]  # fmt: skip
        for step in range(60):
            await pilot.press("j" if step < 39 else "k")
            marked = [line for line in lines(table) if line.startswith("▌")]
            assert len(marked) == table.cursor % 4 + 1  # the whole row is in view
        await pilot.press("G", "g")
        await pilot.click(table, offset=(4, 2))
        assert table.cursor == 1
        await pilot.press("pagedown")
        assert table.cursor == 7  # a page of lines further


async def test_three_rows_stay_in_view_around_the_cursor() -> None:
    table = VirtualTable(COLUMNS, Numbered(100))
    async with Stage(table).run_test(size=(40, 12)) as pilot:
        for keys in (["j"] * 30, ["k"] * 20, ["ctrl+d"], ["ctrl+u"], ["G"], ["g"], ["j"] * 9):
            for key in keys:
                await pilot.press(key)
                shown = table.shown_rows
                assert max(0, table.cursor - 3) in shown
                assert min(99, table.cursor + 3) in shown
        assert table.shown_rows == range(1, 13)


async def test_letters_that_fit_are_marked_while_a_filter_is_typed() -> None:
    table = VirtualTable(COLUMNS, rows("efficientnet-lite0", "Lite", "other"))
    async with Stage(table).run_test(size=(40, 12)):
        table.mark_words(["lite", "net", ""])
        accent = table.app.theme_variables["accent"]

        def marked(y: int) -> list[str]:
            parts = table.render_line(y)
            return [part.text for part in parts if part.style and part.style.color
                    and part.style.color.get_truecolor().hex == accent]  # fmt: skip

        assert [marked(1), marked(2)] == [["Lite"], []]
        assert "".join(line.strip() for line in lines(table)[:1]).startswith("▌efficientnet-lite0")
        table.mark_words([])
        assert marked(1) == []


def test_columns_grow_to_their_most_and_names_are_cut_last() -> None:
    columns = (
        SIGN,
        Column("name", "NAME", min_width=20, gap=1),
        Column("value", "VALUE", min_width=6, max_width=14, gap=1, priority=1),
        Column("cost", "COST", width=7, gap=1, priority=2),
    )
    widths = {
        space: {placed.column.key: placed.width for placed in place(columns, space)} for space in (70, 45, 37, 36, 20)
    }
    assert widths[70] == {"sign": 1, "name": 45, "value": 14, "cost": 7}
    assert widths[45] == {"sign": 1, "name": 20, "value": 14, "cost": 7}
    assert widths[37] == {"sign": 1, "name": 20, "value": 6, "cost": 7}
    assert widths[36] == {"sign": 1, "name": 20, "value": 13}
    assert widths[20] == {"sign": 1, "name": 18}


@pytest.mark.parametrize(
    ("cell", "width", "column", "shown"),
    [
        (Cell("flowers-lite0-20261125"), 12, Column("n", "", cut=Cut.MIDDLE), "flower…61125"),
        (Cell("日本語日本語日本"), 7, Column("n", "", cut=Cut.MIDDLE), "日本…本"),
        (Cell("tensorflow-ic-lite0", shorter=Cell("lite0")), 10, Column("n", ""), "lite0     "),
        (Cell("tensorflow-ic-lite0", shorter=Cell("lite0")), 19, Column("n", ""), "tensorflow-ic-lite0"),
        (Cell("ab", rest=(Cell("cdef"),)), 4, Column("n", ""), "abc…"),
        (Cell("ab", rest=(Cell("cdef"),)), 2, Column("n", ""), "a…"),
        (Cell("ab", rest=(Cell("cd"),)), 6, Column("n", "", align=Align.RIGHT), "  abcd"),
    ],
)
def test_a_cell_is_shortened_before_it_is_cut(cell: Cell, width: int, column: Column, shown: str) -> None:
    (fitted_cell,) = fit_row([Placed(0, column, width)], [cell])
    assert "".join(piece.text for piece in fitted_cell.pieces) == shown


@dataclass(frozen=True)
class Apart(Rows):
    """Rows of two lines, each with an empty one behind it, and five lines after them."""

    def height(self, index: int) -> int:
        return 2

    def more(self, index: int) -> Sequence[Sequence[Cell]]:
        return [(Cell(f"more of {self.key(index)}"),)]

    def space(self, index: int) -> int:
        return 1

    @property
    def tail(self) -> Sequence[Sequence[Cell]]:
        return [(Cell(f"after {number}"),) for number in range(5)]


async def test_lines_after_the_rows_are_scrolled_to_and_never_the_cursor_s() -> None:
    table = VirtualTable([Column("name", "")], Apart([("a", (Cell("a"),)), ("b", (Cell("b"),))]))
    app = Stage(table)
    async with app.run_test(size=(20, 6)) as pilot:
        table.focus()
        await pilot.pause()
        assert lines(table) == ["▌a", "▌more of a", "", " b", " more of b", ""]
        await pilot.press("j", "j", "j")
        assert table.cursor_key == "b"
        assert lines(table) == ["", "▌b", "▌more of b", "", " after 0", " after 1"]
        await pilot.press("G")
        assert lines(table)[-1] == " after 4"
        await pilot.press("g")
        assert lines(table)[0] == "▌a"
        table.set_source(Apart())
        await pilot.pause()
        assert table.shown_keys == []
        assert lines(table) == [*(f" after {number}" for number in range(5)), ""]


@given(
    heights=st.lists(st.integers(1, 4), max_size=30),
    starts=st.lists(st.integers(0, 30), max_size=6),
    is_airy=st.booleans(),
)
def test_each_line_belongs_to_what_is_drawn_there(heights: list[int], starts: list[int], is_airy: bool) -> None:
    @dataclass(frozen=True)
    class Source(Rows):
        def height(self, index: int) -> int:
            return heights[index]

        def more(self, index: int) -> Sequence[Sequence[Cell]]:
            return [()] * (heights[index] - 1)

    groups = tuple(
        Group(start, str(number)) for number, start in enumerate(sorted(min(s, len(heights)) for s in starts))
    )
    layout = LineLayout(Source([("k", ())] * len(heights), groups), is_airy=is_airy)
    shown = [layout.at(line) for line in range(layout.lines)]
    assert layout.at(layout.lines) is layout.at(-1) is None
    assert [spot for spot in shown if isinstance(spot, RowLine)] == [
        RowLine(row, line) for row, height in enumerate(heights) for line in range(height)
    ]
    for row in range(len(heights)):
        assert layout.at(layout.top(row)) == RowLine(row, 0)
        assert layout.row_near(layout.top(row)) == layout.row_near(layout.heading_top(row)) == row
    for line, spot in enumerate(shown):
        if isinstance(spot, HeadingLine):
            assert shown[line + 1] == RowLine(spot.group.start, 0)
            assert line == 0 or isinstance(shown[line - 1], EmptyLine) == is_airy
