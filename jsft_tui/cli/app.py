"""The `jsft` command: the full-screen interface or a command line, and every failure a message and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from jsft_tui.cli.console.streams import is_terminal, show_in_any_encoding
from jsft_tui.cli.options import CheckKeys, GlobalOptions, OpenTui
from jsft_tui.core.common.errors import Problem, ProblemKind, usage


def run(arguments: Sequence[str], open_tui: OpenTui | None = None, check_keys: CheckKeys | None = None) -> int:
    """Run a command line and return the exit code. Nothing a user can cause ends in a traceback.

    Without a command, and for the demo on a terminal, `open_tui` starts the TUI; `check_keys` checks the keys of the
    settings.
    """
    options = GlobalOptions(open_tui=open_tui, check_keys=check_keys)
    as_json = "--json" in arguments
    show_in_any_encoding()
    try:
        code = _run(arguments, options)
        if sys.stdout is not None:  # closed by `>&-`
            sys.stdout.flush()
    except Problem as problem:
        return _print(_told(problem, options), as_json=as_json)
    except KeyboardInterrupt:
        kept = "Everything completed before that is kept."
        interrupted = Problem("Interrupted", "interrupted.", kept, kind=ProblemKind.INTERRUPTED)
        return _print(interrupted, as_json=as_json)
    except SystemExit:  # click's reaction to a closed pipe: `jsft models | head`
        return 0
    except OSError as error:
        return _print(_no_room(error) if error.errno in _NO_ROOM else _unexpected(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001  (the last resort: a log file instead of a traceback)
        return _print(_unexpected(error), as_json=as_json)
    return code


def _run(arguments: Sequence[str], options: GlobalOptions) -> int:
    """Run a command line; where there is nothing to read, without click, which takes longer to import than to use."""
    is_plain = not arguments and "_JSFT_COMPLETE" not in os.environ
    if is_plain and options.open_tui is not None and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        from jsft_tui.cli.full_screen import open_full_screen

        return open_full_screen(options.open_tui, options, demo=False)
    from jsft_tui.cli.group import run_command

    return run_command(arguments, options)


def _told(problem: Problem, options: GlobalOptions) -> Problem:
    from jsft_tui.cli.console.output import for_target

    message, remedy = for_target(problem.message, options), for_target(problem.remedy, options)
    return Problem(problem.code, message, remedy, kind=problem.kind, retryable=problem.retryable)


def _print(problem: Problem, *, as_json: bool) -> int:
    from jsft_tui.cli.console.output import print_problem

    return print_problem(problem, as_json=as_json)


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _no_room(error: OSError) -> Problem:
    message = f"{error.filename or 'the output'} cannot be written: {error.strerror}."
    return usage("CannotWrite", message, "Free some space, or write it elsewhere.")


def _unexpected(error: Exception) -> Problem:
    from jsft_tui.core.common.text import redact
    from jsft_tui.crash import write_crash_report

    path = write_crash_report(error)
    message = redact(f"unexpected error: {type(error).__name__}: {error}".rstrip(": "))
    remedy = f"Details are in {path}." if path else "The details could not be written to disk."
    return Problem("Unexpected", message, remedy, kind=ProblemKind.UNEXPECTED)
