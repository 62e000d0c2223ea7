"""Object detection: images/ and annotations.json, boxes as [xmin, ymin, xmax, ymax].

Source: developer guide, object-detection-tensorflow. COCO's own boxes ([x, y, width, height]) look alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import Member, UnreadableJsonError, decoded, members, shown
from jsft_tui.core.datasets.vision.image_folder import ImageFolder, look_into, missing_folder, no_json_file

SUMMARY = "A folder images/ and annotations.json with boxes as [xmin, ymin, xmax, ymax]."
RULES = (
    "images/ holds .png, .jpg or .jpeg files.",
    "annotations.json: images [{file_name, height, width, id}], annotations [{image_id, bbox, category_id}].",
    "bbox is [xmin, ymin, xmax, ymax], not COCO's [x, y, width, height].",
)
FILE = "annotations.json"
FOLDER = "images/"
FEW_IMAGES = 10
JSON_SHARE = 0.75
"""Of the byte budget, for the annotations; the images have the rest."""
_SLACK = 1.0
"""Pixels that a box may reach over the edge: rounding."""
_MOST = 10**9

Key = str | int
Box = tuple[float, float, float, float]


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about an object detection dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    if item is None:
        yield no_json_file(FILE, root)
    if FOLDER not in root.prefixes:
        yield missing_folder(root, FOLDER)
        folder = None
    else:
        folder = ImageFolder.of(data, FOLDER)
        yield from folder.findings(FOLDER, FEW_IMAGES)
    seen = _Annotations(folder)
    if item is not None:
        _read(data, item, seen)
    looked_at = 0
    for image, verdict in look_into(folder.images, data, seen.found) if folder else ():
        looked_at += 1
        seen.compare(image, (verdict.width, verdict.height))
    yield from seen.found.all()
    if item is not None and not seen.found.has("unreadable"):
        yield from seen.whole()
    if folder and folder.images:
        yield passed("", f"{plural(len(folder.images), 'image')}; {looked_at:,} of them looked into.")


def _read(data: BudgetedDataset, item: DataObject, seen: _Annotations) -> None:
    if item.size == 0:
        seen.found.add("unreadable", block(FILE, "is empty."))
        return
    allowed = int(data.left * JSON_SHARE)
    seen.complete = item.size <= allowed
    body = b"".join(data.chunks(item, allowed))
    try:
        for member in members(decoded(body, complete=seen.complete), complete=seen.complete):
            seen.add(member)
    except UnreadableJsonError as error:
        seen.found.add("unreadable", block(f"{FILE} line {error.line}", f"{error.reason}."))


@dataclass(frozen=True)
class _Entry:
    """An image as the annotations have it."""

    file_name: str
    width: float
    height: float
    place: str

    def is_left_by(self, right: float, bottom: float) -> bool:
        """Whether a box with these edges reaches beyond it; its size may be unknown (0)."""
        return bool(self.width and self.height) and (right > self.width + _SLACK or bottom > self.height + _SLACK)


@dataclass
class _Annotations:
    """What was seen in the file."""

    folder: ImageFolder | None
    complete: bool = True
    images: dict[Key, _Entry] = field(default_factory=dict)
    names: dict[str, _Entry] = field(default_factory=dict)
    boxes: list[tuple[int, Key, Box]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    number: int = 0
    classes: set[int] = field(default_factory=set)
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def add(self, member: Member) -> None:
        """A part of the file."""
        if member.key not in ("images", "annotations"):
            return
        self.keys.add(member.key)
        if member.index is None:
            if member.value != []:
                why = f"has {shown(member.value)} as {member.key}; it must be a list."
                self.found.add("list", block(FILE, why))
            return
        where = f"{FILE} {member.key}[{member.index}]"
        if not isinstance(member.value, dict):
            self.found.add("entry", block(where, f"is {shown(member.value)}; it must be an object."))
        elif member.key == "images":
            self._image(member.value, where)
        else:
            self.number += 1
            self._annotation(member.value, where, member.index)

    def _image(self, entry: dict[str, object], where: str) -> None:
        if not self._has(entry, ("file_name", "height", "width", "id"), where):
            return
        name, key = entry["file_name"], _key(entry["id"])
        width, height = _size(entry["width"]), _size(entry["height"])
        if not isinstance(name, str) or not name:
            self.found.add("file_name", block(where, f"has {shown(name)} as file_name."))
            return
        if not width or not height:
            value = shown(entry["height"] if width else entry["width"])
            self.found.add("size", block(where, f"has {value} as {'height' if width else 'width'}."))
        if key is None:
            self.found.add("id", block(where, f"has {shown(entry['id'])} as id; it must be a number."))
            return
        if key in self.images:
            why = f"has the id {shown(key)}, which {self.images[key].place} has already."
            self.found.add("twice", block(where, why))
            return
        self.images[key] = _Entry(name, width, height, where)
        if FOLDER + name in self.names:
            why = f"names {shown(name)}, which {self.names[FOLDER + name].place} does already."
            self.found.add("named twice", warn(where, why))
        self.names[FOLDER + name] = self.images[key]
        if self.folder and self.folder.lacks(FOLDER + name):
            hint = f"; file_name must not start with {FOLDER}" if name.startswith(FOLDER) else ""
            self.found.add("file", block(where, f"names {FOLDER}{shown(name)[1:-1]}, which is not there{hint}."))

    def _annotation(self, entry: dict[str, object], where: str, index: int) -> None:
        if not self._has(entry, ("image_id", "bbox", "category_id"), where):
            return
        category, key = entry["category_id"], _key(entry["image_id"])
        if isinstance(category, int) and not isinstance(category, bool) and 0 <= category < _MOST:
            self.classes.add(category)
        else:
            why = f"has {shown(category)} as category_id; it must be a whole number from 0 on."
            self.found.add("category", block(where, why))
        if key is None:
            self.found.add("image_id", block(where, f"has {shown(entry['image_id'])} as image_id."))
        box = _box(entry["bbox"])
        if box is None:
            why = "has no four numbers as bbox; it must be [xmin, ymin, xmax, ymax]."
            self.found.add("bbox", block(where, why))
        elif key is not None:
            self.boxes.append((index, key, box))

    def _has(self, entry: dict[str, object], keys: tuple[str, ...], where: str) -> bool:
        missing = [key for key in keys if key not in entry]
        if missing:
            self.found.add("key", block(where, f"has no {missing[0]}; it needs {', '.join(keys)}."))
        return not missing

    def compare(self, image: DataObject, size: tuple[int, int]) -> None:
        """Whether an image has the size that its entry says."""
        entry = self.names.get(image.name)
        if entry and all(size) and (entry.width, entry.height) != size:
            said, true = f"{entry.width:g} x {entry.height:g}", f"{size[0]} x {size[1]}"
            self.found.add("dimensions", warn(entry.place, f"says {said} pixels, but {image.name} has {true}."))

    def whole(self) -> Iterator[LintFinding]:
        """What the parts say together: boxes inside their images, images that are named."""
        for key in ("images", "annotations"):
            if key not in self.keys and self.complete:
                yield block(FILE, f"has no list {key!r}.")
        boxes = FindingsByKind()
        for index, image_id, box in self.boxes:
            self._judge_box(f"{FILE} annotations[{index}]", image_id, box, boxes)
        yield from boxes.all()
        if self.complete and {"images", "annotations"} <= self.keys:
            if not self.number:
                yield block(FILE, "has no annotations: there is nothing to learn.")
            unnamed = [item.name for item in self.folder.images if item.name not in self.names] if self.folder else []
            if unnamed:
                yield warn(unnamed[0], f"is not named in {FILE} and is not used ({len(unnamed):,} in all).")
        part = "" if self.complete else " in the part that was read"
        boxes_of = f"{plural(self.number, 'box', 'boxes')} of {plural(len(self.classes), 'class', 'classes')}"
        yield passed(FILE, f"{plural(len(self.images), 'image')}, {boxes_of}{part}.")

    def _judge_box(self, where: str, image_id: Key, box: Box, found: FindingsByKind) -> None:
        left, top, right, bottom = box
        image = self.images.get(image_id)
        if image is None and self.complete:
            found.add("image_id", block(where, f"has the image_id {shown(image_id)}, which no image has."))
        if right <= left or bottom <= top:
            why = f"has the bbox {_shown_box(box)}, whose right or lower edge lies before the other"
            hint = "; is it COCO's [x, y, width, height]? It must be [xmin, ymin, xmax, ymax]."
            found.add("order", block(where, f"{why}{hint if right > 0 and bottom > 0 else '.'}"))
        elif min(left, top) < -_SLACK:
            found.add("outside", warn(where, f"has the bbox {_shown_box(box)}, which starts outside of its image."))
        elif image and image.is_left_by(right, bottom):
            size = f"{image.width:g} x {image.height:g}"
            why = f"has the bbox {_shown_box(box)}, which reaches beyond its image of {size}."
            found.add("outside", warn(where, why))


def _key(value: object) -> Key | None:
    """An id that can be looked up; numbers and texts are different ids, as in Python."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    return None


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and -_MOST < value < _MOST:
        return float(value)  # neither NaN nor infinite: comparisons with those are false
    return None


def _size(value: object) -> float:
    """A width or height in pixels; 0 when it is none."""
    number = _number(value)
    return number if number is not None and number > 0 else 0.0


def _box(value: object) -> Box | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    numbers = [number for number in map(_number, value) if number is not None]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def _shown_box(box: Box) -> str:
    return "[" + ", ".join(f"{number:g}" for number in box) + "]"


FORMAT = DataFormat(Task.OBJECT_DETECTION, SUMMARY, RULES, lint)
