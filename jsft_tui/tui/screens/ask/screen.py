"""Ask the model of a job of the sandbox, which needs no endpoint."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.common.status import Status
from jsft_tui.services.session.asking import model_of_job
from jsft_tui.tui.base.screens.work_screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.deploy.flow import start_deploy
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.ask.asker import Asker
from jsft_tui.tui.screens.ask.pane import AskForm, TryPane
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import line


class AskScreen(WorkScreen):
    """Give a model something, and read what it says."""

    WHERE = ScreenId.ASK
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.ASK)

    def __init__(self) -> None:
        super().__init__()
        self._pane = TryPane("Try it")
        self._asker = Asker(self, self._pane)
        self._asker.changed = self._draw_borders

    def compose_body(self) -> ComposeResult:
        """Compose the pane."""
        yield self._pane

    def load(self) -> None:
        """Another target: nothing of the one before can be asked."""
        self._asker.forget()

    def draw(self) -> None:
        """Ask the job that is wanted."""
        job, services = self.jsft.asked_job, self.session.services
        if job:
            self._asker.show(job, partial(model_of_job, services, job))
        else:
            jobs, key = self.key("go_jobs"), self.key("try_model")
            self._asker.show_none([line(f"Nothing to ask: in the list of jobs ({jobs}), {key} is for a finished one.")])

    def draw_message(self) -> None:
        """Show the message in the lower border."""
        self._pane.set_message((self.message_cell,) if self.message_cell.text else ())

    def _draw_borders(self) -> None:
        name = self._asker.name
        self._pane.set_title(f"Try {name}" if name else "Try it", self._asker.state_cells)
        keys = (
            Cell("enter", Ink.KEY),
            Cell(" send  ", Ink.MUTED),
            Cell("tab", Ink.KEY),
            Cell(" the answer", Ink.MUTED),
        )
        self._pane.set_place(keys if name else ())

    @on(AskForm.Sent)
    def _sent(self, event: AskForm.Sent) -> None:
        event.stop()
        self._asker.ask(event.item, event.parameters)

    @on(AskForm.Typed)
    def _typed(self, event: AskForm.Typed) -> None:
        event.stop()
        self._asker.look(event.item)

    def action_type(self) -> None:
        """Type what the model is given."""
        self._pane.show_view(self._pane.form)
        self.set_focus(self._pane.form.item)  # at once: the next key is already for it

    def action_next_view(self) -> None:
        """Show the answer as it came, and back."""
        view = self._pane.next_view()
        self.set_focus(view if view is self._pane.raw else self._pane.form.answer)

    def action_copy(self) -> None:
        """Send the answer to the clipboard."""
        if not (attempts := self._asker.attempts):
            self.say("Nothing was asked yet.")
            return
        self.app.copy_to_clipboard(attempts[-1].raw)
        self.say("The answer is on the clipboard (OSC 52).", Status.COMPLETED)

    def action_deploy(self) -> None:
        """Deploy the model to an endpoint."""
        if self._asker.name:
            start_deploy(self, self._asker.name)
