"""Kitty's graphics protocol: what is sent, and what stands in the cells."""

from __future__ import annotations

import base64
import random
import re
import unicodedata
import zlib

from rich.cells import cell_len

from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.terminal.images.kitty import CHUNK, NUMBERS, cell, color_of, removal, transmission

COMMAND = re.compile(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")


def test_the_picture_comes_through_in_pieces() -> None:
    picture = Pixels(60, 50, random.Random(1).randbytes(9000))

    commands = COMMAND.findall(transmission(picture, 77, 6, 3))

    assert COMMAND.sub("", transmission(picture, 77, 6, 3)) == ""
    assert len(commands) == 3
    keys = dict(pair.split("=") for pair in commands[0][0].split(","))
    assert (keys["a"], keys["U"], keys["q"]) == ("T", "1", "2")  # shown by placeholders, without an answer
    assert (keys["f"], keys["o"], keys["s"], keys["v"]) == ("24", "z", "60", "50")
    assert (keys["i"], keys["c"], keys["r"], keys["m"]) == ("77", "6", "3", "1")
    assert [command[0] for command in commands[1:]] == ["q=2,m=1", "q=2,m=0"]
    assert all(len(data) <= CHUNK for _, data in commands)
    assert zlib.decompress(base64.b64decode("".join(data for _, data in commands))) == picture.rgb
    assert COMMAND.findall(removal(77)) == [("a=d,d=I,q=2,i=77", "")]


def test_numbers_are_the_combining_characters_of_the_specification() -> None:
    # 297 in its table, which begins and ends so; each is of class 230 and stands for itself.
    assert len(NUMBERS) == len(set(NUMBERS)) == 297
    assert (NUMBERS[0], NUMBERS[1], NUMBERS[-1]) == ("\u0305", "\u030d", "\U0001d244")
    assert all(unicodedata.combining(each) == 230 and not unicodedata.decomposition(each) for each in NUMBERS)


def test_every_cell_is_one_cell_for_the_display() -> None:
    for number in range(len(NUMBERS)):
        text = cell(number, len(NUMBERS) - 1 - number)
        assert cell_len(text) == 1
        assert cells_of(text * 2) == (text, text)


def test_the_color_names_the_picture() -> None:
    assert color_of(0x123456) == (0x12, 0x34, 0x56)
