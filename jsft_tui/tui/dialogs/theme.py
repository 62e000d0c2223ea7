"""Choose a theme: it is applied at once and saved, because it depends on the terminal, not on the session."""

from __future__ import annotations

from textual import on

from jsft_tui.services.settings.save_setting import save_settings
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable

_WORDS = {
    "auto": "auto: dark or light, as the terminal",
    "dark": "dark",
    "light": "light",
    "high-contrast": "high contrast",
    "16": "the terminal's 16 colors",
}
"""Values of the setting `theme`."""


class ThemeDialog(ChoiceDialog):
    """Shows the theme under the cursor at once."""

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        assert isinstance(self.app, BaseApp)
        self.app.show_theme(event.key)


async def choose_theme(app: BaseApp) -> None:
    """Ask for a theme, apply it and save it in the settings; from a flow of the app.

    Raises:
        Problem: the settings cannot be saved.
    """
    now = app.session_factory.config.theme
    choices = [Choice(name, words, "now" if name == now else "") for name, words in _WORDS.items()]
    chosen = await app.open_dialog(ThemeDialog("Theme", choices, at=now))
    app.show_theme(chosen or now)
    if chosen is not None:
        path = app.session_factory.config_file
        app.take_config(await app.call(lambda: save_settings(path, {"theme": chosen})))
