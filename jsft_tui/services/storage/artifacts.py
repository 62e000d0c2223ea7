"""Model artifacts of jobs: list, plan a download, download."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.storage.archives import Member, MemberKind
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.settings.text_files import EXISTS, expanded
from jsft_tui.services.storage.archives import Contents, remote_contents
from jsft_tui.services.storage.downloads import Match, download, kept, match
from jsft_tui.services.storage.transfer import Advance, require_room, size


@dataclass(frozen=True)
class ArtifactFile:
    """One file of a model artifact: its S3 URI, its local path, and its size in bytes."""

    uri: S3Uri
    path: Path
    size: int


@dataclass(frozen=True)
class DownloadPlan:
    """The files that a download has to fetch.

    Attributes:
        job: the name of the job whose model it is.
        folder: the local folder.
        files: all files of the model.
        left: those that are not in the folder yet.
        begun: bytes of these that an earlier download fetched.
        is_archive: whether the model is one model.tar.gz, which can be unpacked.
        is_compared: whether all files in the folder were compared with a checksum of S3.
    """

    job: str
    folder: Path
    files: tuple[ArtifactFile, ...]
    left: tuple[ArtifactFile, ...]
    begun: int
    is_archive: bool
    is_compared: bool = True

    @property
    def total(self) -> int:
        """Bytes of the files that are left, including their parts from an earlier download."""
        return sum(file.size for file in self.left)

    @property
    def archive(self) -> Path | None:
        """The local model.tar.gz; None for an uncompressed model."""
        return self.files[0].path if self.is_archive else None

    @property
    def task(self) -> str:
        """The download, described while it runs."""
        resumed = f", {size(self.begun)} of it from an earlier download" if self.begun else ""
        return f"Downloading {plural(len(self.left), 'file')} of {self.job}, {size(self.total)}{resumed}"


@dataclass(frozen=True)
class Downloaded:
    """A finished download; `is_compared` tells whether all of it was compared with a checksum of S3."""

    plan: DownloadPlan
    is_compared: bool

    @property
    def said(self) -> str:
        """The result in a sentence."""
        plan = self.plan
        how = "checksums compared" if self.is_compared else "size compared; S3 has no checksum"
        if not plan.left:
            return f"The model of {plan.job} is already in {plan.folder} ({how}); nothing was downloaded."
        present = len(plan.files) - len(plan.left)
        rest = f" {plural(present, 'file')} had been downloaded before." if present else ""
        return f"Downloaded {size(plan.total)} to {plan.folder} ({how}).{rest}"


class Artifacts:
    """Model artifacts of one target's jobs."""

    def __init__(self, s3: S3) -> None:
        self._s3 = s3

    def files(self, job: TrainingJob, folder: Path) -> list[ArtifactFile]:
        """Return the files of a job's model: one model.tar.gz, or those of an uncompressed output.

        Raises:
            Problem: the job has no model (code `NoModel`).
        """
        if not job.output_path:
            raise Problem("NoModel", f"{job.name} ({job.status.value}) has no model.", kind=ProblemKind.JOB)
        uri = S3Uri.parse(job.output_path)
        if not job.uncompressed:
            return [ArtifactFile(uri, folder / uri.name, self._s3.head(uri).size or 0)]
        root = uri.as_prefix()
        found = []
        for entry in self._s3.objects(root):
            relative = entry.uri.key.removeprefix(root.key)
            if not relative or relative.endswith("/"):
                continue
            found.append(ArtifactFile(entry.uri, _inside(folder, relative), entry.size or 0))
        if not found:
            raise Problem("NoModel", f"there is nothing under {root}.", kind=ProblemKind.JOB)
        return found

    def contents(self, job: TrainingJob) -> Contents:
        """Return the contents of a job's model; of an archive no more is read than that takes.

        Raises:
            Problem: the job has no model (code `NoModel`), or its archive is unreadable.
        """
        files = self.files(job, Path())
        if not job.uncompressed:
            return remote_contents(self._s3, files[0].uri)
        root = S3Uri.parse(job.output_path or "").as_prefix().key
        return Contents(tuple(Member(f.uri.key.removeprefix(root), f.size, MemberKind.FILE) for f in files))

    def plan(self, job: TrainingJob, folder: Path, *, overwrite: bool = False) -> DownloadPlan:
        """Plan the download of a job's model.

        Complete files of an earlier download are left out; an incomplete one is resumed.

        Args:
            job: the job.
            folder: the local folder; `~` is the user's home.
            overwrite: whether existing files are replaced.

        Raises:
            Problem: the job has no model (code `NoModel`), a file with other contents exists (`FileExists`), or the
                disk space is not sufficient (`NoRoom`).
        """
        folder = expanded(folder)
        files = self.files(job, folder)
        present = {} if overwrite else {f: self._match(f, job) for f in files if f.path.exists()}
        left = tuple(file for file in files if file not in present)
        begun = sum(min(kept(file.path), file.size) for file in left)
        plan = DownloadPlan(
            job.name,
            folder,
            tuple(files),
            left,
            begun,
            is_archive=not job.uncompressed,
            is_compared=Match.SIZE not in present.values(),
        )
        require_room(folder, plan.total - begun)
        return plan

    def _match(self, file: ArtifactFile, job: TrainingJob) -> Match:
        """Return how surely a local file equals the object.

        Raises:
            Problem: it does not (code `FileExists`).
        """
        found = match(self._s3, file.uri, file.path)
        if found is Match.NO:
            remedy = Remedy("Choose another folder", RemedyCommand.DOWNLOAD, job.name)
            raise usage(EXISTS, f"{file.path} already exists with different contents.", remedy)
        return found

    def fetch(self, plan: DownloadPlan, advance: Advance) -> Downloaded:
        """Download the files of a plan; each appears under its name only when it is complete.

        Args:
            plan: the files.
            advance: called with numbers of bytes, including those of an earlier download; if it raises, the download
                ends with that exception.
        """
        compared = [download(self._s3, file.uri, file.path, advance) for file in plan.left]
        return Downloaded(plan, is_compared=all([plan.is_compared, *compared]))


def _inside(folder: Path, relative: str) -> Path:
    """Return the path of a key below a folder.

    Raises:
        Problem: the key would lead out of the folder (code `UnsafeKey`).
    """
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Problem("UnsafeKey", f"the key {relative!r} would be written outside {folder}.", "It is left out.")
    return path
