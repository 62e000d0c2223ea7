"""The Data screen: where training data is, whether it fits the model, and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.listing import Matches
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.session.session import Session
from jsft_tui.services.settings.recents import Recent
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.keymap.action import Action, ScreenId
from jsft_tui.tui.screens.data.actions import DataActions
from jsft_tui.tui.screens.data.browser import Browser
from jsft_tui.tui.screens.data.default_data import DefaultData
from jsft_tui.tui.screens.data.looks import Looks
from jsft_tui.tui.screens.data.preview import PreviewView
from jsft_tui.tui.screens.data.rows import NATURAL_WIDTH, OBJECT_COLUMNS, Location, LocationRows, breadcrumbs
from jsft_tui.tui.screens.data.start_page import Start, StartPage, StartRows
from jsft_tui.tui.screens.data.told import Told
from jsft_tui.tui.screens.data.upload import UploadFlow
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.border_line import ENDS, TITLE
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape

LOOK_AFTER = 0.35
"""Seconds after the cursor came to rest on a folder, until its names are listed: half a second in all."""


class DataScreen(DataActions):
    """Find data in S3 and choose what to train with."""

    WHERE = ScreenId.DATA
    TITLE = "Data"
    LIST_COLUMNS = OBJECT_COLUMNS
    NATURAL_WIDTH = NATURAL_WIDTH
    FILTER_ACTION = "filter_data"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.DATA)

    def __init__(self) -> None:
        super().__init__()
        self._looks = Looks()
        self._recents: list[Recent] = []
        self._default = DefaultData(self)
        self._shown_session: Session | None = None
        self._look_timer: Timer | None = None
        self._model = ""
        """The model whose data were looked for last."""
        self._left_at: dict[str, S3Uri | None] = {}
        """Model -> the folder that was open when another one was chosen; None: the first page."""
        self._browser = Browser(self, self._table, self._filter, self)
        view = PreviewView()
        self.panes.list_pane.add_lower(view)
        self._told = Told(self, lambda: self.question, self._browser, self._looks, self._default, view)
        self._uploads = UploadFlow(self, self._uploaded)

    @property
    def would_lose(self) -> str:
        """The upload in progress."""
        return self._uploads.loss

    @property
    def subjects(self) -> Sequence[str]:
        """The address that is listed; of the first page, none."""
        uri = self._browser.location.uri
        return () if uri is None else (str(uri),)

    # Showing

    def load(self) -> None:
        """Show the first page of another target; for the same target, list the open location again."""
        before, self._shown_session = self._shown_session, self.session
        if before is not self.session:
            self._uploads.reset()
        self._looks.clear(self.session.target.region)
        self._default.clear()
        self._read_recents()
        if before is not None and before.target.key == self.session.target.key:
            self._browser.reload()
        else:
            self._model, self._left_at = self.session.drafts.run.model.id, {}
            self._browser.reset()

    def draw(self) -> None:
        """Draw what depends on the draft and its model."""
        self._follow_model()
        self._default.look()
        self._browser.draw_rows()
        self._browser.draw_state()
        self.draw_detail()
        self._look_soon()

    def _follow_model(self) -> None:
        """Of another model, open what was open for it last, else the first page; data that it shares stay open."""
        run, before = self.session.drafts.run, self._model
        self._model = run.model.id
        if before in ("", run.model.id):
            return
        here = self._left_at[before] = self._browser.open
        if run.model.id not in self._left_at and run.data:
            return  # what was chosen fits it as well
        there = self._left_at.get(run.model.id)
        if there == here:
            return
        if there is None:
            self._browser.reset()
        else:
            self._browser.go_to(there)

    @flow("recents")
    async def _read_recents(self) -> None:
        recents = self.session.recents
        self._recents = await self.call(recents.entries)
        self._browser.draw_rows()

    def start_rows(self, location: Location, matches: Matches | None) -> StartRows:
        """Return the rows of the first page."""
        run, default = self.session.drafts.run, self._default.words
        page = StartPage(
            location, self._recents, run.model.id, default, not run.data and bool(default), self._used(),
            self._looks.regions, self.session.target.region, self.session.spec is not None and not self._default.name,
        )  # fmt: skip
        return StartRows(page, self.key, matches, self._filter.value if matches is not None else "")

    def folder_rows(self, location: Location, matches: Matches | None) -> LocationRows:
        """Return the rows of a folder."""
        counts = self._looks.counts(location.uri) if location.uri is not None else {}
        return LocationRows(location, matches, counts, self._used())

    def _used(self) -> frozenset[str]:
        return frozenset(self.session.drafts.run.data.values())

    def remember_region(self, bucket: str, region: str) -> None:
        """Take note of a bucket's region."""
        self._looks.regions[bucket] = region

    def region_of(self, bucket: str) -> str:
        """Return a bucket's region; empty if it is not known."""
        return self._looks.regions.get(bucket, "")

    def list_title(self) -> Cell:
        """Return the path of what is listed."""
        said = sum(cell_len(cell.text) for cell in self._state)
        room = max(20, self.panes.list_pane.size.width - said - ENDS)
        path = breadcrumbs(self._browser.location, room)
        return Cell(path.removesuffix(" /") if self._filter.value else path, TITLE)

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what the row means for the model."""
        del key
        return self._told.detail(shape)

    def no_detail(self) -> Detail:
        """Return what is told of an empty folder."""
        return self._told.detail(self.panes.shape)

    # The cursor

    def cursor_rests(self) -> None:
        """Tell what is known; look at a folder when the cursor stays."""
        self.draw_detail()
        self.draw_hints()
        self._told.preview()
        self._look_soon()

    def _look_soon(self) -> None:
        """Look at a folder when the cursor stays on it."""
        aim = self._browser.folder
        wanted = [uri for uri in dict.fromkeys((self._browser.open, aim)) if uri is not None]
        if any(self._looks.needs_look(uri) for uri in wanted):
            if self._look_timer is not None:
                self._look_timer.stop()
            self._look_timer = one_shot(self, LOOK_AFTER, partial(self._look_if_still, aim))

    def _look_if_still(self, aim: S3Uri | None) -> None:
        if aim == self._browser.folder and self._loaded is not None:
            self._look()

    @flow("look")
    async def _look(self) -> None:
        await self.look_at_folders()

    async def look_at_folders(self) -> None:
        """List what is below the open folder, and below that under the cursor, where it is not known."""
        storage = self.session.services.storage
        for uri in (self._browser.open, self._browser.folder):
            if uri is None or self.session.spec is None or not self._looks.needs_look(uri):
                continue
            try:
                self._looks.pages[uri] = await self.call(partial(storage.look, uri))
            except Problem as problem:  # the listing of it says so
                self._looks.pages[uri] = problem
        self._browser.draw_rows()
        self.draw_detail()
        self.draw_hints()
        self._told.preview()

    @on(PreviewView.Resized)
    def _preview_resized(self, event: PreviewView.Resized) -> None:
        event.stop()
        self._told.previewer.resized()

    # Moving

    @on(VirtualTable.NearEnd)
    def _near_end(self, event: VirtualTable.NearEnd) -> None:
        event.stop()
        self._browser.near_end()

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_open()

    def filter_changed(self) -> None:
        """Show the rows that fit the filter."""
        if self._loaded is not None:
            super().filter_changed()
            self._browser.filtered(self._filter.value)

    @on(FilterBar.Entered)
    def _entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        if self._loaded is not None:
            self._browser.search_by_prefix(event.value)

    def action_open(self) -> None:
        """Open the folder under the cursor, or do what its row says."""
        found = self._browser.under_cursor
        if found is Start.DEFAULT:
            self.action_use_default()
        elif found is Start.TYPE:
            self.action_type_uri()
        elif found is Start.UPLOAD:
            self.action_upload()
        elif isinstance(found, Recent):
            self._go_to(found.place)
        elif found is None:
            self._browser.up()
        elif found.is_prefix:
            self._browser.enter(found)
        else:
            self.action_zoom()

    def action_parent(self) -> None:
        """Open the parent."""
        self._browser.up()

    def action_reload(self) -> None:
        """List this location again."""
        if (here := self._browser.open) is not None:
            self._looks.forget(here)
        self._browser.reload()

    @flow("go to")
    async def action_type_uri(self) -> None:
        """Enter a URI."""
        start = str(self._browser.open) if self._browser.open is not None else ""
        about = "s3://bucket/prefix/, a bucket, or an object; ^u clears it"
        place = await self.open_dialog(PromptDialog("Go to", start, check=parsed_by(parse_entered_uri), about=about))
        self._go_to(place)

    @flow("go to")
    async def action_recents(self) -> None:
        """Choose a recent location."""
        recents = self.session.recents
        choices = [Choice(place, place) for place in await self.call(recents.places)]
        empty = f"You used no places yet: {self.key('use_data')} adds one."
        place = await self.open_dialog(ChoiceDialog("Used lately", choices, empty=empty))
        self._go_to(place)

    def _go_to(self, text: str | None) -> None:
        if text is None:
            return
        try:
            self._browser.go_to(parse_entered_uri(text))
        except Problem as problem:  # in a file of recent locations that was edited by hand
            self.say_problem(problem)

    def _uploaded(self, target: S3Uri) -> None:
        self._looks.forget(target)
        here = self._browser.open
        if here is None:  # the first page: go to what is there now, where it can be checked and used
            self._browser.go_to(target if target.key.endswith("/") else target.parent)
        elif here.bucket == target.bucket:
            self._browser.discard_listings(target)

    def hinted(self, action: Action) -> Action:
        """Name what enter does with a row that is no folder."""
        is_used = isinstance(self._browser.under_cursor, Start) and action.id == "open_place"
        return replace(action, label="use") if is_used else action

    def fit_texts(self) -> None:
        """Draw the texts for the size; whether there is room for a preview depends on it, too."""
        super().fit_texts()
        if self._loaded is not None:
            self._told.preview()

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense now."""
        if action_id == "cancel_work":
            return self._uploads.is_running or self._is_checking
        if self._loaded is None:
            return action_id != "fix_data"
        is_first = self._browser.open is None
        if action_id == "fix_data":
            return self._told.has_offer
        if action_id == "type_uri":
            return is_first
        if action_id in ("use_data", "use_validation", "lint"):
            return not is_first
        return True


def parse_entered_uri(text: str) -> S3Uri:
    """Parse an entered URI; if one was pasted after existing text, take that one.

    Raises:
        Problem: it is not an S3 URI.
    """
    return S3Uri.parse(text[max(0, text.rfind("s3://")) :])
