"""Every glyph is one cell and has an ASCII replacement that says the same."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from jsft_tui.core.common.status import Status
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.theme.glyphs import BORDERS, SPARK, Glyph, glyph, uses_ascii

DRAWN = "".join(
    [*(each.value for each in Glyph), *(status.glyph for status in Status), SPARK, *map("".join, BORDERS.values())]
)


def test_every_glyph_is_one_cell_and_one_ascii_character() -> None:
    assert cell_len(DRAWN) == len(DRAWN) == len(cells_of(DRAWN, ascii_only=True))
    assert "".join(cells_of(DRAWN, ascii_only=True)).isascii()


def test_signs_and_heights_stay_apart_in_ascii() -> None:
    for texts in ([status.glyph for status in Status], list(SPARK)):
        replaced = ["".join(cells_of(text, ascii_only=True)) for text in texts]
        assert len(set(replaced)) == len(texts)
    assert all("".join(cells_of(status.glyph, ascii_only=True)) == status.ascii_glyph for status in Status)


def test_letters_of_other_languages_stay() -> None:
    assert "".join(cells_of("\u2503 Stra\u00dfe \u6771", ascii_only=True)) == "| Stra\u00dfe \u6771"


@pytest.mark.parametrize(
    ("environ", "is_ascii"),
    [
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_CTYPE": "C.utf8", "LANG": "C"}, False),
        ({}, True),
        ({"LANG": "en_US.UTF-8", "JSFT_ASCII": "1"}, True),
        ({"LANG": "C", "JSFT_ASCII": "0"}, False),
    ],
)
def test_the_locale_decides_unless_ascii_is_chosen(environ: dict[str, str], is_ascii: bool) -> None:
    assert uses_ascii(environ) is is_ascii
    assert glyph(Status.COMPLETED, environ) == ("+" if is_ascii else "\u2714")
