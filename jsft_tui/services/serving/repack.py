"""Pack the inference code into the archive of a trained model, as the SDK does (`sagemaker.utils.repack_model`)."""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.serving.deploy.build import Repack
from jsft_tui.core.storage.incomplete_uploads import IncompleteUpload
from jsft_tui.services.storage.downloads import download
from jsft_tui.services.storage.transfer import Advance, require_room

CODE = "code"
"""The folder of the code in the archive (`/opt/ml/model/code` in the container)."""


def repack(s3: S3, wanted: Repack, advance: Advance) -> None:
    """Download model and code, pack them into one archive, and upload it.

    Args:
        s3: of the target.
        wanted: what is packed, and where it goes.
        advance: called with the bytes that were transferred; it may raise to stop.

    Raises:
        Problem: something cannot be read or written, there is no room, or an archive is none.
    """
    with TemporaryDirectory(prefix="jsft-repack-") as name:
        folder = Path(name)
        model, code, packed = folder / "model.tar.gz", folder / "sourcedir.tar.gz", folder / "packed.tar.gz"
        require_room(folder, 2 * (s3.head(wanted.model).size or 0))
        download(s3, wanted.model, model, advance)
        _download_code(s3, wanted, code, advance)
        try:
            pack(model, code, packed)
        except (tarfile.TarError, EOFError, OSError) as error:
            message = f"the code could not be packed into {wanted.model}: {error}."
            raise blocked("CannotRepack", message, "Look at it: jsft download JOB --list") from error
        _upload(s3, packed, wanted, advance)


def pack(model: Path, code: Path, target: Path) -> None:
    """Write an archive with the members of a model and, in `code/`, those of its code; code in the model is replaced.

    Members are copied from archive to archive: nothing is unpacked, so none can be written to another place.
    """
    with (
        tarfile.open(model) as trained,
        tarfile.open(code) as source,
        tarfile.open(target, "w:gz", compresslevel=6) as packed,
    ):
        for member, name in _members(trained):
            if name.split("/")[0] != CODE:
                _copy(trained, packed, member, name)
        for member, name in _members(source):
            _copy(source, packed, member, f"{CODE}/{name}")


def _members(archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, str]]:
    """Yield files and folders with their names, those outside of the archive's own folder left out."""
    for member in archive:
        name = posixpath.normpath(member.name).lstrip("/")
        if (member.isfile() or member.isdir()) and name not in ("", ".") and name.split("/")[0] != "..":
            yield member, name


def _copy(source: tarfile.TarFile, target: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> None:
    target.addfile(member.replace(name=name), source.extractfile(member) if member.isfile() else None)


def _download_code(s3: S3, wanted: Repack, path: Path, advance: Advance) -> None:
    """Download the code with the caller's credentials, or anonymously where they are denied: the bucket is public."""
    try:
        download(s3, wanted.code, path, advance)
    except Problem as problem:
        if problem.code != "AccessDenied":
            raise
        download(s3.public(), wanted.code, path, advance)


def _upload(s3: S3, path: Path, wanted: Repack, advance: Advance) -> None:
    begun: list[IncompleteUpload] = []
    try:
        s3.upload(path, wanted.target, advance, begun.append)
    except BaseException:
        for upload in begun:
            if upload.id:
                s3.abort(upload)
        raise
