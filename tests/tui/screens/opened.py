"""The screens that every test of all screens goes through: a new one is one line here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.tui.app import JsftApp
from tests.tui.pilot import Work
from tests.tui.still import still_app
from tests.tui.worlds import World

NEVER_DONE = ("job follow",)
"""Questions that stay open as long as a screen is shown."""


@dataclass(frozen=True)
class Shown:
    """A screen.

    Attributes:
        name: of the snapshots.
        keys: that go there from the first screen.
        until: a pattern that its text meets in every account once nothing more is to come.
        holds_harm: whether `CLICK` is there to be seen in the hostile world.
        signed_in: whether there is an account.
    """

    name: str
    keys: tuple[str, ...]
    until: str
    signed_in: bool = True
    holds_harm: bool = True

    def app(self, world: World, folder: Path) -> JsftApp:
        """The app over a world, or over nothing."""
        return still_app(world if self.signed_in else None, folder)

    async def open(self, work: Work) -> None:
        """Go there, and wait until all is shown."""
        await work.wait_for(lambda: work.app.session is not None or work.app.problem is not None)
        await work.settle()
        await self.press(work, *self.keys)
        await work.wait_for(lambda: self.is_shown(work.text))
        await work.settle(*NEVER_DONE)

    def is_shown(self, text: str) -> bool:
        """Whether the screen's text is complete."""
        return re.search(self.until, text) is not None

    async def press(self, work: Work, *keys: str) -> None:
        """Press keys, then wait for all that comes to an end."""
        for key in keys:
            await work.pilot.press(key)
            await work.settle(*NEVER_DONE)


SCREENS = (
    Shown("models", (), "Runs on"),
    Shown("data", ("2",), "BUCKET", holds_harm=False),
    Shown("instance", ("3",), r"ml\.g5\.2xlarge", holds_harm=False),
    Shown("hyperparameters", ("4",), "batch_size"),
    Shown("review", ("5",), "findings block"),
    Shown("jobs", ("6",), "NAME"),
    Shown("job", ("6", "enter"), r"[1-9]\d* lines"),
    Shown("compare", ("6", *["space"] * 6, "C"), "compared"),
    Shown("settings", ("comma",), "signed in as"),
    Shown("welcome", (), "Press p to choose", signed_in=False),
)

SIGNED_IN = tuple(screen for screen in SCREENS if screen.signed_in)
