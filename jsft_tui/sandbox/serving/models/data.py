"""Where the data of a model is, and its copy on the disk of an endpoint."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.sagemaker.channels import COPY_CHUNK, DownloadFailed, Location, download_prefix

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

ARCHIVE, FOLDER = "model.tar.gz", "model"


class NoModelData(Exception):
    """The data of a model cannot be downloaded; the message is a FailureReason."""


@dataclass(frozen=True)
class ModelData:
    """The data of a model.

    Attributes:
        uri: as the request has it.
        is_prefix: whether it is all objects under a prefix; otherwise it is one object.
        is_archive: whether it is a compressed archive.
    """

    uri: str
    is_prefix: bool = False
    is_archive: bool = True

    @classmethod
    def of(cls, container: Mapping[str, Any]) -> ModelData | None:
        """Return the data that a container definition names; None if it names none."""
        if url := container.get("ModelDataUrl"):
            return cls(url)
        source = (container.get("ModelDataSource") or {}).get("S3DataSource")
        if not source:
            return None
        return cls(source["S3Uri"], source["S3DataType"] == "S3Prefix", source["CompressionType"] == "Gzip")

    @property
    def location(self) -> Location:
        """Its bucket and key or prefix."""
        return Location.parse(self.uri)

    def exists(self, store: ObjectStore, region: str) -> bool:
        """Return whether there is something at the URI, in the region."""
        place = self.location
        if store.bucket_region(place.bucket) != region:
            return False
        if self.is_prefix:
            return any(store.keys(place.bucket, place.key))
        return store.find(place.bucket, place.key) is not None

    def download(self, store: ObjectStore, folder: Path) -> Path:
        """Copy the data into a folder; return the file or folder that the model is read from.

        Raises:
            NoModelData: it is not there, or cannot be read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        try:
            if self.is_archive:
                return self._download_object(store, folder / ARCHIVE)
            if not self.is_prefix:
                name = self.location.key.rpartition("/")[2]
                return self._download_object(store, folder / FOLDER / name).parent
            target = folder / FOLDER
            target.mkdir(exist_ok=True)
            if not download_prefix(store, self.location, target):
                raise KeyError(self.uri)
        except (KeyError, OSError, DownloadFailed) as problem:
            raise NoModelData(_REASON.format(self.uri)) from problem
        return target

    def _download_object(self, store: ObjectStore, target: Path) -> Path:
        place = self.location
        target.parent.mkdir(exist_ok=True)
        with store.read(place.bucket, place.key) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink, COPY_CHUNK)
        return target


# Not checked against AWS: the name of the container.
_REASON = (
    'Failed to download model data for container "container_1" from URL: "{}". Please ensure that there is an object '
    "located at the URL and that the role passed to CreateModel has permissions to download the object."
)


def stored_model(folder: Path) -> Path | None:
    """Return the file or folder of a model that was downloaded before; None if there is none."""
    return next((path for path in (folder / ARCHIVE, folder / FOLDER) if path.exists()), None)
