"""Actions on a job, from the list and from its own screen: stop, clone, retry, continue, download, copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.output import console_url
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.request.rerun.resume import SAME_CLASSES
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.services.jobs.training_jobs import stopping
from jsft_tui.services.storage.transfer import TransferProgress, counted
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.model_download import ModelDownload
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.dialogs.run.take_run import TakenRun, take_into_draft
from jsft_tui.tui.keymap.action import keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.jobs.artifacts import ArtifactActions
from jsft_tui.tui.screens.jobs.copying import MLFLOW_LINK, SUMMARY, copy_choices
from jsft_tui.tui.screens.jobs.stop import StopDialog, stop_lines

if TYPE_CHECKING:
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.storage.artifacts import Downloaded

WENT_WRONG = (JobStatus.FAILED, JobStatus.STOPPED)


class JobActions(ArtifactActions):
    """A screen that shows jobs; its keys are for the one under the cursor, or the only one."""

    @property
    def would_lose(self) -> str:
        """Say that a download is under way, although it can be resumed."""
        under_way = self.jsft.download
        if under_way is None or under_way.screen is not self:
            return super().would_lose
        return f"The model of {under_way.job} is on its way here. What has come is kept for the next time."

    @property
    def is_downloading(self) -> bool:
        """Whether a model is being downloaded or unpacked."""
        return self.jsft.download is not None or self._unpacking is not None

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense for the job as it is, and for what is under way."""
        job = self._job
        if action_id == "deploy_job":
            # What a recipe made without instances cannot be deployed from here yet.
            return job is not None and job.status is JobStatus.COMPLETED and not job.is_serverless
        if action_id == "stop_job":
            return job is None or is_running(job)
        if action_id in ("retry_job", "open_fix"):
            return job is not None and job.status in WENT_WRONG
        return action_id != self.CANCEL_ACTION or self.is_downloading

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message; whatever begins or ends is said, so the footer follows."""
        super().say(text, sign)
        if self.is_mounted:
            self.draw_hints()

    # Stop

    @flow("stop")
    async def action_stop(self) -> None:
        """Stop the job, after asking."""
        if (job := self._job) is None:
            return
        session, now = self.session, self.session.now()
        if (refused := session.services.jobs.not_stopped(job)) is not None:
            self.say(str(refused), Status.WARNING)
            return
        lines = stop_lines(job, now, cost_so_far(job, session.prices or {}, now), self._seconds_left(job))
        note = f"A stopped job cannot go on; {self.key('continue_job')} trains on from what it saved."
        if await self.open_dialog(StopDialog(f"Stop {job.name}?", lines, note, self._stop_keys)):
            self.say(f"Stopping {job.name} …")
            await self.call(lambda: session.services.jobs.stop(job.name))
            self.say(stopping(job.name), Status.STOPPED)
            self.jsft.poll_jobs()

    @property
    def _stop_keys(self) -> tuple[str, ...]:
        action = next(action for action in BY_SCREEN[self.WHERE] if action.id == "stop_job")
        return keys_of(action, self.jsft.keymap)

    def _seconds_left(self, job: TrainingJob) -> float | None:
        """Return the seconds that a job's training still takes; None if that is unknown."""
        raise NotImplementedError

    # Deploy

    def action_deploy(self) -> None:
        """Deploy the job's model to an endpoint, after asking."""
        if (name := self._job_name) is not None:
            from jsft_tui.tui.dialogs.deploy.flow import start_deploy

            start_deploy(self, name)

    # Make a draft of it

    @flow("clone")
    async def action_clone(self) -> None:
        """Clone the job's settings into the draft."""
        if (name := self._job_name) is not None:
            services = self.session.services
            self.say(f"Reading {name} …")
            cloned = await self.call(lambda: services.reruns.clone(name))
            await take_into_draft(self, TakenRun(cloned.run, name, caution=cloned.note))

    @flow("clone")
    async def action_continue(self) -> None:
        """Make a draft that starts from the job's model (incremental training)."""
        if (job := self._job) is not None:
            services, name = self.session.services, job.name
            self.say(f"Reading {name} …")
            found = await self.call(lambda: services.reruns.continued(name))
            change = "the weights that it starts from, which are this job's model"
            caution = f"{SAME_CLASSES}. {found.note}".strip()
            await take_into_draft(self, TakenRun(found.run, name, change=change, caution=caution))

    @flow("clone")
    async def action_retry_fixed(self) -> None:
        """Make a draft of a job that went wrong, with the remedy applied where the program can apply it."""
        if (job := self._job) is None:
            return
        services, name = self.session.services, job.name
        if job.status not in WENT_WRONG:
            key = self.key("clone_job")
            self.say(f"Nothing went wrong: {name} is {job.status.value}. {key} clones it as it is.")
            return
        self.say(f"Reading {name} …")
        try:
            fixed = await self.call(lambda: services.reruns.fixed_clone(name))
        except Problem as problem:
            if problem.code != "NoFix":
                raise
        else:
            await take_into_draft(self, TakenRun(fixed.run, name, fixed.change, caution=fixed.note))
            return
        cloned = await self.call(lambda: services.reruns.clone(name))
        remedy = remedy_text(job.diagnosis.remedy, services.flags) if job.diagnosis else ""
        note = f"To change by hand: {remedy}" if remedy else ""
        await take_into_draft(self, TakenRun(cloned.run, name, note=note, caution=cloned.note))

    # Download

    def action_download(self) -> None:
        """Download the job's model; one download at a time, on whichever screen."""
        if (name := self._job_name) is not None and not self._says_what_is_downloaded():
            self._download(name)

    def _says_what_is_downloaded(self) -> bool:
        if (under_way := self.jsft.download) is None:
            return False
        key = self.key(self.CANCEL_ACTION)
        self.say(f"A download of {under_way.job} runs already. {key} stops it.", Status.WARNING)
        return True

    @flow("download")
    async def _download(self, name: str) -> None:
        services, cancel_key = self.session.services, self.key(self.CANCEL_ACTION)
        about = "A folder on this machine; it is made where it is missing."
        title = f"Download the model of {name} to"
        folder = await self.open_dialog(PromptDialog(title, f"./{name}", about=about))
        if folder is None or self._says_what_is_downloaded():
            return

        def fetch(reporter: Reporter[TransferProgress]) -> Downloaded:
            plan = services.artifacts.plan(services.jobs.get(name), Path(folder))
            advance = counted(plan.total, reporter)
            advance(0)  # it may have been canceled by now: nothing is written then
            return services.artifacts.fetch(plan, advance)

        def tell(progress: TransferProgress) -> None:
            self.say(f"Downloading {name}: {progress}   {cancel_key} stops it")

        under_way = self.jsft.download = ModelDownload(name, self)
        self.say(f"Downloading the model of {name} …")
        try:
            found = await self.call_with_progress(fetch, tell)
        finally:
            if self.jsft.download is under_way:
                self.jsft.download = None
        self.say(found.said, Status.COMPLETED)
        await self.offer_unpacking(found)

    def action_cancel_download(self) -> None:
        """Cancel the unpacking, or the download, on whichever screen it was begun."""
        if self.cancel_unpacking():
            return
        if (under_way := self.jsft.download) is None:
            self.say("Nothing is being downloaded.")
            return
        self.jsft.download = None
        under_way.screen.cancel("download")
        for screen in {under_way.screen, self}:
            screen.say(f"The download of {under_way.job} was stopped; started again, it goes on where it was.")

    # Copy

    @flow("copy")
    async def action_copy(self) -> None:
        """Choose what to send to the clipboard: a field exactly as the service has it, or a summary."""
        if (job := self._job) is None:
            return
        pairs = dict(copy_choices(job, console_url(job) if self.session.target.endpoint is None else ""))
        choices = [Choice(label, f"{label}: {text.splitlines()[0]}") for label, text in pairs.items()]
        app = customization.mlflow_app if (customization := customization_job(job)) is not None else ""
        choices += [Choice(MLFLOW_LINK, MLFLOW_LINK)] if app else []
        choices.append(Choice(SUMMARY, SUMMARY))
        label = await self.open_dialog(ChoiceDialog("Copy", choices))
        if label == SUMMARY:
            self.say(f"Reading {job.name} …")
            await self._copy_summary(job)
        elif label == MLFLOW_LINK:
            await self._copy_link(app)
        elif label is not None:
            self.copy_text(label, pairs[label])

    async def _copy_summary(self, job: TrainingJob) -> None:
        services, now = self.session.services, self.session.now()
        summary = await self.call(lambda: services.summaries.of(services.jobs.with_metrics(job.name), now))
        self.app.copy_to_clipboard(clean_block(summary.text))
        self.say(f"The summary of {job.name} is on the clipboard (OSC 52).", Status.COMPLETED)

    async def _copy_link(self, app: str) -> None:
        """Whoever has the link is signed in there: it is sent to the clipboard, and shown nowhere."""
        customization = self.session.services.customization
        self.app.copy_to_clipboard(await self.call(lambda: customization.mlflow_link(app)))
        self.say("The link is on the clipboard (OSC 52). It opens once, within five minutes.", Status.COMPLETED)

    def copy_text(self, what: str, text: str) -> None:
        """Send a text to the terminal's clipboard."""
        text = clean(text)
        self.app.copy_to_clipboard(text)
        self.say(f"{what} sent to the clipboard (OSC 52): {text}", Status.COMPLETED)
