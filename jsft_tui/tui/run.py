"""Starting the full-screen interface."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import usage
from jsft_tui.tui.terminal.idle_gc import disabled_at_start

if TYPE_CHECKING:
    from jsft_tui.config import Config
    from jsft_tui.services.session.open import SessionFactory


def run_tui(session_factory: SessionFactory, *, demo: bool) -> int:
    """Run it to its end; returns the exit code.

    Raises:
        Problem: this is no terminal that it can run on, or the settings are wrong.
    """
    refuse_what_is_no_terminal()
    with disabled_at_start():
        return _run(session_factory, demo=demo)


def _run(session_factory: SessionFactory, *, demo: bool) -> int:
    from jsft_tui.tui.terminal.background_color import background_question
    from jsft_tui.tui.terminal.environment import terminal_settings
    from jsft_tui.tui.terminal.images.graphics import find_graphics

    config = session_factory.config
    prepare_environment(os.environ, config)
    find_graphics(os.environ)
    with background_question(sys.stdin.fileno(), is_wanted=asks_background(config, os.environ)) as question:
        from jsft_tui.tui.application.app import JsftApp, Start
        from jsft_tui.tui.terminal.drawing.stdout_driver import StdoutDriver, draws_on_stderr

        app = JsftApp(Start(session_factory, demo, question.answer() if question else None))
        if not draws_on_stderr():
            app.driver_class = StdoutDriver
        app.run(mouse=terminal_settings(os.environ).mouse if config.mouse is None else config.mouse)
        return app.return_code or 0


def asks_background(config: Config, environ: Mapping[str, str]) -> bool:
    """Return whether the theme depends on the terminal's background."""
    from jsft_tui.tui.theme.color_support import color_count, is_colorless

    return config.theme == "auto" and not is_colorless(environ) and color_count(environ) > 16


def prepare_environment(environ: MutableMapping[str, str], config: Config | None = None) -> None:
    """Set the variables that Textual reads when it is imported, and that of ASCII."""
    from jsft_tui.tui.terminal.environment import textual_settings

    if environ.get("NO_COLOR") == "":  # Textual takes it for set; https://no-color.org: "when present and not empty"
        del environ["NO_COLOR"]
    for name in ("COLUMNS", "LINES"):  # exported, they are not the terminal's size, and Textual would believe them
        environ.pop(name, None)
    if config is not None and config.ascii is not None:
        environ["JSFT_ASCII"] = str(int(config.ascii))
    environ.update(textual_settings(environ))


def refuse_what_is_no_terminal() -> None:
    """Say which command to use where there is no terminal.

    Raises:
        Problem: always in that case (code `NoTerminal`).
    """
    dumb = os.environ.get("TERM", "dumb") in ("", "dumb")
    if dumb or not (sys.stdin.isatty() and sys.stdout.isatty()):
        named = f"TERM is {os.environ['TERM']}" if os.environ.get("TERM") else "TERM is not set"
        why = named if dumb and sys.stdout.isatty() else "this is no terminal"
        raise usage("NoTerminal", f"the full-screen interface cannot run: {why}.", "See: jsft --help")
