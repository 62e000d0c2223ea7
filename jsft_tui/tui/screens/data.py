"""Screen 2: the buckets and what is in them, with a preview, what the model wants, and uploads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from jsft_tui.core.checks.check import BucketFacts
from jsft_tui.core.datasets.reader import LintReport
from jsft_tui.core.draft import TRAINING, VALIDATION, with_data
from jsft_tui.core.errors import Problem
from jsft_tui.core.listed import Item, Matches, items_of
from jsft_tui.core.s3uri import Bucket, Page, S3Uri
from jsft_tui.core.tasks import Task
from jsft_tui.core.text import plural
from jsft_tui.services.desk import Desk
from jsft_tui.tui.actions import Where
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.screens.data_preview import Previewer, PreviewPane, Subject
from jsft_tui.tui.screens.data_rows import BUCKET_COLUMNS, OBJECT_COLUMNS, Place, PlaceRows, crumbs, why_not
from jsft_tui.tui.screens.data_upload import UploadFlow
from jsft_tui.tui.screens.data_wants import SIGNS, Progress, check_data, verdict_text, wants_lines
from jsft_tui.tui.screens.work_screen import WorkScreen, screen_bindings
from jsft_tui.tui.theme import Sign
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text_pane import TextPane
from jsft_tui.tui.widgets.virtual_table import Cell, VirtualTable

RUN_SHEET = 34
"""Cells of the run sheet."""
BESIDE = 90
"""Cells of the screen's own part from which the list and the preview stand side by side."""


class DataScreen(WorkScreen):
    """Browse S3 and choose what to train with."""

    WHERE = Where.DATA
    AUTO_FOCUS = "#objects"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(Where.DATA)
    DEFAULT_CSS = """
    DataScreen #panes { layout: vertical; height: 1fr; }
    DataScreen #aside { layout: horizontal; height: 42%; min-height: 7; }
    DataScreen #panes.-beside { layout: horizontal; }
    DataScreen #panes.-beside #aside { layout: vertical; height: 1fr; width: 45%; }
    DataScreen #panes.-beside #listing { margin: 0 1 0 0; }
    DataScreen #wants { margin: 0 0 0 1; }
    DataScreen #panes.-beside #wants { margin: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._place = Place()
        self._above: list[Place] = []
        self._regions: dict[str, str] = {}
        self._matches: Matches | None = None
        self._reports: dict[tuple[S3Uri, Task], LintReport] = {}
        self._shown_desk: Desk | None = None
        self._filter = FilterBar(placeholder="filter what is listed; enter: look for names that begin so")
        self._table = VirtualTable(BUCKET_COLUMNS, id="objects")
        self._listing = Pane("Buckets", self._table, id="listing")
        self._preview = PreviewPane()
        self._wants_text = TextPane()
        self._wants = Pane("This model wants", self._wants_text, id="wants")
        self._aside = Container(self._preview, self._wants, id="aside")
        self._panes = Container(self._listing, self._aside, id="panes")
        self._previewer = Previewer(self, self._preview, self._draw_wants)
        self._uploads = UploadFlow(self, self._uploaded)

    def compose_body(self) -> ComposeResult:
        """Filter, list, preview, wants."""
        yield self._filter
        yield self._panes

    def on_resize(self) -> None:
        """Side by side where there is room. Textual calls the base's handler too."""
        own = self.size.width - (RUN_SHEET if self.size.width >= 100 else 0)
        self._panes.set_class(own >= BESIDE, "-beside")
        self.call_after_refresh(self._previewer.resized)

    @property
    def would_lose(self) -> str:
        """An upload that runs."""
        return self._uploads.loss

    # Listing

    def load(self) -> None:
        """List the buckets of another target; list again what is open of the same."""
        if self._shown_desk is self.desk:
            self.action_reload()
            return
        self._shown_desk = self.desk
        self._above, self._regions, self._reports = [], {}, {}
        self._uploads.reset()
        self._go(Place())

    def _go(self, place: Place) -> None:
        """Show a place: what is known of it at once, the rest as it comes."""
        self.forget("list")
        self.forget("filter")
        self._place.is_asking = False
        self._place = place
        self._matches = None
        self._filter.set_value(place.starts)
        self._table.set_columns(BUCKET_COLUMNS if place.uri is None else OBJECT_COLUMNS)
        self._show_rows()
        self._table.cursor = place.cursor
        if not place.is_read:
            self._ask_for_page()
        self._look_up_region()

    def _ask_for_page(self) -> None:
        place, storage = self._place, self.desk.bench.storage
        place.is_asking, uri = True, place.uri
        self._show_message()
        if uri is None:
            self.ask("list", lambda _: storage.buckets(), self._took_buckets, self._not_listed)
            return
        wanted, token = S3Uri(uri.bucket, uri.key + place.starts), place.token
        self.ask("list", lambda _: storage.page(wanted, token), self._took_page, self._not_listed)

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
        if place.wanted and self._table.move_to_key(place.wanted):
            place.wanted = ""

    def _not_listed(self, problem: Problem) -> None:
        self._place.is_asking = False
        self._place.problem = problem
        self._show_message()
        self._draw_title()
        self.say(why_not(problem, self._place.uri), Sign.FAILED)

    def _show_rows(self) -> None:
        self._show_message()
        self._table.set_source(self._rows())
        self._draw_title()
        self._follow_cursor()

    def _rows(self) -> PlaceRows:
        return PlaceRows(self._place, self._regions, self.desk.target.region, self._matches)

    def _show_message(self) -> None:
        """What the table says while it has no rows."""
        place = self._place
        if place.problem is not None:
            text = why_not(place.problem, place.uri)
        elif not place.is_read:
            text = f"Listing {place.uri or 'your buckets'} …"
        elif place.uri is None:
            text = "There are no buckets. Press u to type a place in a bucket of somebody else."
        else:
            text = f"There is nothing under {place.uri}{place.starts}. U uploads a folder to here, left goes up."
        self._table.set_message(text)

    @on(VirtualTable.NearEnd)
    def _near_end(self, event: VirtualTable.NearEnd) -> None:
        event.stop()
        if self._place.token is not None and not self._place.is_asking and self._matches is None:
            self._ask_for_page()

    def _look_up_region(self) -> None:
        uri = self._place.uri
        if uri is None or uri.bucket in self._regions:
            return
        bucket, storage = uri.bucket, self.desk.bench.storage

        def take(facts: BucketFacts) -> None:
            if facts.region:
                self._regions[bucket] = facts.region
                self._draw_title()

        def missed(problem: Problem) -> None:
            del problem  # the listing says what is wrong with the bucket

        self.ask("region", lambda _: storage.bucket(bucket), take, missed)

    # Showing

    def draw(self) -> None:
        """The wishes of the draft's model, and the title."""
        self._draw_title()
        self._draw_wants()

    def _draw_title(self) -> None:
        place, right = self._place, []
        region = self._regions.get(place.uri.bucket, "") if place.uri is not None else ""
        if region and region != self.desk.target.region:
            right.append(Cell(f"! {region}, not {self.desk.target.region}  ", "warning"))
        if place.is_read:
            found = f"{len(self._matches):,} of " if self._matches is not None else ""
            noun = "bucket" if place.uri is None else "key"
            right.append(Cell(f"{found}{place.count} {noun}{'' if place.count == '1' else 's'}"))
        taken = sum(len(cell.text) for cell in right) + 8
        self._listing.set_title(crumbs(place, max(20, self._listing.size.width - taken)), right)

    def _draw_wants(self) -> None:
        spec, uri = self.desk.spec, self._aim
        report = self._reports.get((uri, spec.task)) if uri is not None and spec is not None else None
        self._wants.set_title(f"{spec.task.abbreviation} wants" if spec is not None else "This model wants")
        self._wants_text.show(wants_lines(spec, self.desk.drafts.run.model.id, uri, report))

    @property
    def _item(self) -> Item | None:
        """What the cursor is on; None for the way up and for no row."""
        source = self._table.source
        index = self._table.cursor
        return source.item(index) if isinstance(source, PlaceRows) and index < len(source) else None

    @property
    def _here(self) -> S3Uri | None:
        """The row under the cursor as a URI, or the place open."""
        item = self._item
        return self._place.uri if item is None else self._place.child(item)

    @property
    def _aim(self) -> S3Uri | None:
        """What would be used: the prefix under the cursor, else the one open."""
        item = self._item
        return self._place.child(item) if item is not None and item.is_prefix else self._place.uri

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self._follow_cursor()

    def _follow_cursor(self) -> None:
        item, uri = self._item, self._here
        if uri is None:
            self._previewer.follow(None)
            return
        size, modified = (item.size, item.modified) if item is not None else (None, None)
        region = self._regions.get(uri.bucket, "") if self._place.uri is None else ""
        self._previewer.follow(Subject(uri, size, modified, f"in {region}" if region else ""))

    # Filtering

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._filter.focus()

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        place, text = self._place, event.value
        if place.starts and not text.startswith(place.starts):
            self._go(Place(place.uri))  # what was looked for is not wanted any more
            self._filter.set_value(text)
        self._refilter(text)

    def _refilter(self, text: str) -> None:
        if not text or text == self._place.starts:
            self.forget("filter")
            self._matches = None
            self._show_rows()
            return
        matches = Matches(self._place.rows, text)

        def find() -> Matches:
            matches.extend()
            return matches

        self.ask("filter", lambda _: find(), self._matched)

    def _matched(self, matches: Matches) -> None:
        self._matches = matches
        matches.extend()  # what came in the meantime
        self._show_rows()
        if not len(matches):
            more = "enter looks for names that begin so; " if self._place.token is not None else ""
            self._table.set_message(f"None of the {self._place.count} listed fits: {more}esc clears the filter.")

    @on(FilterBar.Entered)
    def _entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        # When all is listed, the filter has found more than a look for beginnings can.
        if event.value and self._place.uri is not None and self._place.token is not None:
            self._go(Place(self._place.uri, event.value))

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._table.focus()

    # Moving

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Go into what the cursor is on; look at an object."""
        item = self._item
        if item is None:
            self.action_parent()
        elif item.is_prefix:
            self._place.cursor = self._table.cursor if self._matches is None else 0
            self._place.wanted = item.name
            self._above.append(self._place)
            self._go(Place(self._place.child(item)))
        else:
            self._aside.display = True
            self.call_after_refresh(self._previewer.look)

    def action_parent(self) -> None:
        """Go up, to the row that one came from."""
        place = self._place
        if place.uri is None:
            return
        if place.starts:
            self._go(Place(place.uri))
        elif self._above:
            above = self._above.pop()
            self._go(above)
            self._table.move_to_key(above.wanted)
        else:
            self._go(Place(place.above, wanted=place.name_above))

    def action_reload(self) -> None:
        """List this place again."""
        item = self._item
        self._go(Place(self._place.uri, self._place.starts, wanted=item.name if item is not None else ""))

    def action_type_uri(self) -> None:
        """Type a place."""
        start = str(self._place.uri) if self._place.uri is not None else "s3://"
        about = "A bucket, a prefix or an object: s3://bucket/prefix/"
        self._ask_for_uri(PromptDialog("Go to", start, check=parsed_by(S3Uri.parse), about=about))

    def action_recents(self) -> None:
        """Go to a place used lately."""
        recents = self.desk.recents

        def show(places: list[str]) -> None:
            choices = [Choice(place, place) for place in places]
            self._ask_for_uri(ChoiceDialog("Used lately", choices, empty="No place was used yet: space uses one."))

        self.ask("recents", lambda _: recents.places(), show)

    def _ask_for_uri(self, dialog: PromptDialog | ChoiceDialog) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self.go_to(S3Uri.parse(text))

        self.app.push_screen(dialog, chosen)

    def go_to(self, uri: S3Uri) -> None:
        """Open a place; of what has no slash at its end, what begins so."""
        self._above = []
        if not uri.key or uri.key.endswith("/"):
            self._go(Place(uri))
        else:
            folder = uri.parent
            starts = uri.key.removeprefix(folder.key)
            self._go(Place(folder, starts, wanted=starts, opens_single=True))
        self._table.focus()

    def action_panes(self) -> None:
        """Show or hide the preview and what the model wants."""
        self._aside.display = not self._aside.display
        self.call_after_refresh(self._previewer.look)

    def action_copy(self) -> None:
        """Send the URI to the clipboard."""
        if (uri := self._here) is not None:
            self.app.copy_to_clipboard(str(uri))
            self.say(f"{uri} sent to the clipboard (OSC 52)", Sign.COMPLETED)

    # Using

    def action_use(self) -> None:
        """Train with a prefix."""
        uri = self._need_aim()
        if uri is None:
            return
        spec = self.desk.spec
        if spec is None or not spec.validation_supported:
            self._use(TRAINING, uri)
            return
        choices = [Choice(TRAINING, "Training data"), Choice(VALIDATION, "Validation data")]

        def chosen(channel: str | None) -> None:
            if channel is not None:
                self._use(channel, uri)

        self.app.push_screen(ChoiceDialog(f"Use {uri} as", choices), chosen)

    def _use(self, channel: str, uri: S3Uri) -> None:
        try:
            run = with_data(self.desk.drafts.run, channel, str(uri))
        except Problem as problem:
            self.say_problem(problem)
            return
        self.desk.drafts.put(run)
        self._remember(uri)
        verb = "Trains" if channel == TRAINING else "Validates"
        self.say(f"{verb} with {uri} now. v checks it; next: 3 for the instance.", Sign.COMPLETED)

    def action_use_default(self) -> None:
        """Train with the model's default dataset."""
        desk = self.desk
        if desk.spec is not None and not desk.spec.default_dataset_key:
            self.say(f"{desk.spec.model_id} has no default dataset: space uses one of your own.", Sign.WARNING)
            return
        desk.drafts.put(replace(desk.drafts.run, data={}))
        self.say("Trains with the model's default dataset now.", Sign.COMPLETED)

    def action_output_here(self) -> None:
        """Put trained models under a prefix."""
        uri = self._need_aim()
        if uri is not None:
            self.desk.drafts.put(replace(self.desk.drafts.run, output=str(uri)))
            self._remember(uri)
            self.say(f"Trained models go below {uri} now.", Sign.COMPLETED)

    def _need_aim(self) -> S3Uri | None:
        if self._aim is None:
            self.say("No bucket is under the cursor. u types a place.", Sign.WARNING)
        return self._aim

    def _remember(self, uri: S3Uri) -> None:
        recents = self.desk.recents
        self.ask("remember", lambda _: recents.add(str(uri)), _nothing)

    # Checking and uploading

    def action_lint(self) -> None:
        """Look whether the data is what the model wants."""
        spec, uri = self.desk.spec, self._need_aim()
        if uri is None:
            return
        if spec is None:
            self.say("Choose a model first (1): it says what the data has to be.", Sign.WARNING)
            return

        def show(report: LintReport) -> None:
            self._reports[uri, spec.task] = report
            self._aside.display = True
            self._draw_wants()
            self.say(f"{uri} {verdict_text(report)}", SIGNS[report.verdict])

        self._say_checking(uri)((0, 0))
        self.ask("lint", check_data(self.desk.bench.storage, spec, uri), show, each=self._say_checking(uri))

    def _say_checking(self, uri: S3Uri) -> Callable[[Progress], None]:
        def say(progress: Progress) -> None:
            objects, read = progress
            how_far = f": {plural(objects, 'object')}, {read:,} bytes read" if objects else ""
            self.say(f"Checking {uri}{how_far} … x stops it.", Sign.RUNNING)

        return say

    def action_upload(self) -> None:
        """Upload a folder to the place that is open."""
        self._uploads.begin(self._place.uri or self._aim)

    def _uploaded(self, target: S3Uri) -> None:
        """What was listed before may lack what is there now."""
        for place in self._above:
            place.rows, place.token, place.is_read = type(place.rows)(), None, False
        here = self._place.uri
        if here is None or here.bucket == target.bucket:
            self.action_reload()

    def action_cancel(self) -> None:
        """Stop the upload, or the check."""
        if self._uploads.is_running:
            self._uploads.cancel()
        elif "data lint" in self.jsft.tasks.busy:
            self.forget("lint")
            self.say("The check was stopped.", Sign.STOPPED)
        else:
            self.say("Nothing runs that could be stopped.")


def _nothing(_: object) -> None:
    """Nobody waits for that answer."""
