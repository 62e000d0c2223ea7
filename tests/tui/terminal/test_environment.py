"""What the environment says of the terminal."""

from __future__ import annotations

import io
import sys

import pytest

from jsft_tui.config import Config
from jsft_tui.core.common.errors import Problem
from jsft_tui.tui.run import asks_background, prepare_environment, refuse_what_is_no_terminal
from jsft_tui.tui.terminal.environment import (
    TerminalSettings,
    is_remote,
    terminal_settings,
    textual_settings,
)
from jsft_tui.tui.theme.color_support import color_count, is_colorless
from jsft_tui.tui.theme.glyphs import uses_ascii


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("value", "stays"), [("", False), ("1", True), ("0", True)])
def test_an_empty_no_color_is_none(value: str, stays: bool) -> None:
    environ = {"NO_COLOR": value}
    prepare_environment(environ)
    assert ("NO_COLOR" in environ) is stays


def test_an_exported_size_is_not_the_terminals() -> None:
    environ = {"COLUMNS": "20", "LINES": "5", "TERM": "xterm"}
    prepare_environment(environ)
    assert not {"COLUMNS", "LINES"} & set(environ)


@pytest.mark.parametrize(("term", "says"), [(None, "is not set"), ("", "is not set"), ("dumb", "is dumb")])
def test_a_terminal_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, term: str | None, says: str) -> None:
    monkeypatch.setattr(sys, "stdin", Screen())
    monkeypatch.setattr(sys, "stdout", Screen())
    if term is None:
        monkeypatch.delenv("TERM", raising=False)
    else:
        monkeypatch.setenv("TERM", term)
    with pytest.raises(Problem, match=says):
        refuse_what_is_no_terminal()


def test_the_environment_decides_the_manners() -> None:
    assert terminal_settings({}) == TerminalSettings(mouse=True, frames_per_second=60, log_paints_per_second=10)
    remote = terminal_settings({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"})
    assert remote == TerminalSettings(mouse=False, frames_per_second=15, log_paints_per_second=5)
    assert is_remote({"SSH_TTY": "/dev/pts/0"})
    settings = textual_settings({"SSH_TTY": "x", "ESCDELAY": "100"})
    assert settings == {
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_COLOR_SYSTEM": "standard",
        "TEXTUAL_FPS": "15",
    }
    assert not is_colorless({"NO_COLOR": ""})


@pytest.mark.parametrize(
    ("environ", "count"),
    [
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "tmux-256color"}, 256),
        ({"TERM": "foot"}, 256),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, 2**24),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "linux"}, 16),
        ({}, 16),
    ],
)
def test_the_number_of_colors(environ: dict[str, str], count: int) -> None:
    assert color_count(environ) == count


@pytest.mark.parametrize(("wanted", "value"), [(True, "1"), (False, "0"), (None, None)])
def test_the_setting_of_ascii_is_above_the_locale(wanted: bool | None, value: str | None) -> None:
    environ = {"LANG": "C"}
    prepare_environment(environ, Config(ascii=wanted))
    assert environ.get("JSFT_ASCII") == value
    assert uses_ascii(environ) is (wanted is not False)


@pytest.mark.parametrize(
    ("theme", "environ", "asks"),
    [
        ("auto", {"TERM": "xterm-256color"}, True),
        ("dark", {"TERM": "xterm-256color"}, False),
        ("auto", {"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
        ("auto", {"TERM": "linux"}, False),
    ],
)
def test_the_background_is_asked_only_where_the_theme_depends_on_it(
    theme: str, environ: dict[str, str], asks: bool
) -> None:
    assert asks_background(Config(theme=theme), environ) is asks
