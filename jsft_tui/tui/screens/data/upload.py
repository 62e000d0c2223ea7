"""Upload from this machine: choose a folder, compare with S3, confirm, send, cancel, resume later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.storage.left_out import sentences, shown_name
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.storage.transfer import TransferProgress, counted, size
from jsft_tui.services.storage.upload.uploads import UploadPlan
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.dialogs.prompt import parsed_by
from jsft_tui.tui.dialogs.upload import UploadDialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

DATA = "data/"
"""Below this prefix of a bucket data goes, unless the person says otherwise."""


class UploadFlow:
    """One upload at a time, from the key to the last file."""

    def __init__(self, screen: WorkScreen, uploaded: Callable[[S3Uri], None]) -> None:
        """Create it; `uploaded` is called with the destination when an upload has completed."""
        self._screen, self._uploaded = screen, uploaded
        self._folder = "."
        self._running: UploadPlan | None = None
        self._done = 0
        self._dialog: UploadDialog | None = None

    @property
    def is_running(self) -> bool:
        """Whether an upload is in progress."""
        return self._running is not None

    @property
    def loss(self) -> str:
        """What leaving now would interrupt; empty if nothing."""
        plan = self._running
        if plan is None:
            return ""
        left = size(plan.total - self._done)
        later = f"{self._screen.key('upload')} goes on with it later."
        return f"The upload to {plan.target} is not done: {left} are left. {later}"

    @property
    def _stop_key(self) -> str:
        return self._screen.key("cancel_work")

    @property
    def _go_on(self) -> str:
        return f"{self._screen.key('upload')} goes on with what is left."

    def reset(self) -> None:
        """Forget the upload of the previous target, which has ended."""
        self._running = None

    def begin(self, target: S3Uri | None) -> None:
        """Ask for a folder to upload below `target`."""
        if (refused := self._screen.session.services.uploads.refused) is not None:
            self._screen.say_problem(refused)
        elif self._running is not None:
            self._screen.say(
                f"An upload to {self._running.target} runs already. {self._stop_key} stops it.", Status.WARNING
            )
        else:
            self._screen.start("upload", lambda: self._upload(target))

    def cancel(self) -> None:
        """Cancel the upload; the files sent so far stay."""
        plan, self._running = self._running, None
        self._screen.cancel("upload", "compare", "send")
        if plan is not None:
            self._screen.say(f"The upload to {plan.target} was stopped. {self._go_on}", Status.STOPPED)

    async def _upload(self, below: S3Uri | None) -> None:
        screen = self._screen
        if (path := await screen.open_dialog(FolderDialog("Upload which folder?", self._folder))) is None:
            return
        self._folder = str(Path(path).parent)
        name, slash = shown_name(Path(path).name), "/" if path.endswith("/") else ""
        below = below or self._usual_place()
        proposal = f"{below.as_prefix().child(name)}{slash}" if below else "s3://"
        self._dialog = dialog = UploadDialog(
            shown_name(path),
            proposal,
            parsed_by(S3Uri.parse),
            lambda target: screen.start("compare", lambda: self._compare(dialog, Path(path), S3Uri.parse(target))),
        )
        if await screen.open_dialog(dialog) is False:
            self.cancel()
        screen.cancel("compare")
        self._dialog = None

    def _usual_place(self) -> S3Uri | None:
        """Return where data goes that is uploaded from the first page: beside the models that the run writes."""
        output = self._screen.session.run.output
        return S3Uri(S3Uri.parse(output).bucket, DATA) if output else None

    async def _compare(self, dialog: UploadDialog, source: Path, target: S3Uri) -> None:
        """Tell the dialog what would be sent; it has no question where nothing would."""
        screen = self._screen
        try:
            plan = await screen.call(lambda: screen.session.services.uploads.plan(source, target))
        except Problem as problem:
            dialog.show_wrong(str(problem))
            return
        if plan.files:
            dialog.show_plan(_plan_lines(plan), lambda: screen.start("send", lambda: self._send(plan)))
        else:
            dialog.answer(None)
            screen.say(_result(plan), _outcome(plan))

    async def _send(self, plan: UploadPlan) -> None:
        uploads = self._screen.session.services.uploads
        self._running, self._done = plan, 0
        self._say(TransferProgress(0, plan.total))

        def send(reporter: Reporter[TransferProgress]) -> None:
            uploads.send(plan, counted(plan.total, reporter))

        try:
            await self._screen.call_with_progress(send, self._say)
        except Problem as problem:
            self._end()
            self._screen.say(f"{problem} {self._go_on}", Status.FAILED)
        else:
            self._end()
            self._screen.say(_result(plan), _outcome(plan))
            self._uploaded(plan.target)

    def _end(self) -> None:
        self._running = None
        if self._dialog is not None and self._dialog.is_mounted:
            self._dialog.answer(None)

    def _say(self, progress: TransferProgress) -> None:
        if self._running is not None:
            self._done = progress.done
            if self._dialog is not None:
                self._dialog.show_progress(progress)
            self._screen.say(f"Uploading: {progress} … {self._stop_key} stops it.", Status.RUNNING)


def _plan_lines(plan: UploadPlan) -> list[TextLine]:
    lines = [fact("Sends", plan.sends)]
    if plan.already:
        lines.append(fact("Leaves out", plan.leaves_out))
    lines += [line(sentence, "muted") for sentence in plan.cleared]
    lines += [line(sentence, "warn") for sentence in _losses(plan)]
    unseen = [entry for entry in plan.left_out if not entry.reason.is_loss]
    lines += [line(sentence, "muted") for sentence in sentences(unseen)]
    lines.append(line("Files of the same names are replaced.", "muted"))
    return lines


def _losses(plan: UploadPlan) -> list[str]:
    return sentences(entry for entry in plan.left_out if entry.reason.is_loss)


def _result(plan: UploadPlan) -> str:
    return " ".join((plan.done, *_losses(plan)))


def _outcome(plan: UploadPlan) -> Status:
    return Status.WARNING if plan.loses else Status.COMPLETED
