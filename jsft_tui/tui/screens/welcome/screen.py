"""The Welcome screen, displayed while no account can be reached: the ways to begin."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.account.ways_in import NO_REGION, FoundWays, WayIn
from jsft_tui.core.common.status import Status
from jsft_tui.services.target.ways_in import find_ways
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.sign_in.device_sign_in import SignInDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.welcome.banner import Banner
from jsft_tui.tui.screens.welcome.detail import command_of, way_detail
from jsft_tui.tui.screens.welcome.rows import COLUMNS, NATURAL_WIDTH, way_rows
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

UNREMARKABLE = frozenset({NO_REGION, "NoCredentials"})
"""Codes of problems that this screen says in its title bar and its rows."""


class WelcomeScreen(MasterDetailScreen):
    """Offer the sandbox and the ways to sign in."""

    WHERE = ScreenId.WELCOME
    TITLE = "How do you want to start?"
    LIST_COLUMNS = COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    NEEDS_TARGET = False
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.WELCOME)
    # There is no run yet.
    DEFAULT_CSS = "WelcomeScreen > StepStrip { display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner()
        self._found = FoundWays(is_sandbox_installed=True)
        self._looked_for: object = None
        """What the ways were looked for: the problem that there was then."""

    def compose_body(self) -> ComposeResult:
        """Compose the banner, and the ways with what each means."""
        yield self._banner
        yield from super().compose_body()

    def refresh_data(self) -> None:
        """Draw, which needs no target; look for the ways anew after another attempt to open one."""
        super().refresh_data()
        if not self.is_mounted:
            return
        self._banner.draw()
        problem = self.jsft.problem
        if problem is None:
            self.show_state((Cell(f"{self.jsft.opening_label}", "muted"),))
        elif problem is not self._looked_for:
            self._looked_for = problem
            if problem.code not in UNREMARKABLE:
                self.say_problem(problem)
            self._look()
        else:
            self._show()

    @flow("look")
    async def _look(self) -> None:
        problem = self.jsft.problem
        self._found = await self.call(lambda: find_ways(problem.code if problem else ""))
        self._show()

    def _show(self) -> None:
        self.show_rows(way_rows(self._found))

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what a way means."""
        return way_detail(WayIn(key), self._found, shape, self.jsft.key_names)

    # Keys

    @property
    def _way(self) -> WayIn | None:
        key = self._table.cursor_key
        return None if key is None else WayIn(key)

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_enter_way()

    def action_enter_way(self) -> None:
        """Go the way under the cursor."""
        way = self._way
        if way is not None and command_of(way, self._found):
            self.action_copy()
            return
        match way:
            case WayIn.SANDBOX:
                self.action_sandbox()
            case WayIn.SSO:
                self._sign_in(self._found.sso[0].profile)
            case WayIn.PROFILE:
                self.call_later(self.app.run_action, "app.target")
            case WayIn.ROLE:
                self.jsft.open_target(self.jsft.session_factory.elsewhere(None, None))
            case WayIn.BROWSE:
                self.jsft.open_target(self.jsft.session_factory.browsing())

    @flow("sign in")
    async def _sign_in(self, profile: str) -> None:
        if await self.open_dialog(SignInDialog(profile)):
            self.jsft.open_target(self.jsft.session_factory.elsewhere(profile, None))

    def action_sandbox(self) -> None:
        """Enter the sandbox, where a run is ready to be launched."""
        self.jsft.begin_in_sandbox()

    def action_again(self) -> None:
        """Look for credentials again."""
        self.jsft.open_target(self.jsft.session_factory)

    def action_copy(self) -> None:
        """Send the command of a way to the clipboard."""
        way = self._way
        command = command_of(way, self._found) if way is not None else ""
        if not command:
            self.say(f"There is nothing to type for this: {self.key('enter_way')} does it.")
            return
        self.app.copy_to_clipboard(command)
        self.say("Sent to the clipboard. Run it in another terminal, then look again.", Status.COMPLETED)
