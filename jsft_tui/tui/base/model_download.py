"""The download of a model that is under way: one for all screens, for two would only slow each other down."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.tui.base.shown_screen import ShownScreen


@dataclass(frozen=True)
class ModelDownload:
    """Whose model is on its way here, and the screen that it was begun on, which says how far it is."""

    job: str
    screen: ShownScreen
