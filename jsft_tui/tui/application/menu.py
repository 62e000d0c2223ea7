"""Ways to an action besides its key: the help, the palette, the footer and the strip."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on

from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.widgets.bars.footer import KeyHints
from jsft_tui.tui.widgets.bars.strip import StepStrip

if TYPE_CHECKING:
    from collections.abc import Mapping


class MenuApp(BaseApp):
    """Offers the actions of the screen that is shown."""

    keymap: Mapping[str, str]

    def action_help(self) -> None:
        """Show every key of this screen."""
        from jsft_tui.tui.dialogs.help import HelpDialog
        from jsft_tui.tui.keymap.help_page import help_page

        def find(is_wanted: bool | None) -> None:
            if is_wanted:
                self.action_palette()

        self.push_screen(HelpDialog(help_page(self._here, self.keymap)), find)

    def action_palette(self) -> None:
        """Find any action by its name."""
        from jsft_tui.tui.dialogs.palette import PaletteDialog, palette_choices

        choices = palette_choices(self._here, self.keymap, self._command_line())
        self.push_screen(PaletteDialog(choices), self._run_chosen)

    def _command_line(self) -> str:
        """Return the command that shows or does the same as the screen; empty without one."""
        from jsft_tui.tui.command_lines import command_line

        screen = self.work_screen
        if self.session is None or screen is None:
            return ""
        return command_line(self._here, self.session, screen.subjects)

    def action_copy_command(self) -> None:
        """Send the command of this screen to the clipboard."""
        if (command := self._command_line()) and (screen := self.work_screen) is not None:
            self.copy_to_clipboard(command)
            screen.say(f"Sent to the clipboard (OSC 52): {command}")

    def _run_chosen(self, action: str | None) -> None:
        if action is not None:
            self.call_later(partial(self.run_action, action, default_namespace=self.screen))

    @on(KeyHints.Chosen)
    async def _hint_chosen(self, event: KeyHints.Chosen) -> None:
        event.stop()
        await self.run_action(event.hint.action, default_namespace=self.screen)

    @on(StepStrip.Chosen)
    def _step_chosen(self, event: StepStrip.Chosen) -> None:
        event.stop()
        self.go(ScreenId(event.place))
