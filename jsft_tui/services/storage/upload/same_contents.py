"""Whether an object in S3 has the contents of a local file: only ever said after both were compared."""

from __future__ import annotations

import hashlib

from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.checksums import verifier
from jsft_tui.core.storage.uri import Entry
from jsft_tui.paths import reading
from jsft_tui.services.storage.upload.upload_files import LocalFile

CHUNK = 1 << 20


def is_same(s3: S3, file: LocalFile, entry: Entry) -> bool:
    """Return whether an object has the contents of a file.

    An ETag that is the file's MD5 decides. For others (uploads in parts, SSE-KMS), the object's checksums are compared,
    or the MD5s of its parts; without any of them the answer is no, and the file is sent again.

    Raises:
        Problem: the file cannot be read (code `CannotRead`), or S3 does not answer.
    """
    if entry.size != file.size:
        return False
    if "-" not in entry.etag and entry.etag == _md5(file):
        return True
    try:
        facts = s3.facts(entry.uri)
    except Problem as problem:
        if problem.code in ("AccessDenied", "NotFound"):
            return False
        raise
    check = verifier(facts) if facts.size == file.size else None
    if check is None:
        return False
    with reading(file.path), file.path.open("rb") as stream:
        while data := stream.read(CHUNK):
            check.update(data)
    return check.matches()


def _md5(file: LocalFile) -> str:
    with reading(file.path), file.path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
