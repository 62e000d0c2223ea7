"""Walking through S3: which place is open, what came of it so far, where the cursor was above."""

from __future__ import annotations

from collections.abc import Callable

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.listing import Item, Matches, ObjectListing, items_of
from jsft_tui.core.storage.uri import Bucket, Page, S3Uri
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.screens.data.preview import Subject
from jsft_tui.tui.screens.data.rows import BUCKET_COLUMNS, OBJECT_COLUMNS, Place, PlaceRows, crumbs, why_not
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell


class Browser:
    """The filter, the list and what is behind them. Pages are asked for as one scrolls; no call is waited for."""

    def __init__(self, screen: WorkScreen, moved: Callable[[], None]) -> None:
        """`moved` is told when another row, or another place, has the cursor."""
        self._screen, self._moved = screen, moved
        self._place = Place()
        self._above: list[Place] = []
        self._regions: dict[str, str] = {}
        self._matches: Matches | None = None
        self._is_begun = False
        self.filter = FilterBar(
            lambda: screen.key("filter_data"), placeholder="filter what is listed; enter: look for names that begin so"
        )
        self.table = VirtualTable(BUCKET_COLUMNS, id="objects")
        self.pane = Pane("Buckets", self.table, id="listing")

    # What the cursor is on

    @property
    def open(self) -> S3Uri | None:
        """The place that is open; None for the buckets."""
        return self._place.uri

    @property
    def item(self) -> Item | None:
        """What the cursor is on; None for the way up and for no row."""
        source, index = self.table.source, self.table.cursor
        return source.item(index) if isinstance(source, PlaceRows) and index < len(source) else None

    @property
    def here(self) -> S3Uri | None:
        """The row under the cursor as a URI, or the place open."""
        item = self.item
        return self._place.uri if item is None else self._place.child(item)

    @property
    def aim(self) -> S3Uri | None:
        """What would be used: the prefix under the cursor, else the one open."""
        item = self.item
        return self._place.child(item) if item is not None and item.is_prefix else self._place.uri

    @property
    def subject(self) -> Subject | None:
        """What to preview."""
        item, uri = self.item, self.here
        if uri is None:
            return None
        size, modified = (item.size, item.modified) if item is not None else (None, None)
        region = self._regions.get(uri.bucket, "") if self._place.uri is None else ""
        return Subject(uri, size, modified, f"in {region}" if region else "")

    # Moving

    def reset(self) -> None:
        """Another target: list its buckets, by the filter that was typed before they were there."""
        typed = "" if self._is_begun else self.filter.value
        self._is_begun, self._above, self._regions = True, [], {}
        self._go(Place())
        if typed:
            self.filter.set_value(typed)
            self.filtered(typed)

    def reload(self) -> None:
        """List this place again."""
        item = self.item
        self._go(Place(self._place.uri, self._place.starts, wanted=item.name if item is not None else ""))

    def outdate(self, newest: S3Uri) -> None:
        """There is more below a place than was listed: list anew, and go to the row that leads there."""
        for place in self._above:
            place.rows, place.token, place.is_read = ObjectListing(), None, False
        if towards := _row_towards(self._place.uri, newest):
            self._go(Place(self._place.uri, wanted=towards))
        else:
            self.reload()

    def enter(self, item: Item) -> None:
        """Go into a row."""
        self._place.cursor = self.table.cursor if self._matches is None else 0
        self._place.wanted = item.name
        self._above.append(self._place)
        self._go(Place(self._place.child(item)))

    def up(self) -> None:
        """Go up, to the row that one came from."""
        place = self._place
        if place.uri is None:
            return
        if place.starts:
            self._go(Place(place.uri))
        elif self._above:
            self._go(self._above.pop())
        else:
            self._go(Place(place.above, wanted=place.name_above))

    def go_to(self, uri: S3Uri) -> None:
        """Open a place; of what has no slash at its end, what begins so."""
        self._above = []
        if not uri.key or uri.key.endswith("/"):
            self._go(Place(uri))
        else:
            folder = uri.parent
            starts = uri.key.removeprefix(folder.key)
            self._go(Place(folder, starts, wanted=starts, opens_single=True))
        self.table.focus()

    def _go(self, place: Place) -> None:
        """Show a place: what is known of it at once, the rest as it comes."""
        self._screen.forget("list")
        self._screen.forget("filter")
        self._place.is_asking = False
        self._place, self._matches = place, None
        self.filter.set_value(place.starts)
        self.table.set_columns(BUCKET_COLUMNS if place.uri is None else OBJECT_COLUMNS)
        self._show_rows()
        self.table.cursor = place.cursor
        if place.is_read:
            self._to_wanted()
        else:
            self._ask_for_page()
        self._look_up_region()

    def _to_wanted(self) -> None:
        place = self._place
        if place.wanted:
            self.table.move_to_key(place.wanted)
            place.wanted = ""

    # Listing

    def near_end(self) -> None:
        """The last rows come into view: ask for more. A filter is for what is listed, and asks for none."""
        if self._place.token is not None and not self._place.is_asking and self._matches is None:
            self._ask_for_page()

    def _ask_for_page(self) -> None:
        place, storage = self._place, self._screen.session.services.storage
        place.is_asking, uri = True, place.uri
        self._show_message()
        if uri is None:
            self._screen.ask("list", lambda _: storage.buckets(), self._took_buckets, self._not_listed)
            return
        wanted, token = S3Uri(uri.bucket, uri.key + place.starts), place.token
        self._screen.ask("list", lambda _: storage.page(wanted, token), self._took_page, self._not_listed)

    def _took_buckets(self, buckets: list[Bucket]) -> None:
        self._regions |= {bucket.name: bucket.region for bucket in buckets if bucket.region}
        self._took([Item(bucket.name, None, bucket.created) for bucket in buckets], None)

    def _took_page(self, page: Page) -> None:
        below = self._place.uri.key if self._place.uri is not None else ""
        self._took(items_of(page.entries, below), page.token)

    def _took(self, items: list[Item], token: str | None) -> None:
        place = self._place
        place.is_read, place.is_asking, place.problem, place.token = True, False, None, token
        place.rows.add(items)
        if place.opens_single and len(items) == 1 and items[0].name == f"{place.starts}/":
            self._go(Place(place.child(items[0])))
            return
        if self._matches is not None:
            self._matches.extend()
        self._show_rows()
        self._to_wanted()

    def _not_listed(self, problem: Problem) -> None:
        self._place.is_asking, self._place.problem = False, problem
        self._show_message()
        self.draw_title()
        self._screen.say(why_not(problem, self._place.uri, self._screen.key), Status.FAILED)

    def _look_up_region(self) -> None:
        uri = self._place.uri
        if uri is None or uri.bucket in self._regions:
            return
        bucket, storage = uri.bucket, self._screen.session.services.storage

        def take(facts: BucketFacts) -> None:
            if facts.region:
                self._regions[bucket] = facts.region
                self.draw_title()

        def missed(problem: Problem) -> None:
            del problem  # the listing says what is wrong with the bucket

        self._screen.ask("region", lambda _: storage.bucket(bucket), take, missed)

    # Filtering

    def filtered(self, text: str) -> None:
        """Another filter was typed."""
        place = self._place
        if place.starts and not text.startswith(place.starts):
            self._go(Place(place.uri))  # what was looked for is not wanted any more
            self.filter.set_value(text)
        if not text or text == self._place.starts:
            self._screen.forget("filter")
            self._matches = None
            self._show_rows()
            return
        matches = Matches(self._place.rows, text)

        def find(reporter: Reporter[None]) -> None:
            matches.extend(lambda: reporter.is_wanted)

        self._screen.ask("filter", find, lambda _: self._matched(matches))

    def _matched(self, matches: Matches) -> None:
        self._matches = matches
        matches.extend()  # what came in the meantime
        self._show_rows()

    def look_for(self, text: str) -> None:
        """List what begins with a text; when all is listed the filter has found more than that can."""
        if text and self._place.uri is not None and self._place.token is not None:
            self._go(Place(self._place.uri, text))

    # Showing

    def draw_title(self) -> None:
        """Where one is, how much of it is listed, and whether the bucket is in another region."""
        place, right = self._place, []
        home = self._screen.session.target.region
        region = self._regions.get(place.uri.bucket, "") if place.uri is not None else ""
        if region and region != home:
            right.append(Cell(f"! in {region}, not {home}  ", "warning"))
        if place.is_read:
            found = f"{len(self._matches):,} of " if self._matches is not None else ""
            noun = "bucket" if place.uri is None else "key"
            right.append(Cell(f"{found}{place.count} {noun}{'' if place.count == '1' else 's'}"))
        taken = sum(len(cell.text) for cell in right) + 8
        self.pane.set_title(crumbs(place, max(20, self.pane.size.width - taken)), right)

    def _show_rows(self) -> None:
        self._show_message()
        self.table.set_source(PlaceRows(self._place, self._regions, self._screen.session.target.region, self._matches))
        self.draw_title()
        self._moved()

    def _show_message(self) -> None:
        """What the table says while it has no rows."""
        place, key = self._place, self._screen.key
        if place.problem is not None:
            text = why_not(place.problem, place.uri, key)
        elif not place.is_read:
            text = f"Listing {place.uri or 'your buckets'} …"
        elif self._matches is not None and len(place.rows):
            more = "enter looks for names that begin so; " if place.token is not None else ""
            text = f"None of the {place.count} listed fits: {more}esc clears the filter."
        elif place.uri is None:
            text = f"There are no buckets. Press {key('type_uri')} to type a place in a bucket of somebody else."
        else:
            ways = f"{key('upload')} uploads a folder to here, {key('parent')} goes up."
            text = f"There is nothing under {place.uri}{place.starts}. {ways}"
        self.table.set_message(text)


def _row_towards(here: S3Uri | None, there: S3Uri) -> str:
    """The name of the row of one place that leads to another; empty where none does."""
    if here is None:
        return there.bucket
    if here.bucket != there.bucket or not there.key.startswith(here.key):
        return ""
    name, slash, _ = there.key.removeprefix(here.key).partition("/")
    return name + slash
