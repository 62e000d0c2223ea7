"""Starts the interface as `jsft` does, and writes which modules are imported when its first frame is there."""

from __future__ import annotations

import sys

from jsft_tui.cli.app import run
from jsft_tui.cli.context import session_factory_of
from jsft_tui.cli.options import GlobalOptions
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.run import run_tui

STARTS = (run, run_tui)
"""What is imported on the way, and needs a terminal."""


class FirstFrame(JsftApp):
    """Ends where the target would be opened: that is after the first frame."""

    def open_target(self, session_factory: SessionFactory) -> None:
        """Write the modules, and leave."""
        del session_factory
        if not self.screen.size.area:
            raise AssertionError("there is no frame yet")
        assert sys.__stdout__ is not None
        sys.__stdout__.write(" ".join(sys.modules))
        self.exit()


if __name__ == "__main__":
    FirstFrame(Start(session_factory_of(GlobalOptions()))).run(headless=True, size=(100, 30))
