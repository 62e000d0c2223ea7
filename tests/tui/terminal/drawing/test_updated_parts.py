"""The parts of rows that an update of Textual repaints hold what is there, and nothing beside them is taken along."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from jsft_tui.tui.terminal.drawing.display import updated_parts

WIDTH, HALF = 40, 20


class TwoPanes(App[None]):
    """Two texts beside each other; keeps what is repainted."""

    CSS = "Static { width: 1fr; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, str] = {}
        self.widest = 0

    def compose(self) -> ComposeResult:
        """Two panes."""
        with Horizontal():
            yield Static("left", id="left")
            yield Static("right")

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        for x, y, width, segments in updated_parts(renderable) if renderable is not None else ():
            text = "".join(segment.text for segment in segments if isinstance(segment, Segment))
            row = self.rows.get(y, " " * WIDTH)
            self.rows[y] = f"{row[:x]}{text[:width]}{row[x + width :]}"
            self.widest = max(self.widest, x + width)
        super()._display(screen, renderable)


async def test_a_pane_beside_the_repainted_one_stays_as_it_is() -> None:
    app = TwoPanes()
    async with app.run_test(size=(WIDTH, 3)) as pilot:
        await pilot.pause()
        assert app.rows[0].split() == ["left", "right"]
        app.widest = 0
        app.query_one("#left", Static).update("new")
        await pilot.pause()
        assert app.rows[0].split() == ["new", "right"]
        assert app.widest == HALF
