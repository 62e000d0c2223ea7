"""A picture in cells."""

from __future__ import annotations

import pytest

from jsft_tui.core.pixels import Pixels
from jsft_tui.tui.widgets.picture_view import PictureView
from tests.tui.stage import Stage

BLACK, WHITE, RED, GREEN = b"\0\0\0", b"\xff\xff\xff", b"\xff\0\0", b"\0\x80\0"
PICTURE = Pixels(2, 3, RED + WHITE + GREEN + WHITE + WHITE + BLACK)


async def rows(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[list[tuple[str, str, str]]]:
    for name in ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"LANG": "C.UTF-8", "TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    view = PictureView()
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
async def test_without_colours_it_shows_shades(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: list[str]
) -> None:
    found = await rows(monkeypatch, **variables)

    assert ["".join(text for text, _, _ in row).strip() for row in found[:2]] == expected


async def test_sixteen_colours_are_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "▀" not in "".join(text for row in await rows(monkeypatch) for text, _, _ in row)
