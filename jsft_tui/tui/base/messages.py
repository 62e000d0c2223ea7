"""Messages that come from threads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from jsft_tui.core.common.errors import Problem


@dataclass
class NotSaved(Message):
    """The draft could not be saved."""

    problem: Problem


@dataclass
class OtherDraft(Message):
    """Another jsft has changed the draft of this target; its draft is kept in a file."""

    path: Path
