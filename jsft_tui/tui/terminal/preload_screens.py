"""Screens are made before anybody asks for them, while nothing is typed: a key that shows one then waits for less.

To import a screen and to make its widgets takes as long as three keys. With display and guard, this knows a private
part of Textual 8.2; without it, screens are made when they are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

PAUSE = 0.2
"""Seconds between two screens, so that no key has to wait for more than one."""


class PreloadMixin(_Base):
    """Put before `App` in the bases."""

    async def build_ahead(self, names: Sequence[str], load: Callable[[str], object]) -> None:
        """Make screens that are not there yet, one by one, while no key is being dealt with.

        Args:
            names: of the screens.
            load: imports what a screen needs; called in a thread.
        """
        get_screen = getattr(self, "_get_screen", None)
        for name in names:
            await asyncio.to_thread(load, name)
            await asyncio.sleep(PAUSE)
            while not getattr(self, "keys_are_settled", True):
                await asyncio.sleep(PAUSE)
            if get_screen is not None and not self.get_screen(name).is_running:
                await get_screen(name)[1]
