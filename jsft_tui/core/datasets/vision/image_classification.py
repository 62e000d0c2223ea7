"""Image classification: one folder per class, images in it.

Sources: developer guide, jumpstart-fine-tune (.jpg) and image-classification-tensorflow (.jpg, .jpeg, .png).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.vision.image_samples import evenly, is_image, judged, without_empty

SUMMARY = "One folder per class, with that class's images directly in it."
RULES = (
    "As many folders directly under the prefix as there are classes (at least two); the folder's name is the class.",
    "The images lie directly in their class folder, .jpg (TensorFlow models also .jpeg and .png).",
    "Nothing beside the class folders: loose images belong to no class.",
)
FEW_IMAGES = 10
CLASSES_AT_ONCE = 8
"""Classes whose images are looked into in one go."""
_SPLIT_NAMES = frozenset({"train", "training", "val", "valid", "validation", "test"})


@dataclass(frozen=True)
class _ClassFolder:
    """A class and what lies in its folder."""

    name: str
    images: tuple[DataObject, ...]
    others: tuple[DataObject, ...]
    listing: Listing


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about an image classification dataset."""
    root = data.listing()
    yield from _loose(root)
    if len(root.prefixes) < 2:
        # Images beside the folders can fill what is listed before any folder comes.
        judge = block if root.complete else warn
        yield judge("", f"{_folders(root)}; there must be at least two class folders directly under the prefix.")
        if not root.prefixes:
            return
    folders = [
        _class_folder(prefix, listing)
        for prefix, listing in zip(root.prefixes, data.listings(root.prefixes), strict=True)
    ]
    for folder in folders:
        yield from _judge_folder(folder)
    yield from _names(folders)
    found = FindingsByKind()
    looked_at = 0
    for start in range(0, len(folders), CLASSES_AT_ONCE):
        some = folders[start : start + CLASSES_AT_ONCE]
        share = len(some) / (len(folders) - start)  # every class gets its part of the budgets
        looked_at += _look_into_classes(some, data, share, found)
    yield from found.all()
    images = sum(len(folder.images) for folder in folders)
    if looked_at < images:
        data.sampled = True
    classes = plural(len(folders), "class", "classes")
    if images and not looked_at:
        yield warn("", "no image was looked into: too little may be read.")
    elif images:
        yield passed("", f"{classes}, {plural(images, 'image')}; {looked_at:,} of them looked into.")


def _folders(root: Listing) -> str:
    among = "" if root.complete else f" among the first {len(root.objects) + len(root.prefixes):,} entries"
    return f"there is only the folder {root.prefixes[0]}{among}" if root.prefixes else f"there are no folders{among}"


def _loose(root: Listing) -> Iterator[LintFinding]:
    loose = [item.name for item in root.objects if is_image(item)]
    other = [item.name for item in root.objects if item.name and not is_image(item) and item.size]
    if loose:
        count = plural(len(loose), "image")
        yield warn(loose[0], f"lies beside the class folders and belongs to no class ({count} in all).")
    if other:
        yield warn(other[0], f"lies beside the class folders and is ignored ({plural(len(other), 'file')} in all).")


def _class_folder(prefix: str, listing: Listing) -> _ClassFolder:
    own = [item for item in listing.objects if item.name != prefix]
    images = tuple(item for item in own if is_image(item))
    return _ClassFolder(prefix, images, tuple(item for item in own if not is_image(item)), listing)


def _judge_folder(folder: _ClassFolder) -> Iterator[LintFinding]:
    if not folder.images:
        if folder.listing.prefixes:
            deeper = folder.listing.prefixes[0]
            yield block(folder.name, f"has no images itself, only folders ({deeper}); images lie one level too deep.")
        elif folder.others:
            yield block(folder.name, f"has no .jpg, .jpeg or .png images ({folder.others[0].name} is none).")
        else:
            yield block(folder.name, "is empty.")
        return
    if folder.listing.prefixes:
        yield warn(folder.listing.prefixes[0], "is a folder inside a class folder; what lies in it may be ignored.")
    if folder.others:
        why = f"is no .jpg, .jpeg or .png image and is ignored ({len(folder.others):,} in {folder.name})."
        yield warn(folder.others[0].name, why)
    if folder.listing.complete and len(folder.images) < FEW_IMAGES:
        yield warn(folder.name, f"has only {plural(len(folder.images), 'image')}.")


def _names(folders: list[_ClassFolder]) -> Iterator[LintFinding]:
    hidden = [folder.name for folder in folders if folder.name.startswith(".")]
    if hidden:
        yield warn(hidden[0], "would become a class; remove it.")
    splits = [folder.name for folder in folders if folder.name.strip("/").lower() in _SPLIT_NAMES]
    if splits:
        yield warn(splits[0], "sounds like a split, not like a class: point the training channel at the folder in it.")


def _look_into_classes(folders: list[_ClassFolder], data: BudgetedDataset, share: float, found: FindingsByKind) -> int:
    """Look into images of some classes, evenly over each folder, within a share of the budgets; returns how many."""
    chosen: list[DataObject] = []
    part = share / len(folders)
    for folder in folders:
        chosen += evenly(without_empty(folder.images, found), data.left * part, data.reads * part)
    return sum(1 for _ in judged(chosen, data, found))


FORMAT = DataFormat(Task.IMAGE_CLASSIFICATION, SUMMARY, RULES, lint)
