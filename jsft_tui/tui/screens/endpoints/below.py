"""What stands below the list: the model of an endpoint is asked there, and its log is followed."""

from __future__ import annotations

from functools import partial

from textual import on

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.follow import Logged, Trouble
from jsft_tui.services.serving.watching import Seen
from jsft_tui.services.session.asking import model_of_endpoint
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.screens.ask.asker import Asker
from jsft_tui.tui.screens.ask.pane import AskForm, TryPane
from jsft_tui.tui.screens.endpoints.actions import EndpointActions
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.log.view import LogView
from jsft_tui.tui.widgets.master_detail import LOW
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import line

TRY, RAW, LOG = "Try it", "Answer as it came", "Log"
FOLLOW = "log"
"""Group of the flow that follows a log."""

Happening = Seen[Endpoint] | Logged | Trouble


class EndpointsBelow(EndpointActions):
    """The bottom pane of the list of endpoints."""

    DEFAULT_CSS = "EndpointsBelow LogView { padding: 0 1; scrollbar-size-vertical: 0; }"

    def __init__(self) -> None:
        super().__init__()
        self._asker = Asker(self, self._try)
        self._asker.changed = self._draw_below
        self._followed = ""
        """The endpoint whose log is shown."""
        self._log_note = ""

    def bottom_pane(self) -> Pane | None:
        """Try it, the answer as it came, and the log."""
        self._log = LogView()
        self._try = TryPane(TRY, self._log)
        return self._try

    # Showing

    def show_below(self) -> None:
        """Show the pane where there are endpoints and rows for it, for the endpoint under the cursor."""
        has_rows = self.app.size.height >= LOW
        self.panes.show_bottom(is_shown=has_rows and bool(self.session.endpoint_list.state.endpoints))
        row = self.row
        if isinstance(row, Endpoint):
            # Not by its name alone: another one, or a job, may have had it.
            asked = f"{row.name} {row.created:.0f}"
            self._asker.show(asked, partial(model_of_endpoint, self.session.services, row))
        else:
            self._asker.show_none([line("Choose an endpoint to ask its model.", Ink.MUTED)])
        self._follow_or_not()
        self._draw_below()

    def forget_below(self) -> None:
        """Another target."""
        self._asker.forget()
        self._leave_log()
        self._try.show_view(self._try.form)

    def _draw_below(self) -> None:
        pane = self._try
        titles = {pane.form: TRY, pane.raw: RAW, self._log: LOG}
        if pane.view is self._log:
            state = self._log.state
            note = f"{self._log_note}  " if self._log_note else ""
            cells: tuple[Cell, ...] = (Cell(note, Ink.WARN), Cell(plural(state.lines, "line"), Ink.MUTED))
        else:
            cells = self._asker.state_cells
        pane.set_title(titles[pane.view], cells)
        view = self.key("endpoint_view")
        keys = [Cell(view, Ink.KEY), Cell(f" {TRY}, answer, log".lower(), Ink.MUTED)]
        send = [Cell("enter", Ink.KEY), Cell(" send  ", Ink.MUTED)] if pane.view is pane.form else []
        self.panes.set_bottom_keys((*send, *keys))

    @on(LogView.StateChanged)
    def _log_changed(self, event: LogView.StateChanged) -> None:
        event.stop()
        self._draw_below()

    # Asking

    @on(AskForm.Sent)
    def _sent(self, event: AskForm.Sent) -> None:
        event.stop()
        self._asker.ask(event.item, event.parameters)

    @on(AskForm.Typed)
    def _typed(self, event: AskForm.Typed) -> None:
        event.stop()
        self._asker.look(event.item)

    def action_try(self) -> None:
        """Type what the model of the endpoint is given."""
        if not isinstance(self.row, Endpoint):
            self.say("Choose an endpoint to ask its model.")
            return
        self._show_view(self._try.form)
        self.set_focus(self._try.form.item)  # at once: the next key is already for it

    def action_next_view(self) -> None:
        """Show the next view below."""
        self._go_to_view(1)

    def action_view_before(self) -> None:
        """Show the view before."""
        self._go_to_view(-1)

    def _go_to_view(self, step: int) -> None:
        was_below = self._try.has_pseudo_class("focus-within")
        view = self._try.next_view(step)
        self._show_view(view)
        if was_below or self.panes.zoomed is self._try:
            self.set_focus(self._try.form.answer if view is self._try.form else view)

    def _show_view(self, view: object) -> None:
        for each in (self._try.form, self._try.raw, self._log):
            if each is view:
                self._try.show_view(each)
        if not self._try.display:
            self.panes.zoom(self._try)
        self._follow_or_not()
        self._draw_below()

    # The log

    def _follow_or_not(self) -> None:
        """Follow the log of the endpoint under the cursor while it is shown."""
        row = self.row
        is_wanted = self._try.view is self._log and isinstance(row, Endpoint) and self.jsft.work_screen is self
        wanted = row.name if is_wanted and isinstance(row, Endpoint) else ""
        if wanted != self._followed:
            self._leave_log()
            self._followed = wanted
            if wanted:
                self._follow(wanted)

    def _leave_log(self) -> None:
        self.cancel(FOLLOW)
        self._followed, self._log_note = "", ""
        self._log.clear()

    @flow(FOLLOW)
    async def _follow(self, name: str) -> None:
        watcher = self.session.services.endpoint_facts.watch(name)

        def read(reporter: Reporter[Happening]) -> None:
            for happened in watcher.events():
                reporter.tell(happened)

        try:
            await self.call_with_progress(read, self._happened)
        except Problem as problem:
            self._log_note = str(problem)
        finally:
            watcher.stop()
        self._draw_below()

    def _happened(self, event: Happening) -> None:
        if isinstance(event, Logged):
            self._log.append(event.lines)
        elif isinstance(event, Trouble):
            self._log_note = str(event.problem)
        self._draw_below()
