"""The colors of the program: as chosen, and as the terminal's background wants them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual import on

from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.terminal.input.key_parser import BackgroundAnswered
from jsft_tui.tui.theme.themes import theme_name

if TYPE_CHECKING:
    from jsft_tui.tui.theme.color_support import Background


class AppearanceApp(BaseApp):
    """Shows a theme."""

    background: Background | None
    """The terminal's, as far as it is known."""

    _has_theme = False
    """Whether a theme was chosen: nothing is drawn before."""
    _has_styles_of_theme = False
    """Whether the styles are still to be read for the first time, and will be in the colors of the theme."""

    def show_theme(self, choice: str) -> None:
        """Use the theme of a choice (value of the setting `theme`)."""
        is_first, self._has_theme = not self._has_theme, True
        self.theme = theme_name(choice, os.environ, self.background)
        if is_first:
            self.stylesheet.set_variables(self.get_css_variables())
            self._has_styles_of_theme = True

    def get_css_variables(self) -> dict[str, str]:
        """Return the variables of the theme; none for the one of Textual, in which nothing is drawn."""
        return super().get_css_variables() if self._has_theme else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again, unless that is for the first theme, whose colors they had from the start."""
        if self._has_styles_of_theme:
            self._has_styles_of_theme = False
            return
        super().refresh_css(animate)

    @on(BackgroundAnswered)
    def _background_answered(self, event: BackgroundAnswered) -> None:
        """Take the answer of a slow terminal: the first frame was dark."""
        event.stop()
        self.background = event.background
        self.show_theme(self.session_factory.config.theme)

    @flow("theme")
    async def action_choose_theme(self) -> None:
        """Choose colors."""
        from jsft_tui.tui.dialogs.theme import choose_theme

        await choose_theme(self)
