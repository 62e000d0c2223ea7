"""The terminal's background decides the theme, and asking for it neither takes a key nor types one."""

from __future__ import annotations

import os
import pty
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from jsft_tui.tui.terminal import background_color
from jsft_tui.tui.terminal.background_color import QUESTION, AnswerFilter, background_of, background_question
from jsft_tui.tui.terminal.input.key_parser import BackgroundAnswered, EscapeParser
from jsft_tui.tui.theme.color_support import Background
from tests.tui.driver.pseudo_terminal import Terminal

LONG = 1e9
"""Seconds: longer than any test."""
WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
BLACK = "\x1b]11;rgb:00/00/00\x07"


@pytest.mark.parametrize(
    ("color", "background"),
    [
        ("rgb:ffff/ffff/ffff", Background.LIGHT),
        ("rgb:fd/f6/e3", Background.LIGHT),  # Solarized Light
        ("rgb:0000/2b2b/3636", Background.DARK),  # Solarized Dark
        ("rgba:0000/0000/0000/ffff", Background.DARK),
        ("rgb:f/f/f", Background.LIGHT),
        ("rgb:ffff/ffff", None),
        ("white", None),
        ("", None),
    ],
)
def test_a_color_is_dark_or_light(color: str, background: Background | None) -> None:
    assert background_of(color) is background


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({cut % (len(text) + 1) for cut in cuts})
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


KEYS = st.lists(st.sampled_from(["a", "\x1b[A", "\x1b", "é", "\r", "\x1b]", "]11;", "\x1b[200~x\x1b[201~"]), max_size=4)


@given(KEYS, KEYS, st.sampled_from([WHITE, BLACK]), st.lists(st.integers(0, 200), max_size=5))
def test_an_answer_is_found_in_any_pieces_and_the_keys_beside_it_stay(
    before: list[str], after: list[str], answer: str, cuts: list[int]
) -> None:
    typed = "".join(before), "".join(after)
    answers = AnswerFilter(time.monotonic() + LONG)
    found = "".join(answers.feed(piece) for piece in pieces_of(typed[0] + answer + typed[1], cuts))
    assert answers.background is (Background.LIGHT if answer == WHITE else Background.DARK)
    assert found == "".join(typed)


@given(st.text(alphabet="\x1b]1;rgb:/f\x07\\a", max_size=30), st.lists(st.integers(0, 200), max_size=5))
def test_what_is_no_answer_is_held_back_and_not_lost(text: str, cuts: list[int]) -> None:
    whole = AnswerFilter(0.0)
    expected = whole.feed(text)
    answers = AnswerFilter(time.monotonic() + LONG)
    found = "".join(answers.feed(piece) for piece in pieces_of(text, cuts))
    answers._held_until = 0.0
    assert found + answers.release() == expected


def test_escape_is_a_key_although_an_answer_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    parser = EscapeParser()
    parser._answers = AnswerFilter(5.0)
    assert not list(parser.feed("\x1b"))
    now[0] = 0.1
    assert [event.key for event in parser.tick() if isinstance(event, events.Key)] == ["escape"]
    assert not list(parser.feed("\x1b]11;rgb:ff/ff"))
    now[0] = 4.0
    assert not list(parser.tick())
    found = list(parser.feed("/ff\x07j"))
    assert [event.key for event in found if isinstance(event, events.Key)] == ["j"]
    assert [event.background for event in found if isinstance(event, BackgroundAnswered)] == [Background.LIGHT]


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal: what the person sees, and what the program reads."""
    ends = pty.openpty()
    yield ends
    for end in ends:
        os.close(end)


def test_early_keys_are_kept_and_the_modes_come_back(terminal: tuple[int, int]) -> None:
    person, program = terminal
    before = termios.tcgetattr(program)
    with background_question(program, is_wanted=True) as question:
        assert question is not None
        assert os.read(person, 100) == QUESTION
        os.write(person, f"2{WHITE}é\r".encode())
        assert question.answer() is Background.LIGHT
        parser = EscapeParser()
        keys = [event.key for event in parser.tick() if isinstance(event, events.Key)]
        assert not list(EscapeParser().tick())  # a parser after ctrl+z does not type them again
    assert keys == ["2", "é", "enter"]
    assert termios.tcgetattr(program) == before
    os.write(person, b"x")
    assert os.read(person, 100) == b"x"  # the echo: neither the answer nor the keys were shown


def test_without_an_answer_it_does_not_wait_longer_than_it_says(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, program = terminal
    monkeypatch.setattr(background_color, "PATIENCE", 0.0)
    with background_question(program, is_wanted=True) as question:
        assert question is not None
        os.write(person, b"\x1b]11;rgb:ffff")
        assert question.answer() is None
        parser = EscapeParser()
        found = [*parser.tick(), *parser.feed("/ffff/ffff\x07a")]
    assert [type(event) for event in found] == [events.Key, BackgroundAnswered]


def test_nothing_is_asked_of_what_is_no_terminal_or_needs_no_answer(terminal: tuple[int, int], tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file, background_question(file.fileno(), is_wanted=True) as question:
        assert question is None
        assert not file.tell()
    with background_question(terminal[1], is_wanted=False) as question:
        assert question is None
    assert EscapeParser()._answers.feed("\x1b") == "\x1b"


def environment(home: Path) -> dict[str, str]:
    nowhere = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), str(home / "nowhere"))
    unset = dict.fromkeys(("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "JSFT_SANDBOX"), "")
    return {"JSFT_HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **nowhere, **unset}


@pytest.mark.terminal
@pytest.mark.parametrize("when", ["at once", "after the first frame"])
def test_a_light_terminal_gets_the_light_theme_and_keeps_its_keys(when: str, tmp_path: Path) -> None:
    with Terminal("-m", "jsft_tui", size=(80, 24), environment=environment(tmp_path)) as shown:
        before = shown.modes()
        shown.wait_for(lambda _: QUESTION in shown.received)
        shown.press(WHITE if when == "at once" else "", "?")
        shown.wait_for("Keys of")  # the early key
        if when != "at once":
            assert "121212" in grounds(shown)
            shown.press(WHITE[:9])
            shown.press(WHITE[9:])
        shown.wait_for(lambda _: "ffffff" in grounds(shown))
        shown.wait_quiet()
        assert (b"48;5;233" in shown.received) is (when != "at once")
        assert "11;" not in shown.text()
        assert "rgb" not in shown.text()
        shown.press("ctrl+c", "ctrl+c")
        assert shown.wait_end() == 130
        assert shown.modes() == before


def grounds(terminal: Terminal) -> set[str]:
    """Backgrounds of the rows at the left border, below the bars."""
    return {row[0][2] for row in terminal.shown()[3:-2]}
