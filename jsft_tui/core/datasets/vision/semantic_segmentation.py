"""Semantic segmentation: images/, masks/ of the same names, and class_label_to_prediction_index.json.

Source: AWS's notebook "Introduction to JumpStart - Semantic Segmentation". Masks are judged by name, kind and size; the
numbers in their pixels are not decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import Member, UnreadableJsonError, decoded, members, shown
from jsft_tui.core.datasets.vision.image_file import ImageVerdict
from jsft_tui.core.datasets.vision.image_folder import ImageFolder, look_into, missing_folder, no_json_file

SUMMARY = "Folders images/ and masks/ with the same names, and class_label_to_prediction_index.json."
RULES = (
    "Each image in images/ has a mask of the same name in masks/.",
    "Each mask is a PNG of the image's size that holds the class number of each pixel, in one channel.",
    'class_label_to_prediction_index.json: {"background": 0, "person": 1, ...}, no number twice.',
    "Only the head of the network is trained.",
)
FILE = "class_label_to_prediction_index.json"
IMAGES, MASKS = "images/", "masks/"
FEW_IMAGES = 10
MOST_CLASSES = 256
"""Numbers that a pixel of eight bits can hold."""
MOST_BYTES = 256 * 1024


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a semantic segmentation dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    if item is None:
        yield no_json_file(FILE, root)
    else:
        yield from _classes(data, item)
    missing = [prefix for prefix in (IMAGES, MASKS) if prefix not in root.prefixes]
    for prefix in missing:
        yield missing_folder(root, prefix)
    if missing:
        return
    images, masks = ImageFolder.of_each(data, (IMAGES, MASKS))
    yield from images.findings(IMAGES, FEW_IMAGES)
    yield from masks.findings(MASKS, 0)
    if not images.images or not masks.images:
        return
    found = FindingsByKind()
    _pairs(images, masks, found)
    looked_at = _look_into_pairs(images, masks, data, found)
    yield from found.all()
    numbers = f"{plural(len(images.images), 'image')}, {plural(len(masks.images), 'mask')}"
    yield passed("", f"{numbers}; {looked_at:,} of these files looked into, no mask's pixels.")


def _classes(data: BudgetedDataset, item: DataObject) -> Iterator[LintFinding]:
    if item.size > MOST_BYTES:
        yield block(FILE, f"has {item.size:,} bytes; it must map class names to numbers.")
        return
    body = data.read(FILE, 0, item.size)
    if len(body) < item.size:
        yield warn(FILE, "was not looked into: too little may be read.")
        return
    numbers: dict[int, str] = {}
    found = FindingsByKind()
    try:
        for member in members(decoded(body)):
            _class(member, numbers, found)
    except UnreadableJsonError as error:
        found.add("unreadable", block(f"{FILE} line {error.line}", f"{error.reason}."))
    yield from found.all()
    if len(numbers) < 2 and not any(found.has(kind) for kind in ("unreadable", "number", "twice")):
        yield block(FILE, f"names {plural(len(numbers), 'class', 'classes')}; there must be at least two.")
    elif numbers:
        yield passed(FILE, f"{plural(len(numbers), 'class', 'classes')}.")


def _class(member: Member, numbers: dict[int, str], found: FindingsByKind) -> None:
    value, label = member.value, shown(member.key)
    if member.index is not None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_CLASSES:
        why = f"has {shown(value)} as the number of {label}; it must be a whole number from 0 to {MOST_CLASSES - 1}."
        found.add("number", block(FILE, why))
    elif value in numbers:
        found.add("twice", block(FILE, f"gives {label} the number {value}, which {shown(numbers[value])} has already."))
    else:
        numbers[value] = member.key


def _stem(item: DataObject, prefix: str) -> str:
    return item.name.removeprefix(prefix).rpartition(".")[0]


def _pairs(images: ImageFolder, masks: ImageFolder, found: FindingsByKind) -> None:
    of_images = {_stem(item, IMAGES) for item in images.images}
    of_masks = {_stem(item, MASKS) for item in masks.images}
    for item in images.images:
        stem = _stem(item, IMAGES)
        if stem not in of_masks and masks.lacks(f"{MASKS}{stem}.png"):
            found.add("no mask", block(item.name, f"has no mask: {MASKS}{stem}.png is missing."))
    for item in masks.images:
        stem = _stem(item, MASKS)
        if stem not in of_images and images.lacks(f"{IMAGES}{stem}.png"):
            found.add("no image", warn(item.name, f"is a mask without an image: nothing in {IMAGES} is named {stem}."))


def _look_into_pairs(images: ImageFolder, masks: ImageFolder, data: BudgetedDataset, found: FindingsByKind) -> int:
    """Look into masks and the images they belong to; returns how many files."""
    sizes = dict(_judged(masks.images, MASKS, data, found, 0.5))
    for verdict, name in sizes.values():
        _judge_mask(verdict, name, found)
    count = len(sizes)
    for stem, (verdict, name) in _judged(images.images, IMAGES, data, found, 1):
        count += 1
        mask, mask_name = sizes.get(stem, (None, ""))
        sides = (verdict.width, verdict.height)
        if mask and all(sides) and mask.width and (mask.width, mask.height) != sides:
            why = f"is {mask.width} x {mask.height} pixels, but {name} is {sides[0]} x {sides[1]}."
            found.add("sides", block(mask_name, why))
    return count


def _judged(
    items: Sequence[DataObject], prefix: str, data: BudgetedDataset, found: FindingsByKind, share: float
) -> Iterator[tuple[str, tuple[ImageVerdict, str]]]:
    for item, verdict in look_into(items, data, found, share):
        yield _stem(item, prefix), (verdict, item.name)


def _judge_mask(verdict: ImageVerdict, name: str, found: FindingsByKind) -> None:
    if verdict.format == "jpeg":
        found.add("jpeg", block(name, "is a JPEG, which blurs class numbers; masks must be PNG."))
    elif verdict.channels > 1 and not verdict.fault:
        why = f"has {verdict.channels} channels; a mask has one, with the class number of each pixel."
        found.add("channels", warn(name, why))


FORMAT = DataFormat(Task.SEMANTIC_SEGMENTATION, SUMMARY, RULES, lint)
