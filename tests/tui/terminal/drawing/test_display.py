"""The display shows, cell for cell, what Textual would, and sends far less; replayed through a terminal emulator."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.common.effort import PATIENCE
from tests.tui.driver.pseudo_terminal import Shown, Terminal

pytestmark = pytest.mark.terminal

APP = ("-m", "tests.tui.apps.sample_app")
READY = "number 3"


@pytest.fixture
def thrift() -> Iterator[Terminal]:
    with Terminal(*APP, "thrift") as terminal:
        terminal.wait_for(READY)
        terminal.wait_quiet(0.4)
        yield terminal


@pytest.fixture
def plain() -> Iterator[Terminal]:
    with Terminal(*APP, "plain") as terminal:
        terminal.wait_for(READY)
        terminal.wait_quiet(0.4)
        yield terminal


def difference(ours: Shown, theirs: Shown) -> str:
    for y, (row, other) in enumerate(zip(ours, theirs, strict=True)):
        for x, (cell, other_cell) in enumerate(zip(row, other, strict=True)):
            if cell != other_cell:
                return f"row {y}, column {x}: {cell} instead of {other_cell}"
    return ""


def assert_same(ours: Terminal, theirs: Terminal, after: str) -> None:
    """Both come to rest showing the same cells."""
    for terminal in (ours, theirs):
        terminal.wait_quiet(0.03)
    until = time.monotonic() + PATIENCE
    while (found := difference(ours.shown(), theirs.shown())) and time.monotonic() < until:
        ours.read(0.05)
        theirs.read(0.05)
    assert not found, f"after {after}: {found}"


def test_every_cell_is_what_textual_would_show(thrift: Terminal, plain: Terminal) -> None:
    assert_same(thrift, plain, "the start")
    before = thrift.text()
    steps = [
        ["down"], ["down"] * 3, ["pagedown"], ["pagedown"], ["up"], ["end"], ["pageup"], ["home"],
        ["m"], ["escape"], ["o"], ["escape"], ["2"], ["1"], ["s"], ["s"], ["s"],
        ["tab"], ["down"] * 4, ["pagedown"], ["end"], ["m"], ["escape"], ["home"], ["s"],
    ]  # fmt: skip
    for step in steps:
        for terminal in (thrift, plain):
            terminal.press(*step)
        for terminal in (thrift, plain):
            terminal.wait_answer()
            if "escape" in step:
                # What comes too soon after it would be taken as alt and a letter.
                terminal.wait_quiet(0.15)
        assert_same(thrift, plain, f"{step}")
    assert thrift.text() != before


def test_every_cell_is_right_after_a_resize(thrift: Terminal, plain: Terminal) -> None:
    for size in ((80, 24), (121, 37), (43, 22), (100, 30)):
        for terminal in (thrift, plain):
            terminal.resize(*size)
        assert_same(thrift, plain, f"{size}")
        for terminal in (thrift, plain):
            terminal.press("down", "down")
        assert_same(thrift, plain, f"moving at {size}")


def test_ctrl_z_stops_and_everything_is_painted_when_it_goes_on(thrift: Terminal, plain: Terminal) -> None:
    thrift.press("down")
    thrift.wait_quiet()
    thrift.press("ctrl+z")
    thrift.wait_stopped()
    thrift.read(0.1)
    assert thrift.received.rfind(b"\x1b[?1049l") > thrift.received.rfind(b"\x1b[?1049h")
    thrift.show(b"\x1b[2J\x1b[H$ fg")
    os.kill(thrift.pid, signal.SIGCONT)
    thrift.wait_for(READY)
    thrift.press("down")
    # Plain Textual stays where it is: it does not paint itself again.
    plain.press("down", "down")
    assert_same(thrift, plain, "ctrl+z")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "tgkill"), reason="the C library cannot signal one thread")
def test_it_goes_on_whichever_thread_takes_the_signal(thrift: Terminal) -> None:
    thrift.press("ctrl+z")
    thrift.wait_stopped()
    thrift.show(b"\x1b[2J\x1b[H$ fg")
    other = next(int(task.name) for task in Path(f"/proc/{thrift.pid}/task").iterdir() if int(task.name) != thrift.pid)
    assert ctypes.CDLL(None).tgkill(thrift.pid, other, signal.SIGCONT) == 0
    thrift.wait_for(READY)


def test_ctrl_l_paints_everything_again(thrift: Terminal) -> None:
    before = thrift.shown()
    thrift.show(b"\x1b[2J\x1b[5;5Hsomebody else wrote here")
    thrift.press("ctrl+l")
    thrift.wait_for(READY)
    thrift.wait_quiet()
    assert thrift.shown() == before


def test_few_bytes_are_sent_and_none_when_nothing_happens(thrift: Terminal) -> None:
    assert len(thrift.received) <= 20_000
    costs = []
    for _ in range(5):
        thrift.press("down")
        costs.append(thrift.wait_quiet())
    assert 0 < max(costs) <= 700
    assert thrift.read(1.0) == 0


def test_a_table_of_a_million_rows_costs_as_little() -> None:
    with Terminal("-m", "tests.tui.apps.table_app") as terminal:
        terminal.wait_for("ic-9-")
        terminal.wait_quiet()
        assert len(terminal.received) <= 20_000
        for _ in range(40):  # The last ten scroll by a row each.
            terminal.press("down")
            assert 0 < terminal.wait_answer() + terminal.wait_quiet(0.02) <= 700
        assert "▌tensorflow-ic-40-" in terminal.text()
        assert terminal.read(1.0) == 0


def test_control_characters_links_and_half_characters_never_reach_the_terminal(thrift: Terminal) -> None:
    thrift.press("2", "tab", "ctrl+e")
    start = len(thrift.received)
    thrift.wait_for("link")
    thrift.wait_quiet()
    # Ours: how a frame begins and ends, cursor moves, renditions and blanks.
    sent = re.sub(rb"\x1b\[[0-9;]*[ABCDHXm]|\x1b\[\?2026[hl]", b"", bytes(thrift.received[start:]))
    assert not re.search(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]", sent)
    assert "\u202e".encode() not in sent
    assert b"http" not in sent.replace(b"http://evil\\here", b"")


def test_no_color_sends_no_color() -> None:
    with Terminal(*APP, "thrift", environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for(READY)
        terminal.press("down")
        terminal.wait_quiet()
        renditions = re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.received))
        assert {part for rendition in renditions for part in rendition.split(b";")} <= {
            b"",
            b"0",
            b"1",
            b"2",
            b"4",
            b"7",
        }


def test_without_utf8_our_drawing_becomes_ascii() -> None:
    environment = {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}
    with Terminal(*APP, "thrift", environment=environment) as terminal:
        terminal.wait_for(READY)
        terminal.wait_quiet()
        assert bytes(terminal.received).isascii()
        assert b"caf?/na?ve" in terminal.received


def test_a_terminal_that_does_not_read_holds_no_frames_back(thrift: Terminal) -> None:
    thrift.press(*["down"] * 200)
    thrift.wait_unread()
    thrift.wait_quiet()
    assert "number 200" in thrift.text()
    # 200 frames were due; most were never made.
    assert thrift.alive()


@pytest.mark.parametrize("broken", ["chops", "writer"])
def test_textual_paints_by_itself_when_its_shapes_are_others(broken: str, plain: Terminal) -> None:
    with Terminal("-m", "tests.tui.apps.broken_app", broken) as terminal:
        terminal.wait_for(READY)
        assert_same(terminal, plain, "the start")
        for each in (terminal, plain):
            each.press("down", "pagedown")
        assert_same(terminal, plain, "paging")
