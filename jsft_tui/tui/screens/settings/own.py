"""Change jsft's own settings: they are kept in its `config.yaml`, as they belong to no run."""

from __future__ import annotations

import os
from typing import Any

from jsft_tui.config import Config
from jsft_tui.core.common.status import Status
from jsft_tui.core.run.settings.own import FoundTerminal, OwnSetting, own_value, parse_own
from jsft_tui.services.settings.save_setting import save_settings
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.screens.settings.rows import OwnRow
from jsft_tui.tui.terminal.environment import is_remote
from jsft_tui.tui.theme.glyphs import ASCII_VARIABLE, uses_ascii


def own_rows(config: Config, theme: str) -> list[OwnRow]:
    """Return jsft's own settings with the values that hold; `theme` is the one in use."""
    locale = {name: value for name, value in os.environ.items() if name != ASCII_VARIABLE}
    found = FoundTerminal(theme, is_remote(os.environ), uses_ascii(locale))
    default = Config()
    return [
        OwnRow(each, own_value(each, getattr(config, each.value), getattr(default, each.value), found))
        for each in OwnSetting
    ]


class OwnSettingEditor:
    """Asks for another value of one of jsft's own settings, and keeps it; from a flow of the screen."""

    def __init__(self, screen: WorkScreen) -> None:
        self._screen = screen

    async def edit(self, setting: OwnSetting) -> None:
        """Choose or type another value.

        Raises:
            Problem: the settings cannot be saved.
        """
        value = getattr(self._screen.jsft.session_factory.config, setting.value)
        if setting.choices:
            words = dict(setting.choices)
            choices = [Choice(str(each), said, "now" if each == value else "") for each, said in words.items()]
            chosen = await self._screen.open_dialog(ChoiceDialog(setting.label.capitalize(), choices, at=str(value)))
            if chosen is not None:
                await self._keep(setting, next(each for each in words if str(each) == chosen))
            return
        text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        check = parsed_by(lambda typed: parse_own(setting, typed))
        typed = await self._screen.open_dialog(
            PromptDialog(setting.label.capitalize(), text, check=check, about=setting.about)
        )
        if typed is not None:
            await self._keep(setting, parse_own(setting, typed))

    async def clear(self, setting: OwnSetting) -> None:
        """Take the value out of the settings.

        Raises:
            Problem: the settings cannot be saved.
        """
        config = self._screen.jsft.session_factory.config
        if getattr(config, setting.value) == getattr(Config(), setting.value):
            self._screen.say("It is the default already.")
            return
        await self._keep(setting, None)

    async def _keep(self, setting: OwnSetting, value: Any) -> None:
        app = self._screen.jsft
        path = app.session_factory.config_file
        config = await self._screen.call(lambda: save_settings(path, {setting.value: value}))
        app.take_config(config)
        if setting is OwnSetting.THEME:
            app.show_theme(config.theme)
        elif setting.holds_from_start:
            self._screen.say(f"Kept in {path}. It holds from the next start on.", Status.COMPLETED)
