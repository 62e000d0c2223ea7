"""Messages that come from threads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from jsft_tui.core.common.errors import Problem


@dataclass(eq=False, repr=False)
class NotSaved(Message):
    """The draft could not be saved."""

    problem: Problem


@dataclass(eq=False, repr=False)
class OtherDraft(Message):
    """Another jsft has changed the draft of this target; its draft is kept in a file."""

    path: Path
