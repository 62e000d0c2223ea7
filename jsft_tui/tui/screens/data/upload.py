"""Uploading from this machine: choose, look what is there already, confirm, send, stop, go on later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.storage.transfer import TransferProgress, counted, size
from jsft_tui.services.storage.uploads import UploadPlan
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import fact, line


class UploadFlow:
    """One upload at a time, from the key to the last file."""

    def __init__(self, screen: WorkScreen, uploaded: Callable[[S3Uri], None]) -> None:
        """`uploaded` is told where to, when an upload ended well."""
        self._screen, self._uploaded = screen, uploaded
        self._folder = "."
        self._running: UploadPlan | None = None
        self._done = 0

    @property
    def is_running(self) -> bool:
        """Whether something is being sent."""
        return self._running is not None

    @property
    def loss(self) -> str:
        """What leaving now would interrupt; empty when nothing."""
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
        """Another target was opened: its predecessor's upload has ended."""
        self._running = None

    def begin(self, target: S3Uri | None) -> None:
        """Choose a folder; it is to go below `target`."""
        if (refused := self._screen.session.services.uploads.refused) is not None:
            self._screen.say_problem(refused)
        elif self._running is not None:
            self._screen.say(
                f"An upload to {self._running.target} runs already. {self._stop_key} stops it.", Status.WARNING
            )
        else:
            self._screen.app.push_screen(
                FolderDialog("Upload which folder?", self._folder), lambda path: self._chosen(path, target)
            )

    def cancel(self) -> None:
        """Stop sending; what was sent stays."""
        plan, self._running = self._running, None
        self._screen.forget("upload")
        if plan is not None:
            self._screen.say(f"The upload to {plan.target} was stopped. {self._go_on}", Status.STOPPED)

    def _chosen(self, path: str | None, target: S3Uri | None) -> None:
        if path is None:
            return
        source = Path(path)
        self._folder = str(source.parent)
        slash = "/" if path.endswith("/") else ""
        proposal = f"{target.as_prefix().child(source.name)}{slash}" if target else "s3://"
        dialog = PromptDialog(
            f"Upload {source.name} to", proposal, check=parsed_by(S3Uri.parse), about="The files go below this prefix."
        )
        self._screen.app.push_screen(dialog, lambda uri: self._aimed(source, uri))

    def _aimed(self, source: Path, uri: str | None) -> None:
        if uri is None:
            return
        target, uploads = S3Uri.parse(uri), self._screen.session.services.uploads
        self._screen.say(f"Comparing {source} with {target} …")
        self._screen.ask("plan upload", lambda _: uploads.plan(source, target), self._planned)

    def _planned(self, plan: UploadPlan) -> None:
        if not plan.files:
            self._screen.say(plan.done, Status.COMPLETED)
            return
        self._screen.say("")
        lines = [
            fact("From", str(plan.source)),
            fact("To", str(plan.target)),
            fact("Sends", plan.sends),
        ]
        if plan.already:
            lines.append(fact("Leaves out", plan.leaves_out))
        lines.append(line("Files of the same names are replaced.", "quiet"))
        question = ConfirmDialog("Upload?", lines, label="upload")
        self._screen.ask_person(question, lambda agreed: self._agreed(plan, agreed))

    def _agreed(self, plan: UploadPlan, agreed: bool | None) -> None:
        if not agreed:
            return
        self._running, self._done = plan, 0
        self._say(TransferProgress(0, plan.total))
        uploads = self._screen.session.services.uploads

        def call(wanted: Reporter[TransferProgress]) -> None:
            uploads.send(plan, counted(plan.total, wanted))

        self._screen.ask("upload", call, lambda _: self._ended(plan), self._failed, self._say)

    def _say(self, far: TransferProgress) -> None:
        if self._running is not None:
            self._done = far.done
            self._screen.say(f"Uploading: {far} … {self._stop_key} stops it.", Status.RUNNING)

    def _ended(self, plan: UploadPlan) -> None:
        self._running = None
        self._screen.say(plan.done, Status.COMPLETED)
        self._uploaded(plan.target)

    def _failed(self, problem: Problem) -> None:
        self._running = None
        self._screen.say(f"{problem} {self._go_on}", Status.FAILED)
