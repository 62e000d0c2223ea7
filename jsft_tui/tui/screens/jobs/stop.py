"""The question before a job is stopped: what it did, what stays, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.phases.timeline import rough_duration
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.tui.base.dialog import Answer, Dialog
from jsft_tui.tui.keymap.action import key_name
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, line


class StopDialog(Dialog[bool]):
    """Returns True if the job is to be stopped."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "leave", "Let it run", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[TextLine], note: str, keys: Sequence[str]) -> None:
        """Create the question.

        Args:
            title: the question.
            lines: what the job did, and what stays.
            note: stands below the answers: what can be done afterwards.
            keys: that stop a job, which agree here, too.
        """
        answers = (Answer(key_name(keys[0]), "Stop it"), Answer("esc", "Let it run"))
        super().__init__(title, answers, after=[line(note, Ink.MUTED)])
        self._lines = tuple(lines)
        self._bindings.bind(",".join(keys), "agree", "Stop it", show=False)

    def compose_inside(self) -> ComposeResult:
        """Compose what it did, what stays, and what it cost."""
        yield TextPane(self._lines, can_focus=False)

    def action_agree(self) -> None:
        """Stop it."""
        self.answer(True)


def stop_lines(job: TrainingJob, now: float, cost: float | None, seconds_left: float | None) -> list[TextLine]:
    """Return what the job did, what is left to it, and what stays.

    Args:
        job: a running job.
        now: epoch seconds.
        cost: USD so far; None if unknown.
        seconds_left: of its training; None if unknown.
    """
    ran = job.elapsed_seconds(now)
    of = f" of about {rough_duration(ran + seconds_left)}" if seconds_left is not None else ""
    spent: tuple[Cell, ...] = (Cell(f"It has run {rough_duration(ran)}{of}"),)
    if cost is not None:
        spent += (Cell(" and cost "), Cell(dollars(cost), MONEY_STRONG))
    has_checkpoints = bool(job.request.get("CheckpointConfig"))
    kept = "Its checkpoints in S3 stay." if has_checkpoints else "What it has saved by then is uploaded."
    return [
        TextLine((*spent, Cell("."))),
        line("SageMaker gives it 2 minutes to save its model."),
        line(kept),
    ]
