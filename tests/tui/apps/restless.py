"""jsft whose cursors rest soon, for tests that wait until they do: `python -m tests.tui.apps.restless ARGUMENT...`."""

from __future__ import annotations

import os

from jsft_tui.tui.terminal.environment import textual_settings

REST = 0.03
"""Seconds."""


def let_cursors_rest_soon() -> None:
    """What is told about a row is drawn sooner after the cursor came there; it is the same."""
    from jsft_tui.tui.base.screens import work_screen as work_screen

    work_screen.REST = REST


if __name__ == "__main__":
    os.environ.update(textual_settings(os.environ))
    let_cursors_rest_soon()
    from jsft_tui.__main__ import main

    main()
