"""Start of the program: `--version` at once, then the command line."""

from __future__ import annotations

import sys

from jsft_tui import __version__


def main() -> None:
    """Entry point of `jsft` and `python -m jsft_tui`."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"jsft {__version__}\n")
        return
    from jsft_tui.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
