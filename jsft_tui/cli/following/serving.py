"""Follow an endpoint or a transform job on the command line: its states and log lines as they arrive."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from jsft_tui.cli.console.output import Print, Styled, out, say
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.following.job import KEYS_WITHIN, SIGN_IN_WITHIN
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.services.jobs.follow import Logged
from jsft_tui.services.serving.watching import Seen, Watcher

S = TypeVar("S")


def follow_state(watcher: Watcher[S], name: str, word: Callable[[S], str], write: Print = out) -> S:
    """Follow something until it is over; return its last state.

    Args:
        watcher: asks for it.
        name: of what is followed.
        word: its state in a word.
        write: prints states and log lines (stdout, or stderr when stdout is for JSON).

    Raises:
        Problem: it is gone, or it was interrupted (kind INTERRUPTED); what is followed goes on.
    """
    state: S | None = None
    told = ""
    try:
        for event in watcher.events(SIGN_IN_WITHIN if is_terminal(sys.stdin) else KEYS_WITHIN):
            if isinstance(event, Seen):
                state = event.state
                if word(event.state) != told:
                    told = word(event.state)
                    write(Styled(told, "cyan"))
            elif isinstance(event, Logged):
                for line in (line for logged in event.lines for line in logged.text.split("\n")):
                    write("  ", line)
            else:
                say(event.text if event.pause else f"{event.problem.message} {event.problem.remedy}")
    except KeyboardInterrupt:
        raise Problem("Interrupted", f"stopped following; {name} goes on.", kind=ProblemKind.INTERRUPTED) from None
    assert state is not None, "a watcher ends with a state"
    return state
