"""What one does with data: train or validate with it, check it, mend it, upload it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean, plural
from jsft_tui.core.datasets.base.contents import ConversionOffer
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintReport
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.run.draft import TRAINING, VALIDATION, with_data
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.progress import ThrottledReporter
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.settings.recents import Recent
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.data.browser import Browser
from jsft_tui.tui.screens.data.convert import convert
from jsft_tui.tui.screens.data.fit_detail import read_words
from jsft_tui.tui.screens.data.looks import Looks
from jsft_tui.tui.screens.data.start_page import Start
from jsft_tui.tui.screens.data.told import Told
from jsft_tui.tui.screens.data.upload import UploadFlow
from jsft_tui.tui.widgets.text.text_pane import fact, line

Progress = tuple[int, int]
"""Objects listed, bytes read."""


class DataActions(MasterDetailScreen):
    """The actions on the folder that the cursor aims at. A subclass has the list, and creates what they use."""

    _browser: Browser
    _looks: Looks
    _told: Told
    _uploads: UploadFlow
    _recents: list[Recent]
    _is_checking: bool = False

    async def look_at_folders(self) -> None:
        """List what is below the open folder, and below that under the cursor, where it is not known."""
        raise NotImplementedError

    @property
    def question(self) -> DataQuestion | None:
        """What data are checked for; None without a model."""
        spec = self.session.spec
        return DataQuestion.of(spec, hyperparameters(self.session.run, spec)) if spec is not None else None

    def action_copy(self) -> None:
        """Send the URI to the clipboard."""
        if (uri := self._browser.here) is not None:
            self.app.copy_to_clipboard(clean(str(uri)))
            self.say(f"{uri} sent to the clipboard (OSC 52)", Status.COMPLETED)
        elif self._browser.location.problem is not None:
            self.app.copy_to_clipboard(self._told.please)
            self.say("The sentence for your administrator is in the clipboard (OSC 52)", Status.COMPLETED)

    # Using

    @flow("use")
    async def action_use(self) -> None:
        """Train with a folder, and go on."""
        if self._browser.under_cursor is Start.DEFAULT:
            self.action_use_default()
        elif (uri := await self._decided()) is not None and self._use(TRAINING, uri):
            self._go_on()

    @flow("use")
    async def action_use_validation(self) -> None:
        """Validate with a folder."""
        uri, spec = await self._decided(), self.session.spec
        if uri is None:
            return
        if spec is not None and not spec.validation_supported:
            self.say(f"{spec.model_id} takes no separate validation data.", Status.WARNING)
            return
        self._use(VALIDATION, uri)

    async def _decided(self) -> S3Uri | None:
        """Return the folder to use: the open one where it looks like data; that is looked at first if need be."""
        here = self._browser.open
        is_other = here is not None and self._browser.folder != here
        if here is not None and is_other and self._looks.needs_look(here):
            await self.look_at_folders()
        return self._need_aim()

    def _use(self, channel: str, uri: S3Uri) -> bool:
        try:
            run = with_data(self.session.drafts.run, channel, str(uri))
        except Problem as problem:
            self.say_problem(problem)
            return False
        self.session.drafts.put(run)
        self._remember(uri)
        self._browser.draw_rows()
        kind = "Training" if channel == TRAINING else "Validation"
        stays = f" The validation data is still {run.data[VALIDATION]}." if VALIDATION in run.data else ""
        self._say_there(f"{kind} data: {uri}.{stays if channel == TRAINING else ''}")
        return True

    def _say_there(self, text: str) -> None:
        """Say something where one is then."""
        self.jsft.call_later(self.jsft.say, text, Status.COMPLETED)

    def _go_on(self) -> None:
        if self.jsft.work_screen is self:
            is_serverless = self.session.run.instance.is_serverless  # nothing to choose there
            self.jsft.go(ScreenId.HYPERPARAMETERS if is_serverless else ScreenId.INSTANCE)

    def action_use_default(self) -> None:
        """Use the model's default dataset, and go on."""
        session = self.session
        if session.spec is None:
            self._say_choose_model()
            return
        if not session.spec.default_dataset_key:
            own = f"{self.key('use_data')} uses one of your own"
            self.say(f"{session.spec.model_id} has no default dataset: {own}.", Status.WARNING)
            return
        session.drafts.put(replace(session.drafts.run, data={}))
        self._browser.draw_rows()
        self._say_there("Training data: the model's default dataset.")
        self._go_on()

    def action_output_here(self) -> None:
        """Set the output location of trained models."""
        uri = self._browser.folder
        if uri is None:
            self._say_no_folder()
            return
        self.session.drafts.put(replace(self.session.drafts.run, output=str(uri)))
        self._remember(uri)
        self.say(f"Output: trained models go below {uri}.", Status.COMPLETED)

    def _need_aim(self) -> S3Uri | None:
        if (aim := self._told.aim) is None:
            self._say_no_folder()
        return aim

    def _say_no_folder(self) -> None:
        self.say(f"The cursor is not on a folder. {self.key('type_uri')} types an address.", Status.WARNING)

    def _say_choose_model(self) -> None:
        models = self.key("go_models")
        self.say(f"Choose a model first ({models}): what data must look like depends on it.", Status.WARNING)

    def _remember(self, uri: S3Uri) -> None:
        question = self.question
        report = self._looks.report(uri, question) if question is not None else None
        self.start(f"remember {uri}", partial(self._add_recent, str(uri), report.verdict if report else None))

    async def _add_recent(self, uri: str, level: Level | None) -> None:
        recents, model_id = self.session.recents, self.session.drafts.run.model.id
        await self.call(lambda: recents.add(uri))
        if level is not None:
            await self.call(lambda: recents.judge(uri, model_id, level))
        self._recents = await self.call(recents.entries)

    # Checking, mending and uploading

    @flow("lint")
    async def action_lint(self) -> None:
        """Check the data against the model's requirements."""
        uri, spec = await self._decided(), self.session.spec
        if uri is None:
            return
        if spec is None:
            self._say_choose_model()
            return
        await self._check_data(uri, spec)

    async def _check_data(self, uri: S3Uri, spec: ModelSpec) -> None:
        say = self._say_checking(uri)
        say((0, 0))
        question = DataQuestion.of(spec, hyperparameters(self.session.run, spec))
        self._show_checking(is_checking=True)
        try:
            report = await self.call_with_progress(check_data(self.session.services.storage, question, uri), say)
        finally:
            self._show_checking(is_checking=False)
        self._looks.add_report(uri, question, report)
        self.draw_detail()
        self.draw_hints()
        self.say(f"{report.answer} {read_words(report)}", report.verdict.as_status)
        recents, model_id = self.session.recents, spec.model_id
        await self.call(lambda: recents.judge(str(uri), model_id, report.verdict))
        self._recents = await self.call(recents.entries)

    def _show_checking(self, *, is_checking: bool) -> None:
        self._is_checking = is_checking
        if self.is_mounted:
            self.draw_hints()

    def _say_checking(self, uri: S3Uri) -> Callable[[Progress], None]:
        def say(progress: Progress) -> None:
            objects, read = progress
            how_far = f": {plural(objects, 'object')}, {read:,} bytes read" if objects else ""
            self.say(f"Checking {uri}{how_far} … {self.key('cancel_work')} stops it.", Status.RUNNING)

        return say

    @flow("fix")
    async def action_fix(self) -> None:
        """Write the small file that makes the data fit, or convert the data, after asking."""
        uri, spec, question = self._told.aim, self.session.spec, self.question
        fit = self._looks.fit(uri, question) if uri is not None and question is not None else None
        conversion = fit.contents.conversion if fit is not None and fit.contents.offer is None else None
        if uri is not None and spec is not None and conversion is not None:
            await self._convert(uri, spec, conversion)
            return
        if uri is None or spec is None or fit is None or fit.contents.offer is None:
            self.say(f"There is nothing to fix here that jsft knows. {self.key('lint')} checks a folder.")
            return
        uploads, offer = self.session.services.uploads, fit.contents.offer
        if (refused := uploads.refused) is not None:
            self.say_problem(refused)
            return
        place = uri.as_prefix().child(offer.name)
        lines = [fact("Writes", str(place)), *(line(f"           {each}") for each in offer.lines)]
        if await self.open_dialog(ConfirmDialog(f"Write {offer.name}?", lines, label="write it")):
            await self.call(lambda: uploads.write(place, offer.body))
            self._looks.forget(uri)
            self._browser.discard_listings(place)
            await self._check_data(uri, spec)

    async def _convert(self, uri: S3Uri, spec: ModelSpec, offer: ConversionOffer) -> None:
        """Convert a file of the data, then go to what was written and check it."""
        place = await convert(self, uri, offer)
        if place is not None:
            self._looks.forget(place)
            self._browser.discard_listings(place)
            self._browser.go_to(place)
            await self._check_data(place, spec)

    def action_upload(self) -> None:
        """Upload a folder to the open location."""
        self._uploads.begin(self._browser.open or self._browser.folder)

    def action_cancel(self) -> None:
        """Cancel the upload or the check."""
        if self._uploads.is_running:
            self._uploads.cancel()
        elif self._is_checking:
            self.cancel("lint", "fix")
            self.say("Check canceled.", Status.STOPPED)
        else:
            self.say("Nothing is running that could be canceled.")


def check_data(storage: Storage, question: DataQuestion, uri: S3Uri) -> Callable[[Reporter[Progress]], LintReport]:
    """Return a call that checks data for a model, reports progress and can be canceled."""

    def call(reporter: Reporter[Progress]) -> LintReport:
        paced = ThrottledReporter(reporter)

        def on_progress(data: BudgetedDataset) -> None:
            paced.tell((data.objects, data.bytes_read))

        return storage.lint(question, uri, on_progress=on_progress)

    return call
