"""What can be done with a job, from the list as from its own screen: stop, clone, download, copy."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.request.rerun.fix import FixedRun
from jsft_tui.core.request.rerun.resume import SAME_CLASSES
from jsft_tui.core.run.run import Run
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.training_jobs import stopping
from jsft_tui.services.storage.artifacts import Downloaded
from jsft_tui.services.storage.transfer import TransferProgress, counted
from jsft_tui.tui.base.model_download import ModelDownload
from jsft_tui.tui.base.remedy_text import remedy_text
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.jobs.artifacts import ArtifactActions
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import line


class JobActions(ArtifactActions):
    """A screen that shows jobs."""

    @property
    def would_lose(self) -> str:
        """A download that was begun here goes on later; it is said all the same."""
        under_way = self.jsft.download
        if under_way is None or under_way.screen is not self:
            return super().would_lose
        return f"The model of {under_way.job} is on its way here. What has come is kept for the next time."

    @property
    def is_downloading(self) -> bool:
        """Whether a model is on its way here, or being unpacked."""
        return self.jsft.download is not None or self._unpacking is not None

    def say(self, text: str, sign: Status | None = None) -> None:
        """Whatever begins or ends here is said; the footer follows."""
        super().say(text, sign)
        if self.is_mounted:
            self.draw_hints()

    # Stop

    def stop_job(self, job: TrainingJob) -> None:
        """Ask, then stop a job."""
        now, session = self.session.now(), self.session
        if (refused := session.services.jobs.not_stopped(job)) is not None:
            self.say(str(refused), Status.WARNING)
            return
        cost = dollars(cost_so_far(job, session.prices or {}, now))
        lines = [
            line(f"{job.secondary_status}, {clock(job.elapsed_seconds(now))} since it was launched, {cost} so far."),
            line("It gets two minutes to save what it has; what it has saved is uploaded."),
        ]

        def stopped(_: None) -> None:
            self.say(stopping(job.name), Status.STOPPED)
            self.jsft.poll_jobs()

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.say(f"Stopping {job.name} …")
                self.ask("stop", lambda _: session.services.jobs.stop(job.name), stopped)

        self.app.push_screen(ConfirmDialog(f"Stop {job.name}?", lines, label="stop it"), answered)

    # Clone

    def clone_job(self, name: str) -> None:
        """Take a job's settings into the draft."""
        session = self.session
        self.say(f"Reading {name} …")

        def cloned(found: ClonedRun) -> None:
            self._take_into_draft(found.run, name, caution=found.note)

        self.ask("clone", lambda _: session.services.clone(name), cloned)

    def action_go_on(self) -> None:
        """Make the draft go on from the job's model."""
        if (job := self._job) is None:
            return
        services, name = self.session.services, job.name

        def cloned(found: ClonedRun) -> None:
            change = "the weights that it starts from, which are this job's model"
            self._take_into_draft(found.run, name, change=change, caution=f"{SAME_CLASSES}. {found.note}".strip())

        self.say(f"Reading {name} …")
        self.ask("clone", lambda _: services.continued(name), cloned)

    def retry_job(self, job: TrainingJob) -> None:
        """Take a job that went wrong into the draft, with the doctor's remedy applied where the program can."""
        services, name = self.session.services, job.name
        remedy = remedy_text(job.diagnosis.remedy) if job.diagnosis else ""

        def fixed(found: FixedRun) -> None:
            self._take_into_draft(found.run, name, change=found.change, caution=found.note)

        def not_fixed(problem: Problem) -> None:
            if problem.code != "NoFix":
                self.say_problem(problem)
                return
            self.ask("clone", lambda _: services.clone(name), cloned)

        def cloned(found: ClonedRun) -> None:
            note = f"To change by hand: {remedy}" if remedy else ""
            self._take_into_draft(found.run, name, note=note, caution=found.note)

        self.say(f"Reading {name} …")
        self.ask("clone", lambda _: services.fixed_clone(name), fixed, not_fixed)

    def _take_into_draft(self, run: Run, name: str, *, change: str = "", note: str = "", caution: str = "") -> None:
        """Make a run the draft. Asks first when a draft that was never launched would be lost, or something differs.

        Args:
            run: the new draft.
            name: the job that it is made from.
            change: what is different from that job.
            note: what is still to be done or to be kept in mind.
            caution: what to know before it is taken, such as what of the job is not in the run.
        """
        session = self.session
        draft = session.drafts.run

        def put() -> None:
            session.drafts.put(run)
            said = f"Changed: {change}. {note}" if change else note
            self.say(
                f"{name} is the draft now, as {run.name}: {self.key('go_review')} to review it. {said}".strip(),
                Status.COMPLETED,
            )

        def answered(agreed: bool | None) -> None:
            if agreed:
                put()
            else:
                self.say("The draft stays as it is.")

        lines = [line(f"It is as {name} was, but for {change}.")] if change else []
        if caution:
            lines.append(line(caution, "warning"))
        if draft.model.id and not session.drafts.is_launched and session.job_list.state.get(draft.name) is None:
            lines.append(line(f"It replaces the draft {draft.name} ({draft.model.id}), which was never launched."))
        if lines:
            self.ask_person(ConfirmDialog(f"{run.name} as the draft?", lines, label="take it"), answered)
        else:
            put()

    # Download

    def download_job(self, name: str) -> None:
        """Ask for a folder, then download the job's model into it; one download at a time, on whichever screen."""
        if self._says_what_runs():
            return

        def answered(folder: str | None) -> None:
            if folder is not None:
                self._begin_download(name, Path(folder))

        about = "A folder on this machine; it is made where it is missing."
        self.app.push_screen(PromptDialog(f"Download the model of {name} to", f"./{name}", about=about), answered)

    def _says_what_runs(self) -> bool:
        if (under_way := self.jsft.download) is None:
            return False
        self.say(f"A download of {under_way.job} runs already. {self.stop_key} stops it.", Status.WARNING)
        return True

    def _begin_download(self, name: str, folder: Path) -> None:
        if self._says_what_runs():
            return
        services, stop_key = self.session.services, self.stop_key

        def call(wanted: Reporter[TransferProgress]) -> Downloaded:
            plan = services.artifacts.plan(services.jobs.get(name), folder)
            advance = counted(plan.total, wanted)
            advance(0)  # it may have been stopped by now: nothing is written then
            return services.artifacts.fetch(plan, advance)

        def tell(far: TransferProgress) -> None:
            self.say(f"Downloading {name}: {far}   {stop_key} stops it")

        def done(found: Downloaded) -> None:
            self.jsft.download = None
            self.say(found.said, Status.COMPLETED)
            self.offer_unpacking(found)

        def failed(problem: Problem) -> None:
            self.jsft.download = None
            self.say_problem(problem)

        self.jsft.download = ModelDownload(name, self)
        self.say(f"Downloading the model of {name} …")
        self.ask("download", call, done, failed, tell)

    def cancel_download(self) -> bool:
        """Stop the unpacking, or the download, wherever it was begun; whether there was one under way."""
        if self.cancel_unpacking():
            return True
        if (under_way := self.jsft.download) is None:
            return False
        self.jsft.download = None
        under_way.screen.forget("download")
        for screen in {under_way.screen, self}:
            screen.say(f"The download of {under_way.job} was stopped; started again, it goes on where it was.")
        return True

    # Copy

    def copy_text(self, what: str, text: str) -> None:
        """Send a text to the terminal's clipboard."""
        self.app.copy_to_clipboard(text)
        self.say(f"{what} sent to the clipboard (OSC 52): {text}", Status.COMPLETED)
