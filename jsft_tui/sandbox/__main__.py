"""`python -m jsft_tui.sandbox`: run a sandbox until it is stopped.

Exit codes: 0 stopped, 2 wrong usage or the extra is not installed, 3 the folder is in use by another sandbox.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import logging
import logging.handlers
import os
import re
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from jsft_tui.sandbox.http.listener import Listener
from jsft_tui.sandbox.state.folder import FolderInUse, StateError, StateFolder

if TYPE_CHECKING:
    from jsft_tui.sandbox.server import Listen

EXIT_USAGE = 2
EXIT_IN_USE = 3
GC_THRESHOLDS = (50_000, 20, 100)
"""Thresholds of the garbage collector: it took a quarter of the time in which moto loads, and all of that stays."""
_NEEDED = ("moto", "flask", "flask_cors", "numpy", "PIL")


def main(arguments: list[str] | None = None, listen: Listen = Listener) -> int:
    """Run the command; return the exit code."""
    options = _parser().parse_args(arguments)
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        return _complain(
            f"The sandbox is not installed ({', '.join(missing)} missing): run pip install 'jsft-tui[sandbox]'.",
            EXIT_USAGE,
        )
    try:
        state = StateFolder(options.state_dir)
    except FolderInUse as error:
        return _complain(str(error), EXIT_IN_USE)
    except StateError as error:
        return _complain(str(error), EXIT_USAGE)
    try:
        return _run(state, options, listen)
    except StateError as error:
        return _complain(str(error), EXIT_USAGE)
    except (OSError, sqlite3.Error) as error:
        return _complain(f"The sandbox cannot run in {state.path} ({error}): choose another --state-dir.", EXIT_USAGE)
    finally:
        state.release()


def _run(state: StateFolder, options: argparse.Namespace, listen: Listen) -> int:
    from jsft_tui.sandbox.server import Sandbox

    gc.set_threshold(*GC_THRESHOLDS)
    _log_to(state.path / "sandbox.log")
    signals = _catch_signals()
    if options.reset:
        state.reset()
    sandbox = Sandbox(state, options.region, options.port, listen)
    print(f"endpoint {sandbox.start()}", flush=True)  # noqa: T201 (for whoever starts it by hand)
    os.read(signals, 1)
    sandbox.stop()
    return 0


def _catch_signals() -> int:
    """Return a file descriptor that can be read from the first signal to stop on.

    An event would do in most cases. But a handler that sets it while it is being waited for, or set by another signal,
    waits for a lock that its own thread holds; and a signal that another thread takes does not wake the main one.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reader


def _log_to(file: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(file, maxBytes=2 << 20, backupCount=2)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    threading.excepthook = lambda args: logging.getLogger("threads").error(
        "A thread died", exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jsft_tui.sandbox", description="Run the local sandbox.")
    parser.add_argument("--state-dir", type=Path, required=True, help="the folder that keeps everything")
    parser.add_argument("--region", type=_region, default="us-west-2", help="the home region (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port (default: the last one, else any)")
    parser.add_argument("--reset", action="store_true", help="delete the old content first")
    return parser


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an AWS region: use one such as us-west-2.")
    return text


def _complain(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return code


def leave(code: int) -> None:
    """End the process at once, without waiting for threads that copy data or follow the output of a job."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
