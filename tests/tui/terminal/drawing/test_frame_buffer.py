"""What `FrameBuffer` writes makes a terminal show what was put into it, whatever it showed before."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from jsft_tui.tui.terminal.drawing.frame_buffer import FrameBuffer, cells_of
from tests.tui.driver.pseudo_terminal import seen

WIDTH, HEIGHT = 24, 12
STYLES = [Style.parse(text) for text in ("red", "bold on blue", "reverse", "default", "bold #102030 on #ffffff")]
WORDS = ["alpha ", "漢字", "x", "データ", " ", "beta", "é", "■●", " " * 13]


def text_of(dice: random.Random, width: int) -> list[Segment]:
    """Segments of exactly so many cells."""
    segments, left = [], width
    while left > 0:
        word = dice.choice(WORDS)
        cells = cells_of(word)
        word = word if len(cells) <= left else "." * left
        segments.append(Segment(word, dice.choice(STYLES)))
        left -= min(left, len(cells))
    return segments


class Checked:
    """A picture, a terminal that gets its differences, and one that is painted anew each time."""

    def __init__(self, *, can_erase: bool = False) -> None:
        self.buffer = FrameBuffer(WIDTH, HEIGHT, can_erase=can_erase)
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.screen)
        self.rows: dict[int, list[Segment]] = {}

    def put(self, y: int, segments: list[Segment]) -> None:
        self.rows[y] = segments
        self.buffer.put(0, y, WIDTH, segments, ColorSystem.TRUECOLOR)

    def send(self) -> int:
        written = self.buffer.difference()
        self._stream.feed(written)
        return len(written)

    def assert_right(self) -> None:
        anew = Checked()
        for y, segments in self.rows.items():
            anew.put(y, segments)
        anew.send()
        for y in range(HEIGHT):
            ours = [self.screen.buffer[y][x] for x in range(WIDTH)]
            theirs = [anew.screen.buffer[y][x] for x in range(WIDTH)]
            assert [seen(cell) for cell in ours] == [seen(cell) for cell in theirs], f"row {y}"
            assert "".join(cell.data for cell in ours) == "".join(segment.text for segment in self.rows[y])


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_changes_and_scrolls_is_shown_exactly(seed: int) -> None:
    dice = random.Random(seed)
    checked = Checked(can_erase=seed % 2 == 0)
    for y in range(HEIGHT):
        checked.put(y, text_of(dice, WIDTH))
    for _ in range(60):
        if dice.random() < 0.5:
            by, top = dice.choice((-3, -1, 1, 2, 5)), dice.randrange(4)
            rows = dict(checked.rows)
            for y in range(top, HEIGHT):
                checked.put(y, rows[y + by] if top <= y + by < HEIGHT else text_of(dice, WIDTH))
        for _ in range(dice.randrange(3)):
            checked.put(dice.randrange(HEIGHT), text_of(dice, WIDTH))
        if dice.random() < 0.7:
            checked.send()
            checked.assert_right()


def test_scrolled_rows_are_moved_and_not_written() -> None:
    checked = Checked()
    rows = [[Segment(f"row number {number:<13}", STYLES[0])] for number in range(30)]
    for top in (0, 1, 2, 1, 5):
        for y in range(HEIGHT):
            checked.put(y, rows[top + y])
        sent = checked.send()
        checked.assert_right()
        assert top == 0 or sent < 40 + 4 * WIDTH * 1.5


def test_labels_and_values_below_each_other_change_the_style_once_each() -> None:
    view = Checked()
    for y in range(8):
        view.put(y, [Segment(" " * WIDTH)])
    view.send()
    label, value = Style.parse("red"), Style.parse("bold on blue")
    for y in range(8):
        view.put(y, [Segment(f"label {y}  ", label), Segment(f"value {y}", value), Segment(" " * 8)])
    written = view.buffer.difference()
    assert written.count("m") == 3, "one for each style, and the reset at the end"


def test_what_follows_a_character_of_uncertain_width_is_written_after_it() -> None:
    view = Checked()
    view.put(0, [Segment("✔", Style.parse("green")), Segment("yes", Style.parse("red")), Segment(" " * 20)])
    view.put(1, [Segment("no!", Style.parse("red")), Segment(" " * 21)])
    view.buffer.put(0, 2, WIDTH, [Segment("x" * WIDTH, Style.parse("red"))], None)
    written = view.buffer.difference()
    assert written.index("✔") < written.index("yes")


def test_nothing_is_written_when_nothing_changed() -> None:
    checked = Checked()
    for y in range(HEIGHT):
        checked.put(y, text_of(random.Random(y), WIDTH))
    assert checked.send() > 0
    for y, segments in list(checked.rows.items()):
        checked.put(y, segments)
    assert checked.send() == 0


def test_what_lies_outside_is_left_out_and_wide_characters_are_never_halved() -> None:
    buffer = FrameBuffer(6, 2)
    buffer.put(0, 0, 6, [Segment("漢字漢")], ColorSystem.TRUECOLOR)
    buffer.put(1, 0, 2, [Segment("ab")], ColorSystem.TRUECOLOR)
    buffer.put(4, 0, 9, [Segment("x漢字漢")], ColorSystem.TRUECOLOR)
    buffer.put(0, 7, 6, [Segment("outside")], ColorSystem.TRUECOLOR)
    screen = pyte.Screen(6, 2)
    pyte.Stream(screen).feed(buffer.difference())
    assert screen.display[0] == " ab x "
