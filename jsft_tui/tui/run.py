"""Starting the full-screen interface."""

from __future__ import annotations

import os
import sys

from jsft_tui.core.common.errors import usage
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.tui.terminal.graphics import find_graphics
from jsft_tui.tui.theme.themes import manners, textual_settings


def run_tui(session_factory: SessionFactory, *, demo: bool) -> int:
    """Run it to its end; returns the exit code.

    Raises:
        Problem: this is no terminal that it can run on, or the settings are wrong.
    """
    refuse_what_is_no_terminal()
    # Textual reads these when it is imported.
    os.environ.update(textual_settings(os.environ))
    find_graphics(os.environ)
    from jsft_tui.tui.app import JsftApp, Start

    app = JsftApp(Start(session_factory, demo))
    wanted = session_factory.config.mouse
    app.run(mouse=manners(os.environ).mouse if wanted is None else wanted)
    return app.return_code or 0


def refuse_what_is_no_terminal() -> None:
    """Say which command to use where there is no terminal.

    Raises:
        Problem: always in that case (code `NoTerminal`).
    """
    dumb = os.environ.get("TERM", "dumb") in ("", "dumb")
    if dumb or not (sys.stdin.isatty() and sys.stdout.isatty()):
        why = "TERM is dumb" if dumb and sys.stdout.isatty() else "this is no terminal"
        raise usage("NoTerminal", f"the full-screen interface cannot run: {why}.", "See: jsft --help")
