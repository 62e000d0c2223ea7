"""The screens that every test of all screens goes through: a new one is one line here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.tui.application.app import JsftApp
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import CUSTOMIZING, ORDINARY, SERVING, World

NEVER_DONE = ("job follow", "endpoints log")
"""Questions that stay open as long as a screen is shown."""


SIZES = ((80, 24), (120, 36))
ALL_SIZES = ((60, 15), (80, 24), (100, 30), (120, 36), (200, 50))
"""Those at which a screen of the grid is drawn in another way."""


@dataclass(frozen=True)
class Shown:
    """A screen.

    Attributes:
        name: of the snapshots.
        keys: that go there from the first screen.
        until: a pattern that its text meets in every account once nothing more is to come.
        holds_harm: whether `CLICK` is there to be seen in the hostile world.
        sizes: of its snapshots.
        signed_in: whether there is an account.
        serves: whether the ordinary account has endpoints.
        customizes: whether the ordinary account's run is a customization.
    """

    name: str
    keys: tuple[str, ...]
    until: str
    signed_in: bool = True
    holds_harm: bool = True
    sizes: tuple[tuple[int, int], ...] = SIZES
    serves: bool = False
    customizes: bool = False

    def app(self, world: World, folder: Path) -> JsftApp:
        """The app over a world, or over nothing."""
        found = SERVING if self.serves and world is ORDINARY else world
        found = CUSTOMIZING if self.customizes and world is ORDINARY else found
        return still_app(found if self.signed_in else None, folder)

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
    Shown("models", (), "Runs on|this region|license to accept", sizes=ALL_SIZES),
    Shown("customize", ("m",), r"has no recipes|your role|\$2 per", sizes=ALL_SIZES, customizes=True),
    Shown("data", ("2",), r"Buckets · \d", holds_harm=False, sizes=ALL_SIZES),
    Shown("instance", ("3",), r"ml\.g5\.2xlarge", holds_harm=False, sizes=ALL_SIZES),
    Shown("hyperparameters", ("4",), "batch_size", sizes=ALL_SIZES),
    Shown("review", ("5",), "problems? blocks? the launch|Ready", sizes=ALL_SIZES),
    Shown("jobs", ("6",), "epoch 5 of 5|of at", sizes=ALL_SIZES),
    Shown("job", ("6", "enter"), r"[1-9]\d* lines|line \d+ of", sizes=ALL_SIZES),
    Shown("tuning", ("6", "G", "enter"), r"(?m)\b\d+ trials|Best: ", sizes=ALL_SIZES),
    Shown("compare", ("6", *["space"] * 6, "equals_sign"), "best at|No metrics", sizes=ALL_SIZES),
    Shown("endpoints", ("7",), r"\d of [1-9]", sizes=ALL_SIZES, serves=True),
    Shown("settings", ("comma",), "execution role", sizes=ALL_SIZES),
    Shown("welcome", (), "public, read-only", signed_in=False, sizes=ALL_SIZES),
)

SIGNED_IN = tuple(screen for screen in SCREENS if screen.signed_in)

PICTURED = (*SCREENS, Shown("help", ("question_mark",), "find a key"))
"""Those with a picture."""
