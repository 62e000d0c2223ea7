"""Make a run of an earlier job the draft; asks first when a draft would be lost, or something differs."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.common.status import Status
from jsft_tui.core.run.run import Run
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.widgets.text.text_pane import line


@dataclass(frozen=True)
class TakenRun:
    """A run to be the draft.

    Attributes:
        run: the new draft.
        name: the job that it is made from.
        change: what is different from that job.
        note: what is still to be done or to be kept in mind.
        caution: what to know before it is taken, such as what of the job is not in the run.
    """

    run: Run
    name: str
    change: str = ""
    note: str = ""
    caution: str = ""


async def take_into_draft(screen: WorkScreen, taken: TakenRun) -> bool:
    """Make the run the draft, from a flow of the screen; return whether it is."""
    session, run, name, change = screen.session, taken.run, taken.name, taken.change
    draft = session.drafts.run
    lines = [line(f"It is as {name} was, but for {change}.")] if change else []
    if taken.caution:
        lines.append(line(taken.caution, "warn"))
    if draft.model.id and not session.drafts.is_launched and session.job_list.state.get(draft.name) is None:
        lines.append(line(f"It replaces the draft {draft.name} ({draft.model.id}), which was never launched."))
    question = ConfirmDialog(f"{run.name} as the draft?", lines, label="take it")
    if lines and not await screen.open_dialog(question):
        screen.say("The draft stays as it is.")
        return False
    session.drafts.put(run)
    said = f"Changed: {change}. {taken.note}" if change else taken.note
    review = screen.key("go_review")
    screen.say(f"{name} is the draft now, as {run.name}: {review} to review it. {said}".strip(), Status.COMPLETED)
    return True
