"""Write and read arrays in numpy's file format (`.npz`) without pickles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import write_file

MAX_BYTES = 256 * 1024**2
"""Maximum size of all arrays in one file; a small file may unpack to far more."""


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], compression: int = zipfile.ZIP_STORED) -> None:
    """Write the file atomically; the same arrays always give the same bytes."""
    write_file(path, lambda target: _write(target, arrays, compression))


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Return all arrays of a file's content.

    Raises:
        ValueError: they are too large, or contain Python objects.
        zipfile.BadZipFile, EOFError, OSError, KeyError, zlib.error: the content is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MAX_BYTES:
        raise ValueError(f"its arrays would take {size} bytes")
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        return {name: loaded[name] for name in loaded.files}


def _write(target: Any, arrays: Mapping[str, NDArray[Any]], compression: int) -> None:
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asarray(array, order="C"), allow_pickle=False)
