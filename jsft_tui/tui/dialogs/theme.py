"""Choosing colours: shown at once, and kept, for they are chosen for a terminal and not for an hour."""

from __future__ import annotations

from jsft_tui.services.settings.save_setting import keep_settings
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.theme.themes import CHOICES, DARK, HIGH_CONTRAST, LIGHT, SIXTEEN

_WORDS = {
    DARK: "dark",
    LIGHT: "light",
    HIGH_CONTRAST: "high contrast",
    SIXTEEN: "16 colours, the terminal's own",
}


def choose_theme(app: BaseApp) -> None:
    """Ask for colours, show them, and keep them in the settings."""

    def chosen(name: str | None) -> None:
        if name is None:
            return
        app.theme = name
        setting = next(key for key, theme in CHOICES.items() if theme == name)
        path = app.session_factory.config_file
        app.ask("theme", lambda _: keep_settings(path, {"theme": setting}), app.take_config, app.say_problem)

    choices = [Choice(name, words, "now" if name == app.theme else "") for name, words in _WORDS.items()]
    app.push_screen(ChoiceDialog("Theme", choices, at=app.theme), chosen)
