"""Preload screens while the user is idle, to make the first switch to each fast.

Measured per screen: the import takes 5 to 30 ms, and mounting its widgets another 27 to 55 ms that an import in a
thread would leave to the first switch. Only the private `App._get_screen` of Textual 8.2 mounts a screen without
displaying it; the public `get_screen` leaves all but 2 to 9 ms. Without it, screens are mounted when first displayed.
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
"""Seconds between two screens, so that a key waits for at most one."""


class PreloadMixin(_Base):
    """Preloads screens. Put it before `App` in the bases."""

    async def preload_screens(self, names: Sequence[str], load: Callable[[str], object]) -> None:
        """Mount screens that do not exist yet, one by one, while no key is being handled.

        Args:
            names: of the screens.
            load: imports the modules of a screen; called in a thread.
        """
        get_screen = getattr(self, "_get_screen", None)
        for name in names:
            await asyncio.to_thread(load, name)
            await asyncio.sleep(PAUSE)
            while not getattr(self, "keys_are_settled", True):
                await asyncio.sleep(PAUSE)
            if get_screen is not None and not self.get_screen(name).is_running:
                await get_screen(name)[1]
