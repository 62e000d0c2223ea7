"""A job's model: where it lies, and how it gets here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.archives import Member, MemberKind
from jsft_tui.core.errors import Problem, ProblemKind
from jsft_tui.core.jobs import TrainingJob
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.services.archives import Contents, remote_contents
from jsft_tui.services.storage import Storage


@dataclass(frozen=True)
class ArtifactFile:
    """One file of an artefact: its place in S3, its place here, its bytes."""

    uri: S3Uri
    path: Path
    size: int


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

    def download(self, files: list[ArtifactFile], advance: Callable[[int], None]) -> bool:
        """Download an artefact's files; each appears under its name only when it is whole.

        Returns:
            Whether all of them could be compared with a checksum of S3's.
        """
        compared = True
        for file in files:
            compared = self._storage.download(file.uri, file.path, advance) and compared
        return compared


def _inside(folder: Path, relative: str) -> Path:
    """The place of a key below a folder.

    Raises:
        Problem: the key would lead out of it.
    """
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Problem("UnsafeKey", f"the key {relative!r} would be written outside {folder}.", "It is left out.")
    return path
