"""A job's model: where it lies, and how it gets here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.storage.archives import Member, MemberKind
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.settings.text_files import EXISTS, expanded
from jsft_tui.services.storage.archives import Contents, remote_contents
from jsft_tui.services.storage.downloads import Match, kept
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.storage.transfer import Advance, require_room, size


@dataclass(frozen=True)
class ArtifactFile:
    """One file of an artefact: its place in S3, its place here, its bytes."""

    uri: S3Uri
    path: Path
    size: int


@dataclass(frozen=True)
class DownloadPlan:
    """What a download has to bring.

    Attributes:
        job: the name of the job whose model it is.
        folder: where it goes.
        files: all files of the model.
        left: those that are not here yet.
        begun: bytes of these that an earlier try has brought.
        is_archive: whether the model is one model.tar.gz, which can be unpacked.
        is_compared: whether all files that are here already were compared with a checksum of S3's.
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
        """Bytes to bring, those that have come in part included."""
        return sum(file.size for file in self.left)

    @property
    def archive(self) -> Path | None:
        """The model.tar.gz here; None for an uncompressed model."""
        return self.files[0].path if self.is_archive else None

    @property
    def task(self) -> str:
        """What is being done, while it is."""
        goes_on = f", of which {size(self.begun)} are here from an earlier try" if self.begun else ""
        return f"Downloading {plural(len(self.left), 'file')} of {self.job}, {size(self.total)}{goes_on}"


@dataclass(frozen=True)
class Downloaded:
    """What has come; `is_compared` whether all of it was compared with a checksum of S3's."""

    plan: DownloadPlan
    is_compared: bool

    @property
    def said(self) -> str:
        """What there is now, in a sentence."""
        plan = self.plan
        how = "checksums compared" if self.is_compared else "size compared; S3 has no checksum of it"
        if not plan.left:
            return f"The model of {plan.job} is in {plan.folder} already ({how}); nothing was downloaded."
        before = len(plan.files) - len(plan.left)
        rest = f" {plural(before, 'file')} of it had come before." if before else ""
        return f"Downloaded {size(plan.total)} to {plan.folder} ({how}).{rest}"


class Artifacts:
    """Models of one target's jobs."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def files(self, job: TrainingJob, folder: Path) -> list[ArtifactFile]:
        """What a job left: one model.tar.gz, or the files of an uncompressed output.

        Raises:
            Problem: it left nothing (code `NoModel`).
        """
        if not job.output_path:
            raise Problem("NoModel", f"{job.name} ({job.status.value}) has no model.", kind=ProblemKind.JOB)
        uri = S3Uri.parse(job.output_path)
        if not job.uncompressed:
            return [ArtifactFile(uri, folder / uri.name, self._storage.head(uri).size or 0)]
        root = uri.as_prefix()
        found = []
        for entry in self._storage.objects(root):
            relative = entry.uri.key.removeprefix(root.key)
            if not relative or relative.endswith("/"):
                continue
            found.append(ArtifactFile(entry.uri, _inside(folder, relative), entry.size or 0))
        if not found:
            raise Problem("NoModel", f"there is nothing under {root}.", kind=ProblemKind.JOB)
        return found

    def contents(self, job: TrainingJob) -> Contents:
        """What a job's model consists of; of an archive only as much is read as that takes.

        Raises:
            Problem: it left nothing (code `NoModel`), or no readable archive.
        """
        files = self.files(job, Path())
        if not job.uncompressed:
            return remote_contents(self._storage, files[0].uri)
        root = S3Uri.parse(job.output_path or "").as_prefix().key
        return Contents(tuple(Member(f.uri.key.removeprefix(root), f.size, MemberKind.FILE) for f in files))

    def plan(self, job: TrainingJob, folder: Path, *, overwrite: bool = False) -> DownloadPlan:
        """See what of a job's model has to come, and that it has a place here.

        Files that an earlier download has brought whole are left out; one that has come in part goes on where it was.

        Args:
            job: the job.
            folder: where to; `~` is the person's home.
            overwrite: whether files that are there already are replaced.

        Raises:
            Problem: it left nothing (code `NoModel`), another file is in the way (`FileExists`), or the disk has no
                room for it (`NoRoom`).
        """
        folder = expanded(folder)
        files = self.files(job, folder)
        here = {} if overwrite else {f: self._match(f, job) for f in files if f.path.exists()}
        left = tuple(file for file in files if file not in here)
        begun = sum(min(kept(file.path), file.size) for file in left)
        plan = DownloadPlan(
            job.name,
            folder,
            tuple(files),
            left,
            begun,
            is_archive=not job.uncompressed,
            is_compared=Match.SIZE not in here.values(),
        )
        require_room(folder, plan.total - begun)
        return plan

    def _match(self, file: ArtifactFile, job: TrainingJob) -> Match:
        """How far the file that is here already is known to be the one that would come; never another one."""
        found = self._storage.match(file.uri, file.path)
        if found is Match.NO:
            remedy = Remedy("Choose another folder", RemedyCommand.DOWNLOAD, job.name)
            raise usage(EXISTS, f"{file.path} exists already, and is another file.", remedy)
        return found

    def fetch(self, plan: DownloadPlan, advance: Advance) -> Downloaded:
        """Download what a plan says; each file appears under its name only when it is whole.

        Args:
            plan: what to bring.
            advance: told the bytes, those of an earlier try too; when it raises, the download ends with that.
        """
        compared = [self._storage.download(file.uri, file.path, advance) for file in plan.left]
        return Downloaded(plan, is_compared=all([plan.is_compared, *compared]))


def _inside(folder: Path, relative: str) -> Path:
    """The place of a key below a folder.

    Raises:
        Problem: the key would lead out of it.
    """
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Problem("UnsafeKey", f"the key {relative!r} would be written outside {folder}.", "It is left out.")
    return path
