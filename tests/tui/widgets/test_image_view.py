"""A picture in cells."""

from __future__ import annotations

from itertools import count

import pytest
from textual.app import App, ComposeResult

from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.tui.terminal.drawing.display import DiffRenderMixin
from jsft_tui.tui.terminal.images import graphics, kitty
from jsft_tui.tui.widgets.image_view import ImageView
from tests.tui.driver.stage import Stage

BLACK, WHITE, RED, GREEN = b"\0\0\0", b"\xff\xff\xff", b"\xff\0\0", b"\0\x80\0"
PICTURE = Pixels(2, 3, RED + WHITE + GREEN + WHITE + WHITE + BLACK)


async def rows(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[list[tuple[str, str, str]]]:
    for name in ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"LANG": "C.UTF-8", "TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    view = ImageView()
    async with Stage(view).run_test(size=(8, 4)):
        view.show(PICTURE)
        return [
            [
                (
                    segment.text,
                    _name(segment.style and segment.style.color),
                    _name(segment.style and segment.style.bgcolor),
                )
                for segment in view.render_line(y)
            ]
            for y in range(3)
        ]


def _name(color: object) -> str:
    return getattr(color, "name", "")


async def test_each_cell_shows_two_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = await rows(monkeypatch, COLORTERM="truecolor")

    assert first[:2] == [("▀", "#ff0000", "#008000"), ("▀", "#ffffff", "#ffffff")]
    assert second[0][:2] == ("▀", "#ffffff")
    assert second[0][2] not in ("#ffffff", "#000000")  # below the picture is the pane
    assert third[0][0].strip() == ""


@pytest.mark.parametrize(
    ("variables", "expected"), [({"NO_COLOR": "1"}, ["░█", "█"]), ({"LANG": "C", "NO_COLOR": "1"}, [".@", "@"])]
)
async def test_without_colors_it_shows_shades(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: list[str]
) -> None:
    found = await rows(monkeypatch, **variables)

    assert ["".join(text for text, _, _ in row).strip() for row in found[:2]] == expected


async def test_sixteen_colors_are_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "▀" not in "".join(text for row in await rows(monkeypatch) for text, _, _ in row)


class Drawing(DiffRenderMixin, App[None]):
    """Keeps what would be written between the frames."""

    def __init__(self, view: ImageView) -> None:
        super().__init__()
        self.view, self.written = view, ""

    def compose(self) -> ComposeResult:
        yield self.view

    def write_sequence(self, sequence: str) -> None:
        self.written += sequence


async def test_where_kitty_draws_the_cells_only_name_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    graphics.set_cell((10, 20))
    monkeypatch.setattr(ImageView, "_numbers", count(0x010203))
    view = ImageView()
    app = Drawing(view)
    try:
        async with app.run_test(size=(20, 6)):
            assert view.room_in(3, 2) == (30, 40)
            view.show(Pixels(25, 21, bytes(25 * 21 * 3)))
            segment = next(iter(view.render_line(1)))
            assert segment.text.startswith(kitty.cell(1, 0) + kitty.cell(1, 1) + kitty.cell(1, 2))
            assert segment.style is not None and segment.style.color is not None
            assert segment.style.color.name == "#010203"
            assert view.render_line(2).text.strip() == ""
            assert "c=3,r=2" in app.written
            view.show(None)
            assert app.written.endswith(kitty.removal(0x010203))
            assert view.render_line(0).text.strip() == ""
    finally:
        graphics.set_cell(None)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"KITTY_WINDOW_ID": "1", "COLORTERM": "truecolor"}, True),
        ({"TERM": "xterm-ghostty", "COLORTERM": "truecolor"}, True),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False),
        ({"KITTY_WINDOW_ID": "1", "COLORTERM": "truecolor", "TMUX": "x"}, False),
        ({"KITTY_WINDOW_ID": "1", "COLORTERM": "truecolor", "SSH_CONNECTION": "x"}, False),
        ({"KITTY_WINDOW_ID": "1", "COLORTERM": "truecolor", "NO_COLOR": "1"}, False),
        ({"KITTY_WINDOW_ID": "1"}, False),
    ],
)
def test_only_terminals_that_may_draw_are_asked(variables: dict[str, str], expected: bool) -> None:
    assert graphics.may_have_graphics(variables) is expected
    if not expected:
        graphics.find_graphics(variables)
        assert graphics.cell_pixels() is None
