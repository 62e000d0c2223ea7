"""Uploading from this machine: choose, look what is there already, confirm, send, stop, go on later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import humanize

from jsft_tui.core.errors import Problem
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.core.text import plural
from jsft_tui.services.pace import Paced
from jsft_tui.services.storage import LocalFile, Storage
from jsft_tui.services.tasks import Reporter
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.folder import FolderDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.screens.work_screen import WorkScreen
from jsft_tui.tui.theme import Sign
from jsft_tui.tui.widgets.text_pane import fact, line


@dataclass(frozen=True)
class Plan:
    """What is to be uploaded, and how many files are there already."""

    source: Path
    target: S3Uri
    files: tuple[LocalFile, ...]
    already: int

    @property
    def total(self) -> int:
        """Bytes to send."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Sent:
    """How far an upload is: bytes, and seconds since it began."""

    done: int
    seconds: float


class UploadFlow:
    """One upload at a time, from the key to the last file."""

    def __init__(self, screen: WorkScreen, uploaded: Callable[[S3Uri], None]) -> None:
        """`uploaded` is told where to, when an upload ended well."""
        self._screen, self._uploaded = screen, uploaded
        self._folder = "."
        self._running: Plan | None = None
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
        left = _size(plan.total - self._done)
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
        if self._screen.desk.target.read_only:
            self._screen.say("This session is read-only: nothing is uploaded. Run it without --read-only.", Sign.FAILED)
        elif self._running is not None:
            self._screen.say(
                f"An upload to {self._running.target} runs already. {self._stop_key} stops it.", Sign.WARNING
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
            self._screen.say(f"The upload to {plan.target} was stopped. {self._go_on}", Sign.STOPPED)

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
        target, storage = S3Uri.parse(uri), self._screen.desk.bench.storage
        self._screen.say(f"Comparing {source} with {target} …")
        self._screen.ask("plan upload", lambda _: upload_plan(storage, source, target), self._planned)

    def _planned(self, plan: Plan) -> None:
        if not plan.files:
            count = plural(plan.already, "file")
            self._screen.say(f"Nothing to do: {count} there already with the same contents.", Sign.COMPLETED)
            return
        self._screen.say("")
        lines = [
            fact("From", str(plan.source)),
            fact("To", str(plan.target)),
            fact("Sends", f"{plural(len(plan.files), 'file')}, {_size(plan.total)}"),
        ]
        if plan.already:
            lines.append(fact("Leaves out", f"{plural(plan.already, 'file')} there already with the same contents"))
        lines.append(line("Files of the same names are replaced.", "quiet"))
        self._screen.app.push_screen(
            ConfirmDialog("Upload?", lines, label="upload"), lambda agreed: self._agreed(plan, agreed)
        )

    def _agreed(self, plan: Plan, agreed: bool | None) -> None:
        if not agreed:
            return
        self._running, self._done = plan, 0
        self._say(Sent(0, 0))
        call = send(self._screen.desk.bench.storage, plan.files)
        self._screen.ask("upload", call, lambda _: self._ended(plan), self._failed, self._say)

    def _say(self, sent: Sent) -> None:
        plan = self._running
        if plan is None:
            return
        self._done = sent.done
        percent = 100 * sent.done // max(1, plan.total)
        rate = f", {_size(int(sent.done / sent.seconds))}/s" if sent.seconds else ""
        how_far = f"{_size(sent.done)} of {_size(plan.total)}, {percent} %{rate}"
        self._screen.say(f"Uploading: {how_far} … {self._stop_key} stops it.", Sign.RUNNING)

    def _ended(self, plan: Plan) -> None:
        self._running = None
        count = plural(len(plan.files), "file")
        self._screen.say(f"Uploaded {count}, {_size(plan.total)}, to {plan.target}", Sign.COMPLETED)
        self._uploaded(plan.target)

    def _failed(self, problem: Problem) -> None:
        self._running = None
        self._screen.say(f"{problem} {self._go_on}", Sign.FAILED)


def upload_plan(storage: Storage, source: Path, target: S3Uri) -> Plan:
    """What an upload would have to send. Made in a thread.

    Raises:
        Problem: there is nothing to upload, or it cannot be compared with what is there.
    """
    found = storage.files_to_upload(source, target)
    files = storage.missing_files(found)
    return Plan(source, target, tuple(files), len(found) - len(files))


def send(storage: Storage, files: Sequence[LocalFile]) -> Callable[[Reporter[Sent]], None]:
    """The call that uploads files; it tells how far it is, and ends when nobody wants it."""

    def call(reporter: Reporter[Sent]) -> None:
        paced, lock, began = Paced(reporter), threading.Lock(), time.monotonic()
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            with lock:
                done += count
                so_far = done
            paced.tell(Sent(so_far, time.monotonic() - began))

        storage.upload(files, advance)

    return call


def _size(count: int) -> str:
    return humanize.naturalsize(max(0, count), binary=True)
