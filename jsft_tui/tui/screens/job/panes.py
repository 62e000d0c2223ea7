"""The panes of the Job screen: charts or the cause, facts, and the log or another view below."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from jsft_tui.tui.widgets.master_detail import BESIDE, BORDERS, LIST_SHARE, focus_within
from jsft_tui.tui.widgets.pane import Pane

BOTTOM_SHARE = 0.45
LOG_BESIDE = 180
"""Cells of the terminal from which on the log stands beside the charts."""
LOG_SHARE = 0.4
FACTS_ROWS = 15
"""Rows of the facts below the charts, where the log stands beside both."""


@dataclass(frozen=True)
class Below:
    """The height of the lower pane where there is one column: so many rows of text, or a part of all rows."""

    rows: int | None = None
    share: float = BOTTOM_SHARE


def job_regions(size: Size, terminal: Size, below: Below) -> tuple[Region, Region | None, Region]:
    """Return where main pane, facts (None: nowhere) and lower pane stand in `size`, a part of the terminal."""
    width, height = size
    if terminal.width < BESIDE:
        bottom = below.rows + BORDERS if below.rows is not None else int(height * below.share)
        top = max(3, height - max(3, bottom))
        return Region(0, 0, width, top), None, Region(0, top, width, height - top)
    if terminal.width >= LOG_BESIDE:
        log = int(width * LOG_SHARE)
        facts = min(FACTS_ROWS + BORDERS, height // 2)
        left = width - log
        top = height - facts
        return Region(0, 0, left, top), Region(0, top, left, facts), Region(left, 0, log, height)
    bottom = int(height * BOTTOM_SHARE)
    top, left = height - bottom, round(width * LIST_SHARE)
    return Region(0, 0, left, top), Region(left, 0, width - left, top), Region(0, top, width, bottom)


class _JobLayout(Layout):
    name = "job"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Place the panes; one that is alone has all the room."""
        del greedy
        assert isinstance(parent, JobPanes)
        if len(children) == 1:
            return [WidgetPlacement(size.region, NULL_OFFSET, NULL_SPACING, children[0])]
        places = zip((parent.main, parent.facts, parent.lower), parent.places(size), strict=True)
        regions = {pane: region for pane, region in places if region is not None}
        return [
            WidgetPlacement(regions[child], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if isinstance(child, Pane) and child in regions
        ]


class JobPanes(Widget):
    """Places the three panes; gives one of them the whole room and back."""

    DEFAULT_CSS = "JobPanes { width: 1fr; height: 1fr; }"

    def __init__(self, main: Pane, facts: Pane, lower: Pane) -> None:
        super().__init__()
        self._grid = _JobLayout()
        self.main, self.facts, self.lower = main, facts, lower
        self._below = Below()
        self._zoomed: Pane | None = None

    @property
    def layout(self) -> Layout:
        """The placement of the panes."""
        return self._grid

    def compose(self) -> ComposeResult:
        """Compose the panes."""
        yield self.main
        yield self.facts
        yield self.lower

    def on_mount(self) -> None:
        """Share borders where the panes share a box."""
        self._arrange()

    def on_resize(self) -> None:
        """Share borders where the panes share a box."""
        self._arrange()

    @property
    def is_stacked(self) -> bool:
        """Whether there is one column: no facts of their own, and one box."""
        return self.app.size.width < BESIDE

    @property
    def zoomed(self) -> Pane | None:
        """The pane that has the whole room."""
        return self._zoomed

    def places(self, size: Size) -> tuple[Region, Region | None, Region]:
        """Return where each pane stands in `size`."""
        return job_regions(size, self.app.size, self._below)

    def set_below(self, below: Below) -> None:
        """Set the height of the lower pane where there is one column."""
        if below != self._below:
            self._below = below
            self.refresh(layout=True)

    def zoom(self, pane: Pane | None) -> None:
        """Give a pane the whole room and the focus; None: each has its own again."""
        if pane is not self._zoomed:
            before, self._zoomed = self._zoomed, pane
            self._arrange()
            if (target := pane or before) is not None:
                focus_within(target)

    def _arrange(self) -> None:
        zoomed, is_stacked = self._zoomed, self.is_stacked
        self.main.display = zoomed in (None, self.main)
        self.lower.display = zoomed in (None, self.lower)
        self.facts.display = zoomed is self.facts or (zoomed is None and not is_stacked)
        if is_stacked and zoomed is None:
            self.main.stand_above()
            self.lower.stand_below()
        else:
            self.main.stand_alone()
            self.lower.stand_alone()
