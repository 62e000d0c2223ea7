"""Draw on stdout where stderr is no terminal: Textual draws on stderr, and `jsft 2>log` would show nothing."""

from __future__ import annotations

import sys
from typing import Any

from textual.drivers.linux_driver import LinuxDriver


class StdoutDriver(LinuxDriver):
    """Textual's driver on stdout, which is a terminal (`refuse_what_is_no_terminal`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sys.__stdout__ is not None:
            self._file = sys.__stdout__


def draws_on_stderr() -> bool:
    """Return whether Textual's own driver can be seen."""
    return sys.__stderr__ is not None and sys.__stderr__.isatty()
