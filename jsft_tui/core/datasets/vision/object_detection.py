"""Check data for object detection: images/ and annotations.json, boxes as [xmin, ymin, xmax, ymax].

Source: developer guide, object-detection-tensorflow. COCO's own boxes ([x, y, width, height]) look similar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.json_mark import mark_findings
from jsft_tui.core.datasets.base.needs import Need, about, always, file_need, folder_need
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, passed, warn
from jsft_tui.core.datasets.parsers.json_text import Member, UnreadableJsonError, decoded, members, shown
from jsft_tui.core.datasets.vision.boxes import MOST, Box, BoxEvidence, box_of, judge_box, number_of
from jsft_tui.core.datasets.vision.images.image_folder import ImageFolder, look_into, missing_folder, no_json_file

SUMMARY = "A folder images/ and annotations.json with boxes as [xmin, ymin, xmax, ymax]."
RULES = (
    "images/ contains .png, .jpg or .jpeg files.",
    "annotations.json: images [{file_name, height, width, id}], annotations [{image_id, bbox, category_id}].",
    "bbox is [xmin, ymin, xmax, ymax], not COCO's [x, y, width, height].",
)
FILE = "annotations.json"
FOLDER = "images/"
FEW_IMAGES = 10
JSON_SHARE = 0.75
"""Part of the byte budget for the annotations; the images get the rest."""

Key = str | int


def lint(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about an object detection dataset."""
    root = data.listing()
    item = next((found for found in root.objects if found.name == FILE), None)
    data.contents.saw(FILE, "there" if item else "missing")
    if item is None:
        yield from about(FILE, [no_json_file(FILE, root)])
    if FOLDER not in root.prefixes:
        data.contents.saw(FOLDER, "missing")
        yield from about(FOLDER, [missing_folder(root, FOLDER)])
        folder = None
    else:
        folder = ImageFolder.of(data, FOLDER)
        data.contents.saw(FOLDER, plural(len(folder.images), "image"))
        yield from about(FOLDER, folder.findings(FOLDER, FEW_IMAGES))
    seen = _Annotations(folder, question.framework)
    if item is not None:
        _read(data, item, seen)
    looked_at = 0
    for image, verdict, _ in look_into(folder.images, data, seen.found) if folder else ():
        looked_at += 1
        seen.compare(image, (verdict.width, verdict.height))
    yield from seen.found.all(_NEEDS)
    if item is not None and not seen.found.has("unreadable"):
        data.contents.saw(BOXES.name, plural(seen.number, "box", "boxes"))
        yield from about(BOXES.name, seen.whole())
    if folder and folder.images:
        data.contents.opened = looked_at
        broken = seen.found.number("fault", "empty")
        data.contents.saw(OPEN.name, f"{looked_at - broken:,} of {len(folder.images):,} open")
        data.contents.count("images", len(folder.images), complete=folder.is_walked and folder.listing.complete)
        yield passed("", f"{plural(len(folder.images), 'image')}; {looked_at:,} opened.")


def _read(data: BudgetedDataset, item: DataObject, seen: _Annotations) -> None:
    if item.size == 0:
        seen.found.add("unreadable", block(FILE, "is empty."))
        return
    allowed = int(data.left * JSON_SHARE)
    seen.complete = item.size <= allowed
    body = b"".join(data.chunks(item, allowed))
    for finding in mark_findings(FILE, body):
        seen.found.add("mark", finding)
    try:
        for member in members(decoded(body, complete=seen.complete), complete=seen.complete):
            seen.add(member)
    except UnreadableJsonError as error:
        seen.found.add("unreadable", block(f"{FILE} line {error.line}", f"{error.reason}."))


@dataclass(frozen=True)
class _Entry:
    """An image according to the annotations."""

    file_name: str
    width: float
    height: float
    place: str


@dataclass
class _Annotations:
    """The contents of the file, as far as they were read."""

    folder: ImageFolder | None
    framework: str = ""
    complete: bool = True
    images: dict[Key, _Entry] = field(default_factory=dict)
    names: dict[str, _Entry] = field(default_factory=dict)
    boxes: list[tuple[int, Key, Box]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    number: int = 0
    classes: set[int] = field(default_factory=set)
    declared: set[object] = field(default_factory=set)
    evidence: BoxEvidence = field(default_factory=BoxEvidence)
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def add(self, member: Member) -> None:
        """Check a part of the file."""
        self.evidence.add_list(member.key)
        if member.key == "categories" and isinstance(member.value, dict):
            self.declared.add(member.value.get("id"))
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
            why = f"has the id {shown(key)}, which {self.images[key].place} already has."
            self.found.add("twice", block(where, why))
            return
        self.images[key] = _Entry(name, width, height, where)
        if FOLDER + name in self.names:
            why = f"names {shown(name)}, which {self.names[FOLDER + name].place} already names."
            self.found.add("named twice", warn(where, why))
        self.names[FOLDER + name] = self.images[key]
        if self.folder and self.folder.lacks(FOLDER + name):
            hint = f"; file_name must not start with {FOLDER}" if name.startswith(FOLDER) else ""
            self.found.add("file", block(where, f"names {FOLDER}{shown(name)[1:-1]}, which does not exist{hint}."))

    def _annotation(self, entry: dict[str, object], where: str, index: int) -> None:
        if not self._has(entry, ("image_id", "bbox", "category_id"), where):
            return
        category, key = entry["category_id"], _key(entry["image_id"])
        if isinstance(category, int) and not isinstance(category, bool) and 0 <= category < MOST:
            self.classes.add(category)
        else:
            why = f"has {shown(category)} as category_id; it must be an integer from 0."
            self.found.add("category", block(where, why))
        if key is None:
            self.found.add("image_id", block(where, f"has {shown(entry['image_id'])} as image_id."))
        box = box_of(entry["bbox"])
        if box is None:
            why = "has a bbox that is not four numbers; it must be [xmin, ymin, xmax, ymax]."
            self.found.add("bbox", block(where, why))
        elif key is not None:
            self.boxes.append((index, key, box))
            self.evidence.add(entry, box)

    def _has(self, entry: dict[str, object], keys: tuple[str, ...], where: str) -> bool:
        missing = [key for key in keys if key not in entry]
        if missing:
            self.found.add("key", block(where, f"has no {missing[0]}; it needs {', '.join(keys)}."))
        return not missing

    def compare(self, image: DataObject, size: tuple[int, int]) -> None:
        """Check that an image has the size that its entry states."""
        entry = self.names.get(image.name)
        if entry and all(size) and (entry.width, entry.height) != size:
            stated, actual = f"{entry.width:g} x {entry.height:g}", f"{size[0]} x {size[1]}"
            self.found.add("dimensions", warn(entry.place, f"states {stated} pixels, but {image.name} has {actual}."))

    def whole(self) -> Iterator[LintFinding]:
        """Yield what the parts together show: boxes inside their images, images that are named."""
        for key in ("images", "annotations"):
            if key not in self.keys and self.complete:
                yield block(FILE, f"has no list {key!r}.")
        boxes = FindingsByKind()
        for index, image_id, box in self.boxes:
            self._judge_box(f"{FILE} annotations[{index}]", image_id, box, boxes)
        yield from boxes.all()
        yield from self.evidence.findings(FILE)
        unknown = sorted(self.classes - self.declared) if self.declared and self.complete else []
        if unknown:
            more = f" ({len(unknown):,} such numbers)" if len(unknown) > 1 else ""
            yield warn(FILE, f"has boxes of the category_id {unknown[0]}, which categories does not list{more}.")
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
        image = self.images.get(image_id)
        if image is None and self.complete:
            found.add("image_id", block(where, f"has the image_id {shown(image_id)}, which no image has."))
        size = (image.width, image.height) if image else (0.0, 0.0)
        judge_box(where, box, size, self.framework, found)
        self.evidence.add_size(box, size)


def _key(value: object) -> Key | None:
    """Return an id that can be looked up; numbers and strings are different ids, as in Python."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    return None


def _size(value: object) -> float:
    """Return a width or height in pixels; 0 if it is not one."""
    number = number_of(value)
    return number if number is not None and number > 0 else 0.0


SAMPLE = Sample(
    "images and their boxes",
    (
        "s3://your-bucket/pets/",
        "├─ images/  001.jpg 002.jpg …",
        "└─ annotations.json",
    ),
    ".jpg .jpeg .png; boxes from corner to corner",
    "pets/ ─ images/ 001.jpg …  annotations.json",
)
BOXES = Need("boxes", "boxes corner to corner")
OPEN = Need("open", ".jpg .jpeg .png")
_NEEDS = {
    "": BOXES.name,
    **dict.fromkeys(("open", "fault", "doubt", "format", "empty"), OPEN.name),
    **dict.fromkeys(("unreadable", "mark", "list"), FILE),
}
"""Kind of a finding -> its need."""
FORMAT = DataFormat(
    Task.OBJECT_DETECTION, SUMMARY, RULES, lint, SAMPLE, always(file_need(FILE), folder_need(FOLDER), BOXES, OPEN)
)
