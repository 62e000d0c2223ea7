"""Escape and a key that come in one piece are two keys, unless something is bound to the one with alt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from jsft_tui.config import Config
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.screens.settings.screen import SettingsScreen
from jsft_tui.tui.terminal.input.key_parser import EscapedKey, EscapeParser
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from tests.tui.driver.pilot import Work
from tests.tui.driver.pseudo_terminal import Terminal
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY

MARKED = "\x1b[200~{}\x1b[201~"


def read(*pieces: str) -> list[str]:
    """What is read: keys by their names, pairs as `escape|then`, pastes as what was pasted."""
    parser = EscapeParser()
    found = [event for piece in pieces if piece for event in parser.feed(piece)]
    found += parser.feed("")  # the end: nothing more is waited for
    return [_shown(event) for event in found]


def _shown(event: object) -> str:
    if isinstance(event, EscapedKey):
        return f"escape|{event.then.key}"
    if isinstance(event, events.Key):
        return event.key
    return event.text if isinstance(event, events.Paste) else type(event).__name__


@pytest.mark.parametrize(
    ("pieces", "keys"),
    [
        (["\x1bx"], ["escape|x"]),
        (["\x1b/ab"], ["escape|slash", "a", "b"]),
        (["\x1bX\x1bU"], ["escape|X", "escape|U"]),
        (["\x1b5"], ["escape|5"]),
        (["\x1bb\x1bf"], ["escape|b", "escape|f"]),
        (["\x1b\r"], ["escape|enter"]),
        (["\x1b", "j"], ["escape", "j"]),
        (["\x1bj\x1b[A"], ["escape|j", "up"]),
        (["\x1b\x1bj"], ["escape", "escape|j"]),
        (["\x1b\x1b[B"], ["escape", "down"]),
        (["\x1b[1;5", "D\x1bjk"], ["ctrl+left", "escape|j", "k"]),
        (["\x1bOA\x1b[15~"], ["up", "f5"]),
        (["\x1b[120;3u"], ["alt+x"]),
        ([MARKED.format("a"), "\x1bj"], ["a", "escape|j"]),
        ([MARKED.format("a\x1bj")[:3], MARKED.format("a\x1bj")[3:]], ["circumflex_accent", "j", "a"]),
    ],
)
def test_pairs_are_found_and_sequences_left_alone(pieces: list[str], keys: list[str]) -> None:
    assert read(*pieces) == keys


@given(st.lists(st.sampled_from(["\x1bj", "\x1bX", "k", "\x1b[A", "\x1b[1;5D", MARKED.format("ab"), "é", "\r"])))
def test_a_pair_takes_nothing_from_what_stands_beside_it(parts: list[str]) -> None:
    assert read("".join(parts)) == [key for part in parts for key in read(part)]


async def test_what_is_bound_to_alt_takes_it_and_else_it_is_two_keys(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path, config=Config(keys={"settings": "alt+s"}))
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()

        async def together(key: str, *chords: str) -> None:
            app.post_message(EscapedKey(chords or (f"alt+{key}",), events.Key(key, key)))
            app.post_message(events.Key("2", "2"))
            await work.settle()

        await work.press("f")
        assert isinstance(app.screen, ChoiceDialog)
        await together("f")  # it leaves the dialog and opens another one, where 2 is typed
        assert isinstance(app.screen, ChoiceDialog)
        await work.press("escape", "escape")
        await work.press("2")
        work.screen(DataScreen)
        await work.press("1")
        await work.press("slash")
        await work.type("two words")
        await together("b", "ctrl+left", "alt+b")  # a line to type into knows it: a word to the left
        assert app.screen.query_one(FilterBar).value == "two 2words"
        await work.press("escape", "escape")
        work.screen(ModelsScreen)
        app.post_message(EscapedKey(("alt+s",), events.Key("s", "s")))
        await work.settle()
        work.screen(SettingsScreen)


@pytest.mark.terminal
def test_a_letter_right_behind_escape_is_not_lost(tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.apps.still_program", "ordinary", str(tmp_path)) as terminal:
        terminal.wait_for("Runs on")
        terminal.press("f")
        terminal.wait_for("Which models?")
        terminal.press("\x1b2")
        terminal.wait_for("Buckets")
        terminal.press("/")
        terminal.press("none such")
        terminal.wait_for("listed fit")
        terminal.press("\x1b\x1b1")
        terminal.wait_for("MODEL ")
        terminal.press("q")
        assert terminal.wait_end() == 0
