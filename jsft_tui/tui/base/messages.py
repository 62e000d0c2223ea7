"""Messages that come from threads."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import Answer


@dataclass
class Answered(Message):
    """A call that a screen asked for came to an answer, or told how far it is."""

    answer: Answer


@dataclass
class NotSaved(Message):
    """The disk refused the draft."""

    problem: Problem
