"""Navigation in S3: the open location, its listing so far, and the cursor rows of its parents."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.listing import Item, Matches, ObjectListing, items_of
from jsft_tui.core.storage.uri import Bucket, Page, S3Uri
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.settings.recents import Recent
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.screens.data.rows import (
    OBJECT_COLUMNS,
    Location,
    LocationRows,
    listed_words,
    none_match,
    not_listed,
    nothing_listed,
)
from jsft_tui.tui.screens.data.start_page import START_COLUMNS, Start, StartRows, place_of
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell


class Place(Protocol):
    """What the browser shows is drawn with what else is known."""

    def start_rows(self, location: Location, matches: Matches | None) -> StartRows:
        """Return the rows of the first page."""

    def folder_rows(self, location: Location, matches: Matches | None) -> LocationRows:
        """Return the rows of a folder."""

    def remember_region(self, bucket: str, region: str) -> None:
        """Take note of a bucket's region."""

    def region_of(self, bucket: str) -> str:
        """Return a bucket's region; empty if it is not known."""


class Browser:
    """The list of the screen. Pages are requested while scrolling; no call blocks."""

    def __init__(self, screen: MasterDetailScreen, table: VirtualTable, filter_bar: FilterBar, place: Place) -> None:
        """Create it.

        Args:
            screen: shows the rows.
            table: of the screen.
            filter_bar: of the screen.
            place: builds the rows.
        """
        self._screen, self._place = screen, place
        self.table, self.filter = table, filter_bar
        self._location = Location()
        self._parents: list[Location] = []
        self._matches: Matches | None = None
        self._is_begun = False

    # Under the cursor

    @property
    def location(self) -> Location:
        """The open location."""
        return self._location

    @property
    def open(self) -> S3Uri | None:
        """The open folder; None for the first page."""
        return self._location.uri

    @property
    def under_cursor(self) -> Start | Recent | Item | None:
        """What the row under the cursor stands for; None for the parent row and for an empty list."""
        source, index = self.table.source, self.table.cursor
        if index >= len(source):
            return None
        if isinstance(source, StartRows):
            return source.at(index)
        return source.item(index) if isinstance(source, LocationRows) else None

    @property
    def here(self) -> S3Uri | None:
        """The URI of the row under the cursor, or of the open folder."""
        found = self.under_cursor
        if self._location.uri is None:
            return place_of(found)
        return self._location.child(found) if isinstance(found, Item) else self._location.uri

    @property
    def folder(self) -> S3Uri | None:
        """The folder under the cursor, else the open one."""
        found = self.under_cursor
        is_object = self._location.uri is not None and isinstance(found, Item) and not found.is_prefix
        return self._location.uri if is_object else self.here

    # Moving

    def reset(self) -> None:
        """List the buckets of another target, with a filter that was typed before they were loaded."""
        typed = "" if self._is_begun else self.filter.value
        self._is_begun, self._parents = True, []
        self._open(Location())
        if typed:
            self.filter.set_value(typed)
            self.filtered(typed)

    def reload(self) -> None:
        """List this location again."""
        key = self.table.cursor_key or ""
        self._open(Location(self._location.uri, self._location.starts, wanted=key))

    def discard_listings(self, newest: S3Uri) -> None:
        """Discard the listings after an upload, and list again with the cursor on the row that leads to it."""
        for location in self._parents:
            location.rows, location.token, location.is_read = ObjectListing(), None, False
        if towards := _row_towards(self._location.uri, newest):
            self._open(Location(self._location.uri, wanted=towards))
        else:
            self.reload()

    def enter(self, item: Item) -> None:
        """Open a row."""
        self._location.cursor = self.table.cursor if self._matches is None else 0
        self._location.wanted = item.name
        self._parents.append(self._location)
        self._open(Location(self._location.child(item)))

    def up(self) -> None:
        """Open the parent, with the cursor on the row for this location."""
        location = self._location
        if location.uri is None:
            return
        if location.starts:
            self._open(Location(location.uri))
        elif self._parents:
            self._open(self._parents.pop())
        else:
            self._open(Location(location.parent, wanted=location.name_in_parent))

    def go_to(self, uri: S3Uri) -> None:
        """Open a location; without a slash at its end, list the names with this prefix."""
        self._parents = []
        if not uri.key or uri.key.endswith("/"):
            self._open(Location(uri))
        else:
            folder = uri.parent
            starts = uri.key.removeprefix(folder.key)
            self._open(Location(folder, starts, wanted=starts, opens_single=True))
        self.table.focus()

    def _open(self, location: Location) -> None:
        """Display a location: what has been listed at once, the rest as it is received."""
        self._screen.cancel("list")
        self._screen.cancel("filter")
        self._location.is_asking = False
        self._location, self._matches = location, None
        self.filter.set_value(location.starts)
        self.table.set_columns(START_COLUMNS if location.uri is None else OBJECT_COLUMNS)
        self._show_rows()
        self.table.cursor = location.cursor
        if location.is_read:
            self._move_to_wanted()
        else:
            self._ask_for_page()
        self._look_up_region()

    def _move_to_wanted(self) -> None:
        location = self._location
        if location.wanted:
            self.table.move_to_key(location.wanted)
            location.wanted = ""

    # Listing

    def near_end(self) -> None:
        """Request the next page when the last rows come into view, unless the list is filtered."""
        if self._location.token is not None and not self._location.is_asking and self._matches is None:
            self._ask_for_page()

    def _ask_for_page(self) -> None:
        self._location.is_asking = True
        self.draw_state()
        self._screen.start("list", self._list)

    async def _list(self) -> None:
        location, storage = self._location, self._screen.session.services.storage
        try:
            if (uri := location.uri) is None:
                self._add_buckets(await self._screen.call(storage.s3.buckets))
                return
            wanted, token = S3Uri(uri.bucket, uri.key + location.starts), location.token
            page = await self._screen.call(lambda: storage.s3.page(wanted, token))
        except Problem as problem:
            self._not_listed(problem)
        else:
            self._add_page(page)

    def _add_buckets(self, buckets: list[Bucket]) -> None:
        for bucket in buckets:
            if bucket.region:
                self._place.remember_region(bucket.name, bucket.region)
        self._add_items([Item(bucket.name, None, bucket.created) for bucket in buckets], None)

    def _add_page(self, page: Page) -> None:
        below = self._location.uri.key if self._location.uri is not None else ""
        self._add_items(items_of(page.entries, below), page.token)

    def _add_items(self, items: list[Item], token: str | None) -> None:
        location = self._location
        location.is_read, location.is_asking, location.problem, location.token = True, False, None, token
        location.rows.add(items)
        if location.opens_single and len(items) == 1 and items[0].name == f"{location.starts}/":
            self._open(Location(location.child(items[0])))
            return
        if self._matches is not None:
            self._matches.extend()
        self._show_rows()
        self._move_to_wanted()

    def _not_listed(self, problem: Problem) -> None:
        self._location.is_asking, self._location.problem = False, problem
        self._show_rows()
        if self._location.uri is None and problem.code != "AccessDenied":
            self._screen.say_problem(problem)

    def _look_up_region(self) -> None:
        uri = self._location.uri
        if uri is not None and not self._place.region_of(uri.bucket):
            self._screen.start("region", partial(self._read_region, uri.bucket))

    async def _read_region(self, bucket: str) -> None:
        storage = self._screen.session.services.storage
        with suppress(Problem):  # the listing reports it
            facts = await self._screen.call(lambda: storage.s3.bucket(bucket))
            if facts.region:
                self._place.remember_region(bucket, facts.region)
                self.draw_state()
                self._screen.draw_detail()

    # Filtering

    def filtered(self, text: str) -> None:
        """Apply a filter."""
        location = self._location
        if location.starts and not text.startswith(location.starts):
            self._open(Location(location.uri))  # the search by prefix has ended
            self.filter.set_value(text)
        if not text or text == self._location.starts:
            self._screen.cancel("filter")
            self._matches = None
            self._show_rows()
            return
        self._screen.start("filter", partial(self._find, Matches(self._location.rows, text)))

    async def _find(self, matches: Matches) -> None:
        def find(reporter: Reporter[None]) -> None:
            matches.extend(lambda: reporter.is_wanted)

        await self._screen.call_with_progress(find, lambda _: None)
        self._matches = matches
        matches.extend()  # rows received in the meantime
        self._show_rows()
        if len(matches) and self.table.cursor == 0 and self.under_cursor is None:
            self.table.action_cursor_by(1)  # from the parent to the first that fits: enter opens it

    def search_by_prefix(self, text: str) -> None:
        """List the names with a prefix, unless the listing is complete and the filter has found them all."""
        if text and self._location.uri is not None and self._location.token is not None:
            self._open(Location(self._location.uri, text))

    # Showing

    def draw_rows(self) -> None:
        """Draw the rows with what is known by now, the cursor where it is."""
        self.table.update_source(self._rows(), self.table.shown_keys)

    def draw_state(self) -> None:
        """Draw what is listed, and whether the bucket is in another region."""
        self._screen.show_state(self._state())

    def _state(self) -> Sequence[Cell]:
        location, home = self._location, self._screen.session.target.region
        if location.problem is not None:
            what = "list buckets" if location.uri is None else "list this folder"
            is_denied = location.problem.code == "AccessDenied"
            return (Cell(f"! you may not {what}" if is_denied else "! not listed", "warn"),)
        if location.uri is None:
            if self._matches is not None:
                return (Cell(f"{len(self._matches):,} of {location.count} buckets fit", "muted"),)
            return (Cell("where is your training data?" if location.is_read else "loading buckets …", "muted"),)
        if not location.is_read:
            return (Cell("loading …", "muted"),)
        region = self._place.region_of(location.uri.bucket)
        away = (Cell(f"! in {region}, not {home}  ", "warn"),) if region and region != home else ()
        if self._matches is not None:
            return (*away, Cell(f"{len(self._matches):,} of {location.count} fit", "muted"))
        return (*away, Cell(listed_words(location), "muted"))

    def _rows(self) -> StartRows | LocationRows:
        if self._location.uri is None:
            return self._place.start_rows(self._location, self._matches)
        return self._place.folder_rows(self._location, self._matches)

    def _show_rows(self) -> None:
        rows = self._rows()
        self._screen.show_rows(rows, self._state())
        if not len(rows):
            self._show_notice()

    def _show_notice(self) -> None:
        """Say why there are no rows, and what helps."""
        location, key = self._location, self._screen.key
        if location.uri is not None and location.problem is not None:
            self._screen.show_notice(not_listed(location.problem, location.uri, key))
        elif not location.is_read:
            self._screen.show_notice(())
        elif self._matches is not None and len(location.rows):
            self._screen.show_notice(none_match(location, key))
        else:
            self._screen.show_notice(nothing_listed(location, key))


def _row_towards(here: S3Uri | None, there: S3Uri) -> str:
    """Return the name of the row in one location that leads to another; empty if none does."""
    if here is None:
        return there.bucket
    if here.bucket != there.bucket or not there.key.startswith(here.key):
        return ""
    name, slash, _ = there.key.removeprefix(here.key).partition("/")
    return name + slash
