"""Send one file with boto3's transfer manager: notice when the file changes, and when a multipart upload begins."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import S3Transfer, TransferConfig
from botocore.exceptions import ClientError
from s3transfer.utils import OSUtils

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.storage.uri import S3Uri

Began = Callable[[str], None]
"""Called before a multipart upload is created, with an empty id, and before its first part is sent, with its id."""


def send(client: Any, path: Path, uri: S3Uri, advance: Callable[[int], None], began: Began) -> None:
    """Upload a file, in parts if it is large.

    Raises:
        Problem: the file changed meanwhile (code `Changed`).
        BaseException: what `advance` raises, which ends the upload; and what boto3 raises.
    """
    file = _WatchedFile(path)

    def moved(count: int) -> None:
        try:
            advance(count)
        except BaseException as error:
            file.end(error)
            raise

    # The CRT client, which boto3 would prefer on some instance types, would not call our client and files.
    config = TransferConfig(preferred_transfer_client="classic")
    try:
        with S3Transfer(_WatchedClient(client, began), config, cast("Any", _Files(file))) as transfer:
            transfer.upload_file(str(path), uri.bucket, uri.key, callback=moved)
    except Exception as error:
        if file.ended is not None:
            raise file.ended from None
        if isinstance(error, (Boto3Error, ClientError)) and file.has_changed:
            raise _changed(path) from error  # S3 refused bytes that differ from their checksum
        raise
    if file.has_changed:
        raise _changed(path)


def _changed(path: Path) -> Problem:
    message = f"{path} changed while it was uploaded; S3 does not have its contents."
    return usage("Changed", message, "Upload it again when nothing writes to it.")


class _WatchedFile:
    """A file's state before it is read, whether it is still the same, and what has ended its upload early."""

    def __init__(self, path: Path) -> None:
        self._path, self._before = path, path.stat()
        self.size = self._before.st_size
        self.ended: BaseException | None = None

    def end(self, error: BaseException) -> None:
        """End the upload: botocore would repeat a request whose body raises, so each later read raises too."""
        self.ended = self.ended or error

    @property
    def has_changed(self) -> bool:
        try:
            now = self._path.stat()
        except OSError:
            return True
        return _state(now) != _state(self._before)


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class _Stream:
    """The open file; a file that has become shorter ends the upload at once.

    Otherwise the server would wait for the missing bytes until the connection times out.
    """

    def __init__(self, stream: BinaryIO, file: _WatchedFile) -> None:
        self._stream, self._file = stream, file

    def read(self, amount: int | None = None) -> bytes:
        self._require_wanted()
        start = self._stream.tell()
        data = self._stream.read(-1 if amount is None else amount)
        end = self._file.size if amount is None or amount < 0 else min(start + amount, self._file.size)
        if start + len(data) < end:
            self._file.end(_changed(Path(self._stream.name)))
        self._require_wanted()
        return data

    def seek(self, where: int, whence: int = 0) -> int:
        self._require_wanted()
        return self._stream.seek(where, whence)

    def _require_wanted(self) -> None:
        if self._file.ended is not None:
            raise self._file.ended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Files(OSUtils):  # type: ignore[misc]  # s3transfer has no types
    """What the transfer manager knows of the disk: one file, of the size that it had at the start."""

    def __init__(self, file: _WatchedFile) -> None:
        super().__init__()
        self._file = file

    def get_file_size(self, filename: str) -> int:
        """Return the size at the start."""
        del filename
        return self._file.size

    def open(self, filename: str, mode: str) -> Any:
        """Open the file."""
        return _Stream(cast("BinaryIO", Path(filename).open(mode)), self._file)


class _WatchedClient:
    """A client that says when a multipart upload begins."""

    def __init__(self, client: Any, began: Began) -> None:
        self._client, self._began = client, began

    def create_multipart_upload(self, **request: Any) -> Any:
        self._began("")
        answer = self._client.create_multipart_upload(**request)
        self._began(answer["UploadId"])
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
