"""The Data screen, as tests see and drive it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from textual.widgets import Input

from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.tui.base.screens import work_screen as work_screen
from jsft_tui.tui.screens.data.preview import PreviewView
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work

MANY = 5000
RECIPE_MODEL = "huggingface-reasoning-qwen3-06b"
Put = Callable[[str, bytes], None]


class OnData:
    """The app on its Data screen."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.screen = work.screen(DataScreen)

    @property
    def table(self) -> VirtualTable:
        return self.screen.query_one(VirtualTable)

    @property
    def keys(self) -> list[str]:
        return [self.table.source.key(index) for index in range(len(self.table.source))]

    @property
    def title(self) -> str:
        return self.screen.panes.list_pane.title

    @property
    def detail(self) -> str:
        return f"{self.screen.panes.detail_pane.title}\n{self.screen.panes.view.text}"

    @property
    def preview(self) -> PreviewView:
        return self.screen.query_one(PreviewView)

    @property
    def place(self) -> S3Uri | None:
        return self.screen._browser.open

    @property
    def previewed(self) -> str:
        return self.screen.panes.list_pane.lower_title

    async def enter(self, text: str) -> None:
        """Put a text into the dialog's input and take it."""
        self.work.app.screen.query_one(Input).value = text
        await self.work.press("enter")

    async def go(self, uri: str) -> None:
        await self.work.press("u")
        await self.enter(uri)

    async def rest(self) -> None:
        """Wait until the preview has followed the cursor."""
        await self.work.settle()

    async def use_model(self, model: str) -> None:
        run, spec = self.work.session.services.planning.first_run(model, "*")
        self.work.session.spec = spec
        self.work.session.drafts.put(run)
        await self.work.settle()


@contextlib.asynccontextmanager
async def on_data(home: Home, size: tuple[int, int] = (100, 30), **options: object) -> AsyncIterator[OnData]:
    async with at_work(home, size, **options) as work:  # type: ignore[arg-type]
        await work.press("2")
        yield OnData(work)


HOSTILE = (
    "hostile/\x1b[2J\x1b]0;owned\x07clear",
    "hostile/[red]markup[@click=app.quit]",
    "hostile/[/b]x",
    "hostile/\u202egnp.exe",
    "hostile/日本語のとても長い名前" + "語" * 60,
    "hostile/" + "n" * 1000,
    "hostile/שלום.txt",
    "hostile/ /x",
    "hostile//y",
)
