"""Which image files the readers of training scripts take, by the endings of their names.

Sources: torchvision `datasets.folder.IMG_EXTENSIONS` (ImageFolder), Keras `flow_from_directory` (its allow list); AWS's
developer guide names .jpg (PyTorch), .jpg, .jpeg and .png (TensorFlow, object detection).
"""

from __future__ import annotations

DOCUMENTED = (".jpg", ".jpeg", ".png")
"""Endings that AWS's pages name."""
FORMATS = {
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".png": "png",
    ".bmp": "bmp",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".webp": "webp",
    ".ppm": "ppm",
    ".pgm": "ppm",
}
"""Endings of images that some reader takes -> what they should hold."""
_KERAS = frozenset(FORMATS) - {".webp", ".pgm"}
_BY_FRAMEWORK = {"tensorflow": _KERAS}
_READERS = {"tensorflow": "Keras", "pytorch": "ImageFolder"}


def endings(framework: str) -> frozenset[str]:
    """Return the endings that a framework's reader takes; of one that is not known all that any reader takes."""
    return _BY_FRAMEWORK.get(framework, frozenset(FORMATS))


def reader(framework: str) -> str:
    """Return the reader's name for a message."""
    return _READERS.get(framework, "the reader")


def extension(name: str) -> str:
    """Return what a name ends in, from its last dot on, in lower case; empty without one."""
    stem, dot, end = name.rpartition("/")[2].rpartition(".")
    return f".{end.lower()}" if stem and dot else ""


def is_documented(name: str) -> bool:
    """Whether AWS's pages name that ending."""
    return extension(name) in DOCUMENTED
