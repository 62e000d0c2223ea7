"""Uploads of local files: compare with the target prefix, and send what is missing."""

from __future__ import annotations

import atexit
import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path

from jsft_tui.aws.s3 import S3
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.storage.incomplete_uploads import Cleared, IncompleteUpload
from jsft_tui.core.storage.key_rules import fault_of_prefix
from jsft_tui.core.storage.left_out import LeftOut
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.paths import reading
from jsft_tui.services.background.tasks import Cancelled, map_parallel
from jsft_tui.services.settings.text_files import expanded
from jsft_tui.services.storage.transfer import Advance, size
from jsft_tui.services.storage.upload.multipart_leftovers import MultipartNotes
from jsft_tui.services.storage.upload.same_contents import is_same
from jsft_tui.services.storage.upload.upload_files import LocalFile, files_of

CONCURRENT = 4
"""Files uploaded at once."""
PATIENCE, EXIT_PATIENCE = 10.0, 3.0
"""Seconds to wait, after an upload has ended early, until its parts are deleted; the second when the program ends."""
_OF_ONE_FILE = ("Changed", "CannotRead")
"""Codes of problems with one local file, after which the others are still sent."""
MAX_LISTINGS = 16
"""The most prefixes that are listed one by one to find existing objects; for more, their common prefix is listed."""


@dataclass(frozen=True)
class UploadPlan:
    """The files that an upload has to send, and the sentences about it."""

    source: Path
    target: S3Uri
    files: tuple[LocalFile, ...]
    already: int = 0
    """Number of files that are skipped because the object has the same contents."""
    left_out: tuple[LeftOut, ...] = ()
    """Entries of the folder that are not sent."""
    cleared: tuple[str, ...] = ()
    """What was done about earlier uploads that had been interrupted."""

    @property
    def total(self) -> int:
        """Bytes to send."""
        return sum(file.size for file in self.files)

    @property
    def sends(self) -> str:
        """The number and size of the files to send."""
        return f"{plural(len(self.files), 'file')}, {size(self.total)}"

    @property
    def leaves_out(self) -> str:
        """The files that are skipped; empty if there are none."""
        return f"{plural(self.already, 'file')} already there with the same contents" if self.already else ""

    @property
    def loses(self) -> bool:
        """Whether anything is left out that a person would expect in S3."""
        return any(entry.reason.is_loss for entry in self.left_out)

    @property
    def done(self) -> str:
        """The result of a successful upload, in a sentence."""
        if not self.files:
            return f"Nothing to do: {self.leaves_out}."
        rest = f"; {self.leaves_out}" if self.already else ""
        return f"Uploaded {self.sends}, to {self.target}{rest}."


class Uploads:
    """Uploads to one target's S3."""

    def __init__(self, s3: S3, target: Target, notes: Path) -> None:
        """Create them; `notes` is the folder for notes of what is under way."""
        self._s3 = s3
        self._target = target
        self._notes = MultipartNotes(notes, _scope(target))

    @property
    def refused(self) -> Problem | None:
        """Why uploads are not possible; None if they are."""
        return writing_refused(self._target, "nothing is uploaded")

    def plan(self, source: Path, target: S3Uri) -> UploadPlan:
        """Compare a file, or all files of a folder, with the objects at the target.

        So an interrupted upload continues with the missing files. Without permission to list the target, everything is
        sent: writing does not need that permission.

        Raises:
            Problem: the session is read-only (code `ReadOnly`), there is nothing to upload (`NoSuchFile`,
                `NothingToUpload`), nobody could train on the place (`BadPlace`), the bucket is missing, or a file
                cannot be read (`CannotRead`).
        """
        if (refused := self.refused) is not None:
            raise refused
        if fault_of_prefix(target.key) is not None:
            tidy = "/".join(part for part in target.key.split("/") if part not in ("", ".", ".."))
            why = f"{target} has an empty part, or one that is . or .., which no training job can download."
            raise usage("BadPlace", why, f"Write s3://{target.bucket}/{tidy}/")
        found = files_of(expanded(source), target)
        cleared = self.clear_leftovers().sentences
        missing = self._missing(found.files)
        return UploadPlan(source, target, tuple(missing), len(found.files) - len(missing), found.left_out, cleared)

    def write(self, uri: S3Uri, body: bytes) -> None:
        """Upload one small file that is not on the disk yet.

        Raises:
            Problem: the session is read-only (code `ReadOnly`), or S3 refuses it.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(body)
            self.send(self.plan(path, uri), lambda _: None)

    def send(self, plan: UploadPlan, advance: Advance) -> None:
        """Upload the files of a plan, a few at once. However it ends, no parts of files are left in S3.

        Args:
            plan: the files.
            advance: called with numbers of bytes, from several threads; if it raises, the upload ends with that
                exception.

        Raises:
            Problem: the first error of S3; files that were not started are not sent. Or, after all others have been
                sent: a file changed meanwhile (code `Changed`), or cannot be read (`CannotRead`).
        """
        sending = _Sending(plan.files, self._send, self._abort_open, advance)
        at_exit = partial(sending.end, EXIT_PATIENCE)
        atexit.register(at_exit)  # the threads are daemons: a program that ends would leave the parts
        try:
            sending.run()
        finally:
            sending.end(PATIENCE)
            atexit.unregister(at_exit)

    def _send(self, file: LocalFile, advance: Advance) -> None:
        """Send one file; the parts of one that was not completed are deleted, or noted for the next start."""
        begun: list[IncompleteUpload] = []

        def began(upload: IncompleteUpload) -> None:
            if upload.id:
                begun.append(upload)
            with suppress(Problem):  # a full disk: the upload is worth more than the note
                self._notes.began(upload)

        try:
            with reading(file.path):
                self._s3.upload(file.path, file.uri, advance, began)
        except BaseException:
            for upload in begun:
                with suppress(Problem):  # it stays noted
                    self._s3.abort(upload)  # boto3 has tried, and does not say whether it could
                    self._notes.ended(upload)
            raise
        for upload in begun:
            self._notes.ended(upload)

    def _abort_open(self) -> None:
        for upload in self._notes.open:
            with suppress(Problem):
                self._s3.abort(upload)

    def clear_leftovers(self) -> Cleared:
        """Delete the parts that killed uploads of ours have left in this target's S3.

        Raises:
            Problem: S3 cannot be reached.
        """
        return Cleared() if self.refused else self._notes.clear(self._s3.abort, self._s3.incomplete_uploads)

    def _missing(self, files: Sequence[LocalFile]) -> list[LocalFile]:
        existing: dict[S3Uri, Entry] = {}
        wanted = {file.uri for file in files}
        try:
            for prefix in _prefixes(files):
                existing |= {entry.uri: entry for entry in self._s3.objects(prefix) if entry.uri in wanted}
        except Problem as problem:
            if problem.code != "AccessDenied":
                raise
        compared = [file for file in files if file.uri in existing]
        same = set[S3Uri]()
        for file, result in map_parallel(
            lambda file: is_same(self._s3, file, existing[file.uri]), compared, CONCURRENT
        ):
            if isinstance(result, Problem):
                raise result
            if result:
                same.add(file.uri)
        return [file for file in files if file.uri not in same]


class _Sending:
    """The files of one upload on their way; it can be ended from another thread."""

    def __init__(
        self,
        files: Sequence[LocalFile],
        send: Callable[[LocalFile, Advance], None],
        abort: Callable[[], None],
        advance: Advance,
    ) -> None:
        self._files, self._send, self._abort, self._advance = files, send, abort, advance
        self._is_over, self._slots = threading.Event(), threading.Semaphore(CONCURRENT)

    def run(self) -> None:
        """Send all files; raises as `Uploads.send` does."""
        faults: list[Problem] = []
        for _, result in map_parallel(self._one, self._files, CONCURRENT):
            if isinstance(result, Problem) and result.code in _OF_ONE_FILE:
                faults.append(result)
            elif isinstance(result, Problem):
                raise result
        if faults:
            raise _of_files(faults)

    def end(self, patience: float) -> None:
        """Send nothing more, and wait for so many seconds until the parts of unfinished files are deleted."""
        self._is_over.set()
        ends = time.monotonic() + patience
        for _ in range(CONCURRENT):
            if not self._slots.acquire(timeout=max(0.0, ends - time.monotonic())):
                self._abort()  # those stay noted: a part may still be on its way
                return

    def _one(self, file: LocalFile) -> None:
        with self._slots:
            if not self._is_over.is_set():
                self._send(file, self._moved)

    def _moved(self, count: int) -> None:
        if self._is_over.is_set():
            raise Cancelled
        self._advance(0)  # is the upload still wanted?
        self._advance(count)


def _of_files(faults: Sequence[Problem]) -> Problem:
    first = faults[0]
    if len(faults) == 1:
        return first
    message = f"{len(faults)} files were not sent as they are: {' '.join(fault.message for fault in faults[:3])}"
    return usage(first.code, message, first.remedy)


def _scope(target: Target) -> str:
    """Return a name of the endpoint and the credentials, for notes that other targets must not act on."""
    endpoint = target.endpoint or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "AWS"
    return f"{endpoint} {target.profile or ''} {target.region}"


def _prefixes(files: Sequence[LocalFile]) -> list[S3Uri]:
    """Return prefixes that cover the files: their folders, or the common prefix if these are many."""
    if len(files) == 1:
        return [files[0].uri]
    tops: list[S3Uri] = []
    for uri in sorted({file.uri.parent for file in files}, key=str):
        if not tops or not str(uri).startswith(str(tops[-1])):
            tops.append(uri)
    if len(tops) <= MAX_LISTINGS:
        return tops
    # In sorted order, the first and the last have the shortest common prefix.
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(tops[0].key, tops[-1].key, strict=False))
    return [S3Uri(tops[0].bucket, "".join(letter for letter, _ in shared))]
