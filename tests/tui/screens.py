"""The screens that every test of all screens goes through: a new one is one line here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jsft_tui.tui.app import JsftApp
from tests.tui.pilot import Work
from tests.tui.still import still_app
from tests.tui.worlds import World


@dataclass(frozen=True)
class Shown:
    """A screen.

    Attributes:
        name: of the snapshots.
        keys: that go there from the first screen.
        until: a text that it shows in every account once nothing more is to come.
        signed_in: whether there is an account.
    """

    name: str
    keys: tuple[str, ...]
    until: str
    signed_in: bool = True

    def app(self, world: World, folder: Path) -> JsftApp:
        """The app over a world, or over nothing."""
        return still_app(world if self.signed_in else None, folder)

    async def open(self, work: Work) -> None:
        """Go there, and wait until all is shown."""
        await work.wait_for(lambda: work.app.desk is not None or work.app.problem is not None)
        await work.settle()
        await work.press(*self.keys)
        await work.wait_for(self.until)
        await work.settle()


SCREENS = (
    Shown("models", (), "Runs on"),
    Shown("settings", ("comma",), "signed in as"),
    Shown("welcome", (), "Press p to choose", signed_in=False),
)

SIGNED_IN = tuple(screen for screen in SCREENS if screen.signed_in)
