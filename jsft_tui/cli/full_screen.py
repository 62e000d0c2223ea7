"""Open the full-screen interface from the command line, and say afterwards which jobs go on."""

from __future__ import annotations

import time

from jsft_tui.cli.context import session_factory_of
from jsft_tui.cli.options import GlobalOptions, OpenTui


def open_full_screen(open_tui: OpenTui, options: GlobalOptions, *, demo: bool) -> int:
    """Open the full-screen interface; when it has ended, say which jobs go on. Return the exit code."""
    began = time.time()
    code = open_tui(session_factory_of(options), demo=demo)
    from jsft_tui.cli.results.running_line import say_what_goes_on

    say_what_goes_on(options, began)
    return code
