"""The command of the command line that shows or does what a screen does, to be copied."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jsft_tui.tui.keymap.action import ScreenId

if TYPE_CHECKING:
    from jsft_tui.services.session.session import Session

RUN_FILE = "run.yaml"
"""The name of a run file in a command: the person saves it under any."""


def command_line(where: ScreenId, session: Session, subjects: Sequence[str] = ()) -> str:
    """Return the command for a screen.

    Args:
        where: the screen.
        session: its target, which the command names as well.
        subjects: what it shows: a model, an address, jobs.
    """
    words = _words(where, session.run.model.id, subjects)
    if not words:
        return ""
    flags = session.services.flags
    return " ".join(["jsft", *map(shlex.quote, words), *([flags] if flags else [])])


def _words(where: ScreenId, model: str, subjects: Sequence[str]) -> list[str]:
    match where:
        case ScreenId.MODELS:
            return ["model", *subjects] if subjects else ["models"]
        case ScreenId.DATA:
            return ["s3", "ls", *subjects]
        case ScreenId.INSTANCE:
            return ["instances", *([model] if model else [])]
        case ScreenId.HYPERPARAMETERS:
            return ["model", model] if model else []
        case ScreenId.REVIEW:
            return ["launch", RUN_FILE]
        case ScreenId.JOBS | ScreenId.JOB:
            return ["job", *subjects] if subjects else ["jobs"]
        case ScreenId.COMPARE:
            return ["compare", *subjects] if subjects else []
        case ScreenId.SETTINGS:
            return ["doctor"]
        case _:
            return []
