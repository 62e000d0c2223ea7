"""Images in Kitty's graphics protocol, placed by Unicode placeholders so that they scroll like text.

Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/, "Unicode placeholders", and its table of diacritics.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator

from jsft_tui.core.storage.pixels import Color, Pixels

PLACEHOLDER = "\U0010eeee"
CHUNK = 4096
"""Bytes of data per command."""

# The combining characters that encode the numbers 0, 1, 2, ... (`rowcolumn-diacritics.txt` there), as ranges.
_DIACRITICS = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac "
    "5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 "
    "747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 "
    "1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 "
    "20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 "
    "aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)


def _numbers() -> Iterator[str]:
    for piece in _DIACRITICS.split():
        first, _, last = piece.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


NUMBERS = tuple(_numbers())
"""The combining character of each number."""


def transmission(picture: Pixels, number: int, columns: int, rows: int) -> str:
    """Return the commands that transmit an image, scaled to a number of cells; the terminal sends no reply."""
    data = base64.b64encode(zlib.compress(picture.rgb, 1)).decode()
    pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)] or [""]
    head = f"a=T,U=1,q=2,f=24,o=z,s={picture.width},v={picture.height},i={number},c={columns},r={rows},"
    commands = []
    for place, piece in enumerate(pieces):
        more = int(place < len(pieces) - 1)
        commands.append(f"\x1b_G{head if not place else 'q=2,'}m={more};{piece}\x1b\\")
    return "".join(commands)


def removal(number: int) -> str:
    """Return the command that deletes an image from the terminal."""
    return f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\"


def cell(row: int, column: int) -> str:
    """Return the text of one cell of an image."""
    return PLACEHOLDER + NUMBERS[row] + NUMBERS[column]


def color_of(number: int) -> Color:
    """Return the foreground color that encodes the image number, which has 24 bits."""
    return number >> 16 & 255, number >> 8 & 255, number & 255
