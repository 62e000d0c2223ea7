"""Boxes of object detection: whether one lies in its image, and whether all of them are COCO's in disguise.

Sources: developer guide, object-detection-tensorflow ([xmin, ymin, xmax, ymax] in pixels); the COCO data format
([x, y, width, height], `area` of the object, `segmentation` as polygons); TensorFlow's object detection API,
`shape_utils.assert_box_normalized` (no coordinate under 0, none over 1.1 times the image), which stops a training.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import LintFinding, block, warn

MOST = 10**9
_SLACK = 1.0
"""Pixels that a box may reach over the edge: rounding."""
_TENSORFLOW_LIMIT = 1.1
_NEAR = 0.01
"""Share by which two areas may differ and are still taken for the same."""
_COCO_KEYS = frozenset({"iscrowd", "segmentation"})
_COCO_LISTS = frozenset({"info", "licenses"})
_CORNERS = "It must be [xmin, ymin, xmax, ymax]"

Box = tuple[float, float, float, float]
Size = tuple[float, float]
"""Width and height; 0 when unknown."""


def number_of(value: object) -> float | None:
    """Return a number of a moderate size; None for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and -MOST < value < MOST:
        return float(value)  # neither NaN nor infinite: comparisons with those are false
    return None


def box_of(value: object) -> Box | None:
    """Return four numbers; None for anything else."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    numbers = [number for number in map(number_of, value) if number is not None]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def judge_box(where: str, box: Box, size: Size, framework: str, found: FindingsByKind) -> None:
    """Judge one box; what is wrong goes to the findings.

    Args:
        where: its place.
        box: as [xmin, ymin, xmax, ymax].
        size: of its image.
        framework: TensorFlow's stops at boxes outside, the others clip them.
        found: told what is wrong.
    """
    left, top, right, bottom = box
    width, height = size
    has = f"has the bbox {_shown(box)}, which"
    is_tensorflow = framework == "tensorflow"
    if right <= left or bottom <= top:
        hint = "; is it COCO's [x, y, width, height]? It must be [xmin, ymin, xmax, ymax]."
        why = f"{has.removesuffix(' which')} whose right or lower edge precedes the left or upper one"
        found.add("order", block(where, f"{why}{hint if right > 0 and bottom > 0 else '.'}"))
    elif is_tensorflow and min(left, top) < 0:
        found.add("outside", block(where, f"{has} starts outside its image; TensorFlow stops at it."))
    elif min(left, top) < -_SLACK:
        found.add("outside", warn(where, f"{has} starts outside its image."))
    elif is_tensorflow and _is_left_by(box, (width * _TENSORFLOW_LIMIT, height * _TENSORFLOW_LIMIT), 0):
        why = f"{has} exceeds its image of {width:g} x {height:g} by more than a tenth; TensorFlow stops at it."
        found.add("outside", block(where, why))
    elif _is_left_by(box, size, _SLACK):
        found.add("outside", warn(where, f"{has} exceeds its image of {width:g} x {height:g}."))


def _is_left_by(box: Box, size: Size, slack: float) -> bool:
    return all(size) and (box[2] > size[0] + slack or box[3] > size[1] + slack)


@dataclass
class BoxEvidence:
    """What the annotations tell of the boxes without meaning to: areas, polygons, keys that only COCO has.

    Attributes:
        boxes: how many there are.
        within_one: how many have no coordinate over 1.
        areas: how many have an area that can be compared.
        coco_areas, corner_areas: how many areas are those of the box, read one way and the other.
        under_coco, over_corners: how many areas fit into COCO's box, and are larger than the other one.
        polygons, coco_polygons, corner_polygons: how many have one, and the box around it, either way.
        leaving: how many would leave their image if they were COCO's.
        keys: those that only COCO has.
    """

    boxes: int = 0
    within_one: int = 0
    areas: int = 0
    coco_areas: int = 0
    corner_areas: int = 0
    under_coco: int = 0
    over_corners: int = 0
    polygons: int = 0
    coco_polygons: int = 0
    corner_polygons: int = 0
    leaving: int = 0
    keys: set[str] = field(default_factory=set)

    def add_list(self, key: str) -> None:
        """Take a key of the whole file into account."""
        self.keys |= {key} & _COCO_LISTS

    def add(self, entry: Mapping[str, object], box: Box) -> None:
        """Take an annotation into account."""
        self.boxes += 1
        self.within_one += max(box) <= 1
        self.keys |= entry.keys() & _COCO_KEYS
        self._add_area(number_of(entry.get("area")), box)
        self._add_polygon(entry.get("segmentation"), box)

    def add_size(self, box: Box, size: Size) -> None:
        """Take the image of a box into account."""
        left, top, third, fourth = box
        self.leaving += _is_left_by((left, top, left + third, top + fourth), size, _SLACK)

    def _add_area(self, area: float | None, box: Box) -> None:
        left, top, third, fourth = box
        if area is None or area <= 0 or min(third, fourth) <= 0:
            return
        coco, corners = third * fourth, max(0.0, third - left) * max(0.0, fourth - top)
        self.areas += 1
        self.coco_areas += abs(area - coco) <= _NEAR * coco
        self.corner_areas += abs(area - corners) <= _NEAR * corners
        self.under_coco += area <= coco * (1 + _NEAR)
        self.over_corners += area > corners * (1 + _NEAR) + 1

    def _add_polygon(self, value: object, box: Box) -> None:
        around = _around(value)
        if around is None:
            return
        left, top, third, fourth = box
        self.polygons += 1
        self.coco_polygons += _is_near(around, (left, top, left + third, top + fourth))
        self.corner_polygons += _is_near(around, box)

    @property
    def _is_coco(self) -> str:
        """Why the boxes are COCO's for certain; empty when they are not."""
        if self.areas and self.coco_areas == self.areas and self.corner_areas < self.areas:
            return f"area is the product of the last two numbers in {_each(self.areas)}"
        if self.polygons and self.coco_polygons == self.polygons and self.corner_polygons < self.polygons:
            return f"segmentation reaches from x to x + width, and from y to y + height, in {_each(self.polygons)}"
        if self.areas > 2 and self.under_coco == self.areas and 2 * self.over_corners >= self.areas:
            return f"area is larger than such a box can be in {self.over_corners:,} of {self.areas:,} annotations"
        return ""

    @property
    def _are_corners(self) -> bool:
        """Whether something speaks for corners."""
        by_area = self.areas and self.corner_areas == self.areas
        by_polygon = self.polygons and self.corner_polygons == self.polygons
        return bool(self.leaving or by_area or by_polygon)

    def findings(self, where: str) -> Iterator[LintFinding]:
        """Yield what the boxes as a whole are; `where`: the file."""
        if not self.boxes:
            return
        if self.within_one == self.boxes:
            # One such box may be a pixel; several are YOLO's, whose areas nobody can learn from.
            judge = block if self.boxes > 2 else warn
            yield judge(where, "has all its boxes within 0 and 1, as shares of the image; they must be pixels.")
        elif why := self._is_coco:
            yield block(where, f"has COCO's boxes, [x, y, width, height]: {why}. {_CORNERS}.")
        elif self.over_corners and not self._are_corners:
            count = f"{self.over_corners:,} of {plural(self.areas, 'annotation')}"
            yield warn(where, f"has an area larger than the box in {count}: are these COCO's boxes? {_CORNERS}.")
        elif self.keys and not self._are_corners:
            keys = ", ".join(sorted(self.keys))
            yield warn(where, f"has {keys}, as COCO does: are its boxes [x, y, width, height]? {_CORNERS}.")


def _each(number: int) -> str:
    return "each annotation" if number > 1 else "the annotation"


def _around(value: object) -> Box | None:
    """Return the box around polygons, `[[x, y, x, y, ...], ...]`; None for anything else."""
    if not isinstance(value, list) or not value or not all(isinstance(part, list) for part in value):
        return None
    numbers = [[number_of(each) for each in part[:1_000]] for part in value[:100]]
    across = [each for part in numbers for each in part[0::2] if each is not None]
    down = [each for part in numbers for each in part[1::2] if each is not None]
    if len(across) < 3 or len(across) != len(down):
        return None
    return min(across), min(down), max(across), max(down)


def _is_near(one: Box, other: Box) -> bool:
    return all(abs(here - there) <= 1 for here, there in zip(one, other, strict=True))


def _shown(box: Box) -> str:
    return "[" + ", ".join(f"{number:g}" for number in box) + "]"
