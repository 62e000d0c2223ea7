"""Move a job's data between S3 and its disk: input channels, checkpoints and output."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsft_tui.core.storage.archived import ARCHIVED
from jsft_tui.core.storage.key_rules import local_name

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

COPY_CHUNK = 1 << 20


class DownloadFailed(Exception):
    """Input data cannot be downloaded; the message is the text after "Data download failed:"."""


class UploadFailed(Exception):
    """The job's output cannot be uploaded; the message is the text after "Artifact upload failed:"."""


@dataclass(frozen=True)
class Location:
    """A bucket and a key or prefix in it."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> Location:
        """Parse `s3://bucket/key` (or `https://bucket/key`, whose "bucket" does not exist in S3)."""
        bucket, _, key = uri.partition("://")[2].partition("/")
        return cls(bucket, key)

    def child(self, *parts: str) -> Location:
        """Return the location of a key below this prefix."""
        pieces = [self.key.rstrip("/"), *parts]
        return Location(self.bucket, "/".join(piece for piece in pieces if piece))

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class Channel:
    """An input channel as the request names it."""

    name: str
    uri: str
    is_manifest: bool = False
    content_type: str | None = None

    @property
    def location(self) -> Location:
        """The S3 location of its objects."""
        return Location.parse(self.uri)

    @property
    def is_jumpstart_content(self) -> bool:
        """Whether it holds code or weights from JumpStart's own buckets."""
        buckets = ("jumpstart-cache-", "jumpstart-private-cache-")
        return self.name in ("code", "model") and self.location.bucket.startswith(buckets)


def channels_of(request: Mapping[str, Any]) -> list[Channel]:
    """Return the channels of a CreateTrainingJob request that are stored in S3."""
    found = []
    for entry in request.get("InputDataConfig", []):
        source = entry["DataSource"]["S3DataSource"]
        is_manifest = source["S3DataType"] == "ManifestFile"
        found.append(Channel(entry["ChannelName"], source["S3Uri"], is_manifest, entry.get("ContentType")))
    return found


def platform_channels(uris: Mapping[str, str]) -> list[Channel]:
    """Return the channels that the platform adds, by name and S3 URI."""
    return [Channel(name, uri) for name, uri in uris.items()]


def download_channel(store: ObjectStore, channel: Channel, folder: Path) -> int:
    """Copy a channel's objects into a folder as File mode does, and return their number.

    Objects are copied rather than hard-linked: a training script may write to its input, which must not change S3.

    Raises:
        DownloadFailed: an object is missing, or a key is not a valid path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not channel.is_manifest:
        return download_prefix(store, channel.location, folder)
    return sum(download_prefix(store, location, folder, base) for location, base in manifest_locations(store, channel))


def download_prefix(store: ObjectStore, location: Location, folder: Path, base: str | None = None) -> int:
    """Copy every object under a prefix into a folder, and return their number.

    Args:
        store: the sandbox's S3.
        location: the prefix, or the key of one object.
        folder: the destination.
        base: the part of the keys that is removed; None removes the prefix itself.

    Raises:
        DownloadFailed: the bucket does not exist, or a key is not a valid path.
    """
    if store.bucket_region(location.bucket) is None:
        raise DownloadFailed(f"The specified bucket does not exist ({location.uri})")
    count = 0
    for found in store.keys(location.bucket, location.key):
        if "//" in found.key or found.key.startswith("/"):
            # The text: aws-samples/generative-ai-on-amazon-sagemaker#242.
            uri = Location(location.bucket, found.key).uri
            raise DownloadFailed(f"Failed to download data. S3 key: {uri} has an illegal char sub-sequence '//' in it")
        if found.key.endswith("/") and found.size == 0:
            continue  # "folder" objects created by the S3 console
        relative = local_name(found.key, location.key) if base is None else found.key[len(base) :]
        if found.storage_class in ARCHIVED:
            raise DownloadFailed(
                f"Unable to download object {Location(location.bucket, found.key).uri} "
                f"(InvalidObjectState: the storage class {found.storage_class} cannot be read)"
            )
        _download_object(store, Location(location.bucket, found.key), folder, relative)
        count += 1
    return count


def manifest_locations(store: ObjectStore, channel: Channel) -> Iterator[tuple[Location, str]]:
    """Yield the objects that a manifest lists, each with the base of its key.

    A manifest is `[{"prefix": "s3://bucket/path/"}, "relative/key", ...]`.
    """
    location = channel.location
    try:
        with store.read(location.bucket, location.key) as source:
            document = json.load(source)
        prefix, *relatives = document
        base = Location.parse(prefix["prefix"])
        locations = [Location(base.bucket, base.key + str(relative)) for relative in relatives]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as problem:
        raise DownloadFailed(f"Unable to read the manifest {channel.uri} ({problem})") from problem
    for relative in locations:
        yield relative, base.key


def _download_object(store: ObjectStore, location: Location, folder: Path, relative: str) -> None:
    target = folder / relative
    try:
        if not target.resolve().is_relative_to(folder.resolve()) or target == folder:
            raise DownloadFailed(
                f"Unable to download object {location.uri} (the key leads out of the channel's folder)"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with store.read(location.bucket, location.key) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink, COPY_CHUNK)
    except KeyError as problem:
        raise DownloadFailed(f"Unable to download object {location.uri} (it has been deleted)") from problem
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as problem:
        # Not checked against AWS: the wording.
        raise DownloadFailed(
            "Failed to download data. Please check your s3 objects and ensure that there is no object that is both a "
            f"folder as well as a file ({location.uri})"
        ) from problem
    except (OSError, ValueError) as problem:
        raise DownloadFailed(f"Unable to download object {location.uri} ({problem})") from problem


def upload_folder(store: ObjectStore, folder: Path, location: Location) -> None:
    """Upload every file of a folder under a prefix.

    Raises:
        UploadFailed: the bucket no longer exists, or a file cannot be read.
    """
    for file in _files(folder):
        _upload_file(store, file, location.child(file.relative_to(folder).as_posix()))


def upload_archive(store: ObjectStore, folder: Path, location: Location) -> None:
    """Upload a folder as one gzipped tar archive, whose members have no leading directory.

    Raises:
        UploadFailed: the bucket no longer exists, or a file cannot be read.
    """
    archive = folder.with_name(f"{folder.name}.upload.tar.gz")
    try:
        with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
            # A script may remove the folder: treat it as empty.
            for entry in sorted(folder.iterdir()) if folder.exists() else ():
                tar.add(entry, entry.name)
    except OSError as problem:
        raise UploadFailed(f"Unable to pack {folder.name} ({problem})") from problem
    _upload_file(store, archive, location)
    archive.unlink()


def _upload_file(store: ObjectStore, file: Path, location: Location) -> None:
    try:
        with file.open("rb") as source:
            store.write(location.bucket, location.key, source)
    except (KeyError, OSError) as problem:
        raise UploadFailed(f"Unable to upload file to {location.uri} ({problem})") from problem


def _files(folder: Path) -> Iterator[Path]:
    """Yield the regular files below a folder, sorted; links are not followed, as they may leave the job's disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


class CheckpointFolder:
    """A checkpoint folder that is synchronized to S3 (CheckpointConfig).

    Objects in S3 are downloaded at the start; afterwards new and changed files are uploaded, and files that are
    deleted locally are deleted in S3. Objects added to S3 later are left alone.
    Source: SageMaker developer guide, "Checkpoints in Amazon SageMaker".
    """

    def __init__(self, store: ObjectStore, location: Location, folder: Path) -> None:
        self._store = store
        self._place = location
        self._folder = folder
        self._seen: dict[str, tuple[int, int]] = {}

    def restore(self) -> int:
        """Download the checkpoints from S3, and return the number of files.

        Raises:
            DownloadFailed: as `download_prefix` does.
        """
        prefix = self._place.key.rstrip("/")
        location = Location(self._place.bucket, f"{prefix}/" if prefix else "")
        count = download_prefix(self._store, location, self._folder)
        self._seen = self._scan()
        return count

    def sync(self) -> None:
        """Upload what changed since the last synchronization.

        Raises:
            UploadFailed: the bucket no longer exists.
        """
        now = self._scan()
        for name, stamp in now.items():
            if self._seen.get(name) != stamp:
                self._copy_out(name)
        for name in self._seen.keys() - now.keys():
            self._store.delete(self._place.bucket, self._place.child(name).key)
        self._seen = now

    def _copy_out(self, name: str) -> None:
        try:
            _upload_file(self._store, self._folder / name, self._place.child(name))
        except UploadFailed:
            if (self._folder / name).exists():
                raise
            # The script deleted or renamed it meanwhile: the next scan sees that.

    def _scan(self) -> dict[str, tuple[int, int]]:
        found = {}
        for file in _files(self._folder):
            try:
                state = file.stat()
            except FileNotFoundError:
                continue  # scripts rename and delete checkpoints during the scan
            found[file.relative_to(self._folder).as_posix()] = (state.st_mtime_ns, state.st_size)
        return found
