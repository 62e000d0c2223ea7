"""What the keys of the Endpoints screen do: delete, copy."""

from __future__ import annotations

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.listed.groups import Leftover, Listed
from jsft_tui.core.serving.teardown import Teardown
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.texts.place import place_cells
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.deploy.flow import start_deploy
from jsft_tui.tui.dialogs.deploy.lifetime import FROM_NOW, LIFETIMES, choose_lifetime
from jsft_tui.tui.dialogs.deploy.lines import lifetime_words
from jsft_tui.tui.keymap.action import keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.endpoints.detail import STAYS
from jsft_tui.tui.screens.endpoints.teardown import TeardownDialog, teardown_lines


class EndpointActions(MasterDetailScreen):
    """A screen that shows endpoints; its keys are for the row under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._deleting = ""
        """The name of what is being deleted."""

    @property
    def row(self) -> Listed | None:
        """What is under the cursor."""
        raise NotImplementedError

    @property
    def would_lose(self) -> str:
        """Say that a teardown is not answered yet."""
        if not self._deleting:
            return super().would_lose
        return f"{self._deleting} is being deleted. What remains of it stays on this list."

    def target_closed(self) -> None:
        """Forget what was under way."""
        self._deleting = ""

    def action_delete(self) -> None:
        """Delete what is under the cursor with all that belongs to it, after saying what that is."""
        if self._deleting:  # starting a flow cancels the one before, and its outcome would be lost
            self.say(f"{self._deleting} is being deleted already.", Status.WARNING)
        elif (row := self.row) is None:
            self.say("Nothing is there to be deleted.")
        else:
            self._delete(row)

    @flow("delete")
    async def _delete(self, row: Listed) -> None:
        endpoints, name = self.session.services.endpoints, row.name

        def look() -> Teardown:
            return (
                endpoints.teardown_leftover(row.kind, name) if isinstance(row, Leftover) else endpoints.teardown(name)
            )

        self.say(f"Looking at what belongs to {name} …")
        found = await self.call(look)
        self.say("")
        if found.is_empty:
            self.say(f"Nothing of {name} can be deleted: something else uses it.", Status.WARNING)
            return
        lines = teardown_lines(found, self._per_month(row), place_cells(self.session))
        note = f"{STAYS}." if isinstance(row, Endpoint) else "Files in S3 stay."
        title = f"Delete {row.kind} {name}?" if isinstance(row, Leftover) else f"Delete {name}?"
        if not await self.open_dialog(TeardownDialog(title, lines, note, self._delete_keys)):
            return
        self._deleting = name
        self.say(f"Deleting {name} …", Status.RUNNING)
        try:
            await self.call(lambda: endpoints.delete_agreed(found, look))
        finally:
            self._deleting = ""
            self.session.endpoint_list.forget()
            self.jsft.poll_endpoints()
        self.say(f"{name} is being deleted." if found.endpoint else f"Deleted {name}.", Status.COMPLETED)

    @flow("lifetime")
    async def action_lifetime(self) -> None:
        """Say when the endpoint is to be deleted."""
        if not isinstance(row := self.row, Endpoint):
            self.say("Choose an endpoint to give it a lifetime.")
            return
        chosen = await choose_lifetime(self, FROM_NOW, LIFETIMES[0])
        if chosen is None or chosen.seconds is None:
            return
        services, now, seconds = self.session.services, self.session.now(), chosen.seconds
        role = services.config.scheduler_role or ""
        self.say(f"Setting the lifetime of {row.name} …")
        await self.call(lambda: services.endpoints.keep_until(row, seconds, now, role))
        self.jsft.poll_endpoints()
        then = "It deletes itself" if role else "jsft reminds you"
        self.say(f"{then} in {lifetime_words(seconds)}.", Status.COMPLETED)

    def action_deploy(self) -> None:
        """Deploy the model of the same job to another endpoint."""
        if isinstance(row := self.row, Endpoint) and row.job:
            start_deploy(self, row.job)
        else:
            self.say(f"Whose model it is, jsft does not know: deploy the job itself, from {self.key('go_jobs')}.")

    def _per_month(self, row: Listed) -> float | None:
        prices = self.session.endpoint_list.state.prices
        usd = hourly(row, prices) if isinstance(row, Endpoint) and prices is not None else None
        return None if usd is None else usd * HOURS_PER_MONTH

    @property
    def _delete_keys(self) -> tuple[str, ...]:
        action = next(action for action in BY_SCREEN[self.WHERE] if action.id == "delete_endpoint")
        return keys_of(action, self.jsft.keymap)

    @flow("copy")
    async def action_copy(self) -> None:
        """Choose what to send to the clipboard."""
        if (row := self.row) is None:
            return
        pairs = dict(self.copied(row))
        choices = [Choice(label, f"{label}: {text.splitlines()[0]}") for label, text in pairs.items()]
        label = await self.open_dialog(ChoiceDialog("Copy", choices))
        if label is not None:
            self.app.copy_to_clipboard(pairs[label])
            self.say(f"{label} sent to the clipboard (OSC 52): {clean(pairs[label])}", Status.COMPLETED)

    def copied(self, row: Listed) -> list[tuple[str, str]]:
        """Return what can be copied of a row, by its name."""
        if isinstance(row, Leftover):
            return [("Name", row.name)]
        pairs = [("Name", row.name), ("ARN", row.arn), ("Configuration", row.config)]
        return [(label, text) for label, text in pairs if text]
