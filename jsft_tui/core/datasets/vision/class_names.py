"""The classes of a dataset side by side: names that mean the same one, and classes that hardly occur."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from jsft_tui.core.datasets.base.reader import LintFinding, warn

_UNBALANCED = 20
"""Images of the largest class for each one of the smallest, from which on a model tends to ignore the latter."""


def twins(folders: Sequence[str]) -> Iterator[LintFinding]:
    """Yield class folders whose names differ only in case, blanks, or the way in which accents are written.

    S3 keeps them apart, and so does the instance: macOS writes accents decomposed, others composed (Unicode, UAX 15).
    """
    seen: dict[str, str] = {}
    for folder in folders:
        plain = "".join(unicodedata.normalize("NFC", folder.removesuffix("/")).casefold().split())
        first = seen.setdefault(plain, folder)
        if first != folder:
            yield warn(folder, f"and {first} look like one class, and become two: their names differ a little.")


def imbalance(images: Mapping[str, int]) -> Iterator[LintFinding]:
    """Yield that one class has many times the images of another."""
    if len(images) < 2:
        return
    most, least = max(images, key=images.__getitem__), min(images, key=images.__getitem__)
    if images[most] >= _UNBALANCED * images[least]:
        why = f"has {images[least]:,} images and {most} {images[most]:,}; the model may ignore the small class."
        yield warn(least, why)
