"""The question before a search is stopped, wherever it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.tui.screens.jobs.stop import StopDialog
from jsft_tui.tui.theme.tokens import MONEY_STRONG
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

if TYPE_CHECKING:
    from jsft_tui.core.tuning.results.progress import Search
    from jsft_tui.tui.base.screens.work_screen import WorkScreen


async def stop_search(screen: WorkScreen, search: Search, keys: Sequence[str]) -> None:
    """Ask, and stop a search with its trials, from a flow of the screen; `keys` agree in the question, too."""
    session, job = screen.session, search.job
    if (refused := session.services.searches.not_stopped(job)) is not None:
        screen.say(str(refused), Status.WARNING)
        return
    note = f"A stopped search cannot go on; {screen.key('search_on')} begins one that learns from its trials."
    spent = search.spent(session.prices or {}, session.now())
    if await screen.open_dialog(StopDialog(f"Stop {job.name}?", stop_lines(search, spent), note, keys)):
        screen.say(f"Stopping {job.name} …")
        await screen.call(lambda: session.services.searches.stop(job.name))
        screen.say(f"Stopping {job.name}; trials that run may save what they have.", Status.STOPPED)
        screen.jsft.poll_jobs()


def stop_lines(search: Search, spent: float | None) -> list[TextLine]:
    """Return how far a search is, what it cost (USD; None if unknown), and what stays."""
    job = search.job
    cells: tuple[Cell, ...] = (Cell(f"{job.counts.ended} of {plural(job.max_jobs or 0, 'trial')} have ended"),)
    if spent is not None:
        cells += (Cell(", and it cost "), Cell(dollars(spent), MONEY_STRONG))
    running = job.counts.running
    return [
        TextLine((*cells, Cell("."))),
        line(f"{plural(running, 'trial')} that {'runs is' if running == 1 else 'run are'} stopped as well."),
        line("Trials that have ended keep their models; the best of them stays the best."),
    ]
