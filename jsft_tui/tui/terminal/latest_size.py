"""Lay a screen out for the latest size of the terminal only.

A Textual screen that is laid out for another size posts that size to itself. Two sizes that wait for it at once, as
when a window is dragged while the program starts, then follow each other for ever at full speed (Textual 8.2,
`Screen._on_resize` and `Screen._refresh_layout`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.events import Resize
    from textual.screen import Screen


def leave_out_former_size(screen: Screen[Any], event: Resize) -> None:
    """Keep Textual from handling a size that the terminal no longer has; the latest one is on its way.

    Called by `_on_resize` of a class that is derived from Textual's: the handlers of both are called.
    """
    if event.size != screen.app.size:
        event.stop()
        event.prevent_default()
