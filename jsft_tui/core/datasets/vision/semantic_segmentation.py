"""Check data for semantic segmentation: images/, masks/ of the same names, and class_label_to_prediction_index.json.

Source: AWS's notebook "Introduction to JumpStart - Semantic Segmentation". Masks are checked by name, type and size;
of small PNG masks the numbers of the pixels are read, as Pillow reads them (tried: it scales 2 and 4 bits to 255).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.json_mark import mark_findings
from jsft_tui.core.datasets.base.needs import Need, about, always, file_need, folder_need
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import Member, UnreadableJsonError, decoded, members, shown
from jsft_tui.core.datasets.vision.images.image_file import ImageVerdict
from jsft_tui.core.datasets.vision.images.image_folder import ImageFolder, look_into, missing_folder, no_json_file
from jsft_tui.core.datasets.vision.images.png import GRAY, pixel_values, png_header

SUMMARY = "Folders images/ and masks/ with the same names, and class_label_to_prediction_index.json."
RULES = (
    "Each image in images/ has a mask of the same name in masks/.",
    "Each mask is a PNG of the image's size with the class number of each pixel in one channel.",
    'class_label_to_prediction_index.json: {"background": 0, "person": 1, ...}, each number once.',
    "Only the head of the network is trained.",
)
FILE = "class_label_to_prediction_index.json"
IMAGES, MASKS = "images/", "masks/"
FEW_IMAGES = 10
MOST_CLASSES = 256
"""Values of an eight-bit pixel."""
MOST_BYTES = 256 * 1024
MOST_PIXELS = 4 * 2**20
"""Bytes of masks that are decompressed in all."""
MOST_UNKNOWN = 10
"""Numbers without a class that are named."""
_SCALED = {2: 85, 4: 17}
"""Bits of a gray pixel -> the factor by which Pillow multiplies its value."""


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about a semantic segmentation dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    if item is None:
        yield from about(FILE, [no_json_file(FILE, root)])
    numbers: dict[int, str] = {}
    if item is not None:
        yield from about(FILE, _classes(data, item, numbers))
    data.contents.saw(FILE, plural(len(numbers), "class", "classes") if item else "missing")
    missing = [prefix for prefix in (IMAGES, MASKS) if prefix not in root.prefixes]
    for prefix in missing:
        data.contents.saw(prefix, "missing")
        yield from about(prefix, [missing_folder(root, prefix)])
    if missing:
        return
    images, masks = ImageFolder.of_each(data, (IMAGES, MASKS))
    for folder, prefix, few in ((images, IMAGES, FEW_IMAGES), (masks, MASKS, 0)):
        data.contents.saw(prefix, plural(len(folder.images), "file"))
        yield from about(prefix, folder.findings(prefix, few, left=block))
    if not images.images or not masks.images:
        return
    found = FindingsByKind()
    _pairs(images, masks, found)
    pixels = _Pixels(numbers)
    looked_at = _look_into_pairs(images, masks, data, found, pixels)
    without = found.number("no mask")
    data.contents.saw(PAIRS.name, f"{without:,} without" if without else "all have one")
    data.contents.count("images", len(images.images), complete=images.listing.complete and images.is_walked)
    yield from about(PAIRS.name, found.all())
    yield from about(PAIRS.name, pixels.findings())
    counts = f"{plural(len(images.images), 'image')}, {plural(len(masks.images), 'mask')}"
    yield passed(
        "", f"{counts}; {looked_at:,} of these files checked, and the pixels of {plural(pixels.masks, 'mask')}."
    )


def _classes(data: BudgetedDataset, item: DataObject, numbers: dict[int, str]) -> Iterator[LintFinding]:
    if item.size > MOST_BYTES:
        yield block(FILE, f"has {item.size:,} bytes; it must map class names to numbers.")
        return
    body = data.read(FILE, 0, item.size)
    if len(body) < item.size:
        yield warn(FILE, "was not checked: the read limit is too low.")
        return
    found = FindingsByKind()
    yield from mark_findings(FILE, body)
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
        why = f"has {shown(value)} as the number of {label}; it must be an integer from 0 to {MOST_CLASSES - 1}."
        found.add("number", block(FILE, why))
    elif value in numbers:
        found.add("twice", block(FILE, f"gives {label} the number {value}, which {shown(numbers[value])} already has."))
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


def _look_into_pairs(
    images: ImageFolder, masks: ImageFolder, data: BudgetedDataset, found: FindingsByKind, pixels: _Pixels
) -> int:
    """Check masks and their images; return the number of files."""
    sizes = {}
    for item, verdict, head in look_into(masks.images, data, found, 0.5):
        sizes[_stem(item, MASKS)] = (verdict, item.name)
        _judge_mask(verdict, item.name, found)
        if verdict.format == "png" and not verdict.fault and len(head) == item.size:
            pixels.add(head, item.name)
    count = len(sizes)
    for item, verdict, _ in look_into(images.images, data, found):
        count += 1
        mask, mask_name = sizes.get(_stem(item, IMAGES), (None, ""))
        sides = (verdict.width, verdict.height)
        if mask and all(sides) and mask.width and (mask.width, mask.height) != sides:
            why = f"is {mask.width} x {mask.height} pixels, but {item.name} is {sides[0]} x {sides[1]}."
            found.add("sides", block(mask_name, why))
    return count


def _judge_mask(verdict: ImageVerdict, name: str, found: FindingsByKind) -> None:
    if verdict.format == "jpeg":
        found.add("jpeg", block(name, "is a JPEG, which blurs class numbers; masks must be PNG."))
    elif verdict.channels > 1 and not verdict.fault:
        why = f"has {verdict.channels} channels; a mask has one, with the class number of each pixel."
        found.add("channels", warn(name, why))


@dataclass
class _Pixels:
    """The numbers that the pixels of small masks have, and which of them no class has.

    Attributes:
        classes: number -> name, of the file; empty if it could not be read.
        masks: how many masks were read this way.
        left: bytes that may still be decompressed.
        unknown: number -> the first mask that has it, and how many have it.
        used: all the numbers.
    """

    classes: dict[int, str]
    masks: int = 0
    left: int = MOST_PIXELS
    unknown: dict[int, tuple[str, int]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def add(self, body: bytes, name: str) -> None:
        """Read the pixels of a mask, as far as the limit goes."""
        header = png_header(body)
        if header is None or header.raw_size > self.left:
            return
        values = pixel_values(header, body)
        if values is None:
            return
        self.left -= header.raw_size
        self.masks += 1
        scale = _SCALED.get(header.depth, 1) if header.color_type == GRAY else 1
        values = frozenset(value * scale for value in values)
        self.used |= values
        for value in sorted(values - self.classes.keys())[:MOST_UNKNOWN] if self.classes else ():
            first, count = self.unknown.get(value, (name, 0))
            self.unknown[value] = first, count + 1

    def findings(self) -> Iterator[LintFinding]:
        """Yield the numbers that no class has, and that there is nothing to learn."""
        for value in sorted(self.unknown)[:MOST_UNKNOWN]:
            first, count = self.unknown[value]
            more = f" ({count:,} of {plural(self.masks, 'mask')})"
            yield warn(
                first, f"has pixels of the number {value}, which no class in {FILE} has{self._hint(value)}{more}."
            )
        strange = len(self.used - self.classes.keys()) if self.classes else 0
        if strange > MOST_UNKNOWN:
            yield warn(MASKS, f"has pixels of {strange:,} numbers that no class has; are these class numbers?")
        if self.masks > 1 and len(self.used) == 1:
            only = next(iter(self.used))
            yield warn(
                MASKS, f"has nothing but the number {only} in {plural(self.masks, 'mask')}: there is nothing to learn."
            )

    def _hint(self, value: int) -> str:
        if value == 255 and self.used <= {0, 255}:
            return "; drawing programs save white as 255, where 1 is meant"
        return "; borders that are to be ignored are not documented" if value == 255 else ""


SAMPLE = Sample(
    "images and their masks",
    (
        "s3://your-bucket/streets/",
        "├─ images/  001.jpg 002.jpg …",
        "├─ masks/   001.png 002.png …",
        "└─ class_label_to_prediction_index.json",
    ),
    "masks: .png, a class number per pixel",
    "streets/ ─ images/ 001.jpg …  masks/ 001.png …  class_label_…index.json",
)
PAIRS = Need("pairs", "a mask for each image")
LABELS = replace(file_need(FILE), words="class_label_to_….json")
FORMAT = DataFormat(
    Task.SEMANTIC_SEGMENTATION,
    SUMMARY,
    RULES,
    lint,
    SAMPLE,
    always(folder_need(IMAGES), folder_need(MASKS), PAIRS, LABELS),
)
