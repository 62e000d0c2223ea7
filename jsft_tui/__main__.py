"""Start of the program: `--version` at once, then the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jsft_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jsft_tui.services.session.open import SessionFactory


def main() -> None:
    """Entry point of `jsft` and `python -m jsft_tui`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"jsft {__version__}\n")
        return
    try:
        from jsft_tui.cli.app import run

        code = run(sys.argv[1:], _open_tui, check_keys)
    except KeyboardInterrupt:  # before the command line could take care of it
        code = 130
    except OSError as error:  # stdout is full or gone: there is nowhere to say it but stderr
        sys.stderr.write(f"jsft: the output cannot be written: {error.strerror}.\n")
        code = 1
    sys.exit(code)


def _open_tui(session_factory: SessionFactory, *, demo: bool) -> int:
    from jsft_tui.tui.run import run_tui

    return run_tui(session_factory, demo=demo)


def check_keys(keys: Mapping[str, str], file: Path) -> None:
    """Look at the keys of the full-screen interface, which is imported only now.

    Raises:
        Problem: they cannot be.
    """
    from jsft_tui.tui.keymap_check import check_keymap

    check_keymap(keys, file)


if __name__ == "__main__":
    main()
