"""Screen 2: the buckets and what is in them, with a preview, what the model wants, and uploads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.run.draft import TRAINING, VALIDATION, with_data
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.data.browser import Browser
from jsft_tui.tui.screens.data.preview import Previewer, PreviewPane
from jsft_tui.tui.screens.data.requirements import SIGNS, Progress, check_data, verdict_text, wants_lines
from jsft_tui.tui.screens.data.upload import UploadFlow
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.detail_pane import DetailPane

RUN_SHEET = 34
"""Cells of the run sheet."""
BESIDE = 90
"""Cells of the screen's own part from which the list and the preview stand side by side."""


class DataScreen(WorkScreen):
    """Browse S3 and choose what to train with."""

    WHERE = ScreenId.DATA
    AUTO_FOCUS = "#objects"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.DATA)
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
        self._reports: dict[tuple[S3Uri, Task], LintReport] = {}
        self._shown_desk: Session | None = None
        self._browser = Browser(self, self._follow_cursor)
        self._preview = PreviewPane()
        self._wants_text = DetailPane()
        self._wants = Pane("This model wants", self._wants_text, id="wants")
        self._aside = Container(self._preview, self._wants, id="aside")
        self._panes = Container(self._browser.pane, self._aside, id="panes")
        self._previewer = Previewer(self, self._preview, self._draw_wants)
        self._uploads = UploadFlow(self, self._uploaded)

    def compose_body(self) -> ComposeResult:
        """Filter, list, preview, wants."""
        yield self._browser.filter
        yield self._panes

    def on_resize(self) -> None:
        """Side by side where there is room. Textual calls the base's handler too."""
        own = self.size.width - (RUN_SHEET if self.size.width >= 100 else 0)
        self._panes.set_class(own >= BESIDE, "-beside")

    @property
    def would_lose(self) -> str:
        """An upload that runs."""
        return self._uploads.loss

    # Showing

    def load(self) -> None:
        """List the buckets of another target; list again what is open of the same, also after signing in anew."""
        before, self._shown_desk = self._shown_desk, self.session
        if before is not self.session:
            self._uploads.reset()
        if before is not None and before.target.label == self.session.target.label:
            self._browser.reload()
            return
        self._reports = {}
        self._browser.reset()

    def draw(self) -> None:
        """The title, and the wishes of the draft's model."""
        self._browser.draw_title()
        self._draw_wants()

    def _draw_wants(self) -> None:
        spec, uri = self.session.spec, self._browser.aim
        report = self._reports.get((uri, spec.task)) if uri is not None and spec is not None else None
        self._wants.set_title(f"{spec.task.label} wants" if spec is not None else "This model wants")
        self._wants_text.show(wants_lines(spec, self.session.drafts.run.model.id, uri, report, self.key))

    def _follow_cursor(self) -> None:
        self._previewer.follow(self._browser.subject)

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self._follow_cursor()

    @on(PreviewPane.Resized)
    def _preview_resized(self, event: PreviewPane.Resized) -> None:
        event.stop()
        self._previewer.resized()

    def action_panes(self) -> None:
        """Show or hide the preview and what the model wants."""
        self._aside.display = not self._aside.display

    # Moving

    @on(VirtualTable.NearEnd)
    def _near_end(self, event: VirtualTable.NearEnd) -> None:
        event.stop()
        self._browser.near_end()

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_open()

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        if self._loaded is not None:
            self._browser.filtered(event.value)

    @on(FilterBar.Entered)
    def _entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        if self._loaded is not None:
            self._browser.look_for(event.value)

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._browser.table.focus()

    def action_filter(self) -> None:
        """Begin to type a filter."""
        self._browser.filter.focus()

    def action_open(self) -> None:
        """Go into what the cursor is on; look at an object."""
        item = self._browser.item
        if item is None:
            self._browser.up()
        elif item.is_prefix:
            self._browser.enter(item)
        else:
            self._aside.display = True

    def action_parent(self) -> None:
        """Go up."""
        self._browser.up()

    def action_reload(self) -> None:
        """List this place again."""
        self._browser.reload()

    def action_type_uri(self) -> None:
        """Type a place."""
        start = str(self._browser.open) if self._browser.open is not None else ""
        about = "A bucket, a prefix or an object: s3://bucket/prefix/ (^u clears the line)"
        self.app.push_screen(PromptDialog("Go to", start, check=parsed_by(typed_place), about=about), self._go_to)

    def action_recents(self) -> None:
        """Go to a place used lately."""
        recents = self.session.recents

        def show(places: list[str]) -> None:
            choices = [Choice(place, place) for place in places]
            empty = f"No place was used yet: {self.key('use_data')} uses one."
            self.ask_person(ChoiceDialog("Used lately", choices, empty=empty), self._go_to)

        self.ask("recents", lambda _: recents.places(), show)

    def _go_to(self, text: str | None) -> None:
        if text is None:
            return
        try:
            self._browser.go_to(typed_place(text))
        except Problem as problem:  # of a file of recent places that somebody else wrote
            self.say_problem(problem)

    def action_copy(self) -> None:
        """Send the URI to the clipboard."""
        if (uri := self._browser.here) is not None:
            self.app.copy_to_clipboard(str(uri))
            self.say(f"{uri} sent to the clipboard (OSC 52)", Status.COMPLETED)

    # Using

    def action_use(self) -> None:
        """Train with a prefix."""
        uri = self._need_aim()
        if uri is not None:
            self._use(TRAINING, uri)

    def action_use_validation(self) -> None:
        """Validate with a prefix."""
        uri, spec = self._need_aim(), self.session.spec
        if uri is None:
            return
        if spec is not None and not spec.validation_supported:
            self.say(f"{spec.model_id} takes no validation data of its own.", Status.WARNING)
            return
        self._use(VALIDATION, uri)

    def _use(self, channel: str, uri: S3Uri) -> None:
        try:
            run = with_data(self.session.drafts.run, channel, str(uri))
        except Problem as problem:
            self.say_problem(problem)
            return
        self.session.drafts.put(run)
        self._remember(uri)
        verb = "Trains" if channel == TRAINING else "Validates"
        stays = f" Validation data stays {run.data[VALIDATION]}." if VALIDATION in run.data else ""
        then = f" {self.key('lint')} checks it; next: {self.key('go_instance')} for the instance."
        next_step = stays if channel == TRAINING and stays else then
        self.say(f"{verb} with {uri} now.{next_step}", Status.COMPLETED)

    def action_use_default(self) -> None:
        """Train with the model's default dataset."""
        session = self.session
        if session.spec is not None and not session.spec.default_dataset_key:
            own = f"{self.key('use_data')} uses one of your own"
            self.say(f"{session.spec.model_id} has no default dataset: {own}.", Status.WARNING)
            return
        session.drafts.put(replace(session.drafts.run, data={}))
        self.say("Trains with the model's default dataset now.", Status.COMPLETED)

    def action_output_here(self) -> None:
        """Put trained models under a prefix."""
        uri = self._need_aim()
        if uri is not None:
            self.session.drafts.put(replace(self.session.drafts.run, output=str(uri)))
            self._remember(uri)
            self.say(f"Trained models go below {uri} now.", Status.COMPLETED)

    def _need_aim(self) -> S3Uri | None:
        aim = self._browser.aim
        if aim is None:
            self.say(f"No bucket is under the cursor. {self.key('type_uri')} types a place.", Status.WARNING)
        return aim

    def _remember(self, uri: S3Uri) -> None:
        recents = self.session.recents
        self.ask("remember", lambda _: recents.add(str(uri)), _nothing)

    # Checking and uploading

    def action_lint(self) -> None:
        """Look whether the data is what the model wants."""
        spec, uri = self.session.spec, self._need_aim()
        if uri is None:
            return
        if spec is None:
            models = self.key("go_models")
            self.say(f"Choose a model first ({models}): it says what the data has to be.", Status.WARNING)
            return

        def show(report: LintReport) -> None:
            self._reports[uri, spec.task] = report
            self._aside.display = True
            self._draw_wants()
            self.say(f"{verdict_text(report)} {uri}", SIGNS[report.verdict])

        self._say_checking(uri)((0, 0))
        question = DataQuestion.of(spec, hyperparameters(self.session.run, spec))
        self.ask("lint", check_data(self.session.services.storage, question, uri), show, each=self._say_checking(uri))

    def _say_checking(self, uri: S3Uri) -> Callable[[Progress], None]:
        def say(progress: Progress) -> None:
            objects, read = progress
            how_far = f": {plural(objects, 'object')}, {read:,} bytes read" if objects else ""
            self.say(f"Checking {uri}{how_far} … {self.key('cancel_work')} stops it.", Status.RUNNING)

        return say

    def action_upload(self) -> None:
        """Upload a folder to the place that is open."""
        self._uploads.begin(self._browser.open or self._browser.aim)

    def _uploaded(self, target: S3Uri) -> None:
        here = self._browser.open
        if here is None or here.bucket == target.bucket:
            self._browser.outdate(target)

    def action_cancel(self) -> None:
        """Stop the upload, or the check."""
        if self._uploads.is_running:
            self._uploads.cancel()
        elif "data lint" in self.jsft.tasks.busy:
            self.forget("lint")
            self.say("The check was stopped.", Status.STOPPED)
        else:
            self.say("Nothing runs that could be stopped.")


def _nothing(_: object) -> None:
    """Nobody waits for that answer."""


def typed_place(text: str) -> S3Uri:
    """The place that was typed; where one was pasted behind what stood there already, that one.

    Raises:
        Problem: it is none.
    """
    return S3Uri.parse(text[max(0, text.rfind("s3://")) :])
