"""The linter of object detection: images/ and annotations.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, png, report

BLOCK, WARN = Level.BLOCK, Level.WARN
Document = dict[str, Any]


def document(images: int = 12) -> Document:
    """Build annotations of images of 100 x 80 pixels, a box in each."""
    return {
        "images": [{"file_name": f"{n:02}.jpg", "height": 80, "width": 100, "id": n} for n in range(images)],
        "annotations": [{"image_id": n, "bbox": [10, 20, 30, 60], "category_id": n % 3} for n in range(images)],
    }


def pictures(images: int = 12) -> dict[str, bytes]:
    return {f"images/{number:02}.jpg": jpeg(100, 80) for number in range(images)}


def lint(annotations: Document | bytes, objects: dict[str, bytes] | None = None, **options: int) -> LintReport:
    body = annotations if isinstance(annotations, bytes) else json.dumps(annotations).encode()
    return report(Task.OBJECT_DETECTION, {"annotations.json": body, **(objects or pictures())}, **options)


def changed(change: Callable[[Document], object], model: str = "") -> LintReport:
    """Lint good data with one change in annotations.json, for a model."""
    annotations = document()
    change(annotations)
    objects = {"annotations.json": json.dumps(annotations).encode(), **pictures()}
    return report(DataQuestion(Task.OBJECT_DETECTION, model), objects)


def each(**fields: object) -> Callable[[Document], object]:
    """Change every annotation."""
    return lambda found: [entry.update(fields) for entry in found["annotations"]]


def box(*numbers: object) -> Callable[[Document], object]:
    return lambda found: found["annotations"][3].update(bbox=list(numbers))


def annotation(**fields: object) -> Callable[[Document], object]:
    return lambda found: found["annotations"][3].update(fields)


def image(**fields: object) -> Callable[[Document], object]:
    return lambda found: found["images"][3].update(fields)


def test_a_category_that_is_not_listed_warns() -> None:
    listed = [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}]
    assert_finds(changed(lambda found: found.update(categories=listed)), WARN, "category_id 2")


def test_a_good_set_passes_with_its_numbers() -> None:
    assert_passes(lint(document()), "12 images, 12 boxes of 3 classes.", "12 images; 12 opened.")


@pytest.mark.parametrize(
    "change",
    [
        box(0, 0, 100, 80),
        box(0.5, 1.25, 99.5, 80.4),
        annotation(area=800, iscrowd=0, segmentation=[[10, 20, 30, 20, 30, 60, 10, 60]]),
        lambda found: found.update(categories=[{"id": number, "name": "cat"} for number in range(3)]),
        lambda found: found["annotations"].extend(found["annotations"][:5]),
        lambda found: found.update(images=found.pop("images")),
    ],
    ids=["whole image", "fractions", "more keys", "more lists", "several boxes", "other order"],
)
def test_what_is_allowed_passes(change: Callable[[Document], object]) -> None:
    assert_passes(changed(change))


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (box(40, 50, 20, 10), "annotations[3]", "COCO's [x, y, width, height]"),
        (box(10, 20, 10, 60), "annotations[3]", "[10, 20, 10, 60]"),
        (box(10, 20, 30), "annotations[3]", "not four numbers"),
        (box(10, 20, 30, "60"), "annotations[3]", "not four numbers"),
        (box(10, 20, 30, float("nan")), "annotations[3]", "not four numbers"),
        (box(10, 20, 30, float("inf")), "annotations[3]", "not four numbers"),
        (box(10, 20, 30, 10**400), "annotations[3]", "not four numbers"),
        (annotation(image_id=99), "annotations[3]", "image_id 99, which no image has"),
        (annotation(image_id="3"), "annotations[3]", "image_id '3', which no image has"),
        (annotation(image_id=[3]), "annotations[3]", "a list as image_id"),
        (annotation(category_id="cat"), "annotations[3]", "'cat' as category_id"),
        (annotation(category_id=-1), "annotations[3]", "-1 as category_id"),
        (lambda found: found["annotations"][3].pop("bbox"), "annotations[3]", "has no bbox"),
        (lambda found: found["annotations"].append(7), "annotations[12]", "is 7; it must be an object"),
        (image(file_name="elsewhere.jpg"), "images[3]", "images/elsewhere.jpg, which does not exist"),
        (image(file_name="images/03.jpg"), "images[3]", "must not start with images/"),
        (image(file_name=3), "images[3]", "3 as file_name"),
        (image(width=0), "images[3]", "0 as width"),
        (image(height="80"), "images[3]", "'80' as height"),
        (image(id=2), "images[3]", "id 2, which annotations.json images[2] already has"),
        (image(id=None), "images[3]", "null as id"),
        (lambda found: found["images"][3].pop("id"), "images[3]", "has no id"),
        (lambda found: found.pop("images"), "annotations.json", "no list 'images'"),
        (lambda found: found.pop("annotations"), "annotations.json", "no list 'annotations'"),
        (lambda found: found.update(annotations=[]), "annotations.json", "nothing to learn"),
        (lambda found: found.update(images={}), "annotations.json", "an object as images; it must be a list"),
    ],
)
def test_wrong_annotations_block_at_their_place(change: Callable[[Document], object], place: str, says: str) -> None:
    assert_finds(changed(change), BLOCK, place, says)


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (box(10, 20, 120, 60), "annotations[3]", "exceeds its image of 100 x 80"),
        (box(-5, 20, 30, 60), "annotations[3]", "starts outside"),
        (image(width=200), "images[3]", "states 200 x 80 pixels, but images/03.jpg has 100 x 80"),
        (lambda found: (found["images"].pop(), found["annotations"].pop()), "images/11.jpg", "not named"),
        (
            lambda found: found["images"].append({**found["images"][3], "id": 77}),
            "images[12]",
            "images[3] already names",
        ),
    ],
)
def test_doubtful_annotations_warn_at_their_place(change: Callable[[Document], object], place: str, says: str) -> None:
    assert_finds(changed(change), WARN, place, says)


# Boxes in images of 100 x 80 pixels; a polygon and its area are those of the object.
COCO, CORNERS = [10, 20, 30, 40], [10, 20, 40, 60]
POLYGON = [[10, 20, 40, 20, 40, 60, 10, 60]]


@pytest.mark.parametrize(
    ("fields", "level", "says"),
    [
        ({"bbox": COCO, "area": 1200}, BLOCK, "COCO's boxes, [x, y, width, height]: area is the product"),
        ({"bbox": COCO, "area": 1200, "iscrowd": 0}, BLOCK, "area is the product"),
        ({"bbox": COCO, "area": 1195.5}, BLOCK, "area is the product"),
        ({"bbox": COCO, "area": 800, "iscrowd": 0}, BLOCK, "area is larger than such a box can be"),
        ({"bbox": COCO, "area": 300, "segmentation": POLYGON}, BLOCK, "segmentation reaches from x to x + width"),
        ({"bbox": COCO, "segmentation": POLYGON}, BLOCK, "segmentation reaches"),
        ({"bbox": COCO, "iscrowd": 0}, WARN, "has iscrowd, as COCO does"),
        ({"bbox": COCO, "segmentation": []}, WARN, "has segmentation, as COCO does"),
        ({"bbox": [0.1, 0.2, 0.3, 0.4]}, BLOCK, "all its boxes within 0 and 1"),
    ],
)
def test_boxes_of_coco_are_known_by_what_else_is_there(fields: Document, level: Level, says: str) -> None:
    assert_finds(changed(each(**fields)), level, "annotations.json", says)


@pytest.mark.parametrize(
    "fields",
    [
        {"bbox": CORNERS, "area": 1200, "iscrowd": 0, "segmentation": POLYGON},
        {"bbox": CORNERS, "area": 700},
        {"bbox": CORNERS, "iscrowd": 0, "segmentation": POLYGON},
        {"bbox": [50, 50, 90, 70], "iscrowd": 0},
        {"bbox": [0, 0, 30, 40], "area": 1200},
        {"bbox": [0, 0, 1, 2]},
    ],
)
def test_corners_pass_whatever_coco_left_beside_them(fields: Document) -> None:
    assert_passes(changed(each(**fields)))


def test_a_byte_order_mark_warns() -> None:
    found = lint(b"\xef\xbb\xbf" + json.dumps(document()).encode())
    assert_finds(found, WARN, "annotations.json starts with a byte order mark (BOM), which Python's json.load refuses")


def test_lists_that_only_coco_has_warn() -> None:
    assert_finds(changed(lambda found: found.update(info={}, licenses=[])), WARN, "has info, licenses, as COCO does")


TENSORFLOW, MXNET = "tensorflow-od1-ssd-mobilenet-v2-fpnlite-320x320-coco17-tpu-8", "mxnet-od-ssd-512-vgg16-atrous-coco"


@pytest.mark.parametrize(
    ("numbers", "of_tensorflow", "of_mxnet"),
    [
        ((10, 20, 120, 60), BLOCK, WARN),
        ((10, 20, 30, 90), BLOCK, WARN),
        ((10, 20, 109, 60), WARN, WARN),
        ((10, 20, 100.5, 80.5), Level.PASS, Level.PASS),
        ((-5, 20, 30, 60), BLOCK, WARN),
        ((-0.5, 20, 30, 60), BLOCK, Level.PASS),
        ((0, 0, 100, 80), Level.PASS, Level.PASS),
    ],
)
def test_a_box_beyond_its_image_stops_tensorflow(numbers: Any, of_tensorflow: Level, of_mxnet: Level) -> None:
    assert changed(box(*numbers), TENSORFLOW).verdict is of_tensorflow
    assert changed(box(*numbers), MXNET).verdict is of_mxnet


def test_images_in_folders_below_are_found_by_their_path() -> None:
    annotations = document()
    annotations["images"][3]["file_name"] = "more/03.jpg"
    objects = pictures()
    objects["images/more/03.jpg"] = objects.pop("images/03.jpg")
    assert_passes(lint(annotations, objects))
    annotations["images"][3]["file_name"] = "more/04.jpg"
    assert_finds(lint(annotations, objects), BLOCK, "images/more/04.jpg, which does not exist")


@pytest.mark.parametrize(
    ("more", "level", "says"),
    [
        ({"images/._03.jpg": b"\0\5\x16\7\0"}, WARN, "images/._03.jpg is a resource fork that macOS left"),
        ({"images/.DS_Store": b"x"}, WARN, "is ignored"),
        ({"images/more.gif": b"GIF89a"}, WARN, "images/more.gif is not a .jpg"),
        ({"images/more.bmp": b"x"}, BLOCK, "images/more.bmp is not a JPEG or PNG"),
    ],
)
def test_what_lies_among_the_images_is_named(more: dict[str, bytes], level: Level, says: str) -> None:
    assert_finds(lint(document(), {**pictures(), **more}), level, says)


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ({"annotations.json.gz": b"x", **pictures()}, "annotations.json.gz is a gzip file"),
        ({"annotations.json": b"{}", "images.zip": b"x"}, "images.zip is a zip archive; unpack it"),
        ({"annotations.json": b"\x1f\x8b\x08", **pictures()}, "annotations.json line 1 is a gzip file"),
        ({"annotations.json": b"{}", "images/a.tar": b"x"}, "a.tar is a tar archive"),
    ],
)
def test_what_lies_there_instead_is_named(objects: dict[str, bytes], says: str) -> None:
    assert_finds(report(Task.OBJECT_DETECTION, objects), BLOCK, says)


@pytest.mark.parametrize(
    ("body", "place", "says"),
    [
        (b"", "annotations.json", "is empty"),
        (b"[]", "annotations.json line 1", "one JSON object in braces"),
        (b'{"images": [\n{"id": 1}\n{"id": 2}]}', "annotations.json line 3", "a comma or ] is missing"),
        (b'{"images": [], "annotations": []', "annotations.json line 1", "a comma or } is missing"),
        (b'{"images": [{"file_name": "a', "annotations.json line 1", "unterminated string"),
        (b'{"images": [' + b"[" * 200_000, "annotations.json line 1", "nested too deeply"),
        (b'{"images": [' + b"9" * 1_000_000 + b"]}", "annotations.json line 1", "too many digits"),
        (b'{"images": ["\xe9"]}', "annotations.json line 1", "not UTF-8"),
        (b"\xff\xfe{\0", "annotations.json line 1", "UTF-16"),
        (b"{}{}", "annotations.json line 1", "after its end"),
    ],
)
def test_a_file_that_is_no_json_blocks_with_its_line(body: bytes, place: str, says: str) -> None:
    assert_finds(lint(body), BLOCK, place, says)


@pytest.mark.parametrize(
    ("objects", "place", "says"),
    [
        (pictures(), "", "no annotations.json directly under the prefix"),
        ({**pictures(), "instances_train.json": b"{}"}, "", "instances_train.json must be named annotations.json"),
        ({"annotations.json": b"{}", "00.jpg": jpeg()}, "00.jpg", "belong in the folder images/"),
        (
            {"annotations.json": b"{}", "photos/00.jpg": jpeg()},
            "",
            "no folder images/",
        ),
        ({"annotations.json": b"{}", "images/": b"", "images/a.gif": b"GIF89a"}, "images/", "a.gif is not one"),
        ({"annotations.json": b"{}", "images/train/a.txt": b"x"}, "images/", "only folders (images/train/)"),
    ],
)
def test_a_wrong_structure_blocks(objects: dict[str, bytes], place: str, says: str) -> None:
    assert_finds(report(Task.OBJECT_DETECTION, objects), BLOCK, place, says)


def test_images_are_looked_into() -> None:
    assert_finds(lint(document(), {**pictures(), "images/03.jpg": b""}), BLOCK, "images/03.jpg", "empty file")
    assert_finds(lint(document(), {**pictures(), "images/03.jpg": b"text"}), BLOCK, "images/03.jpg", "not a JPEG")
    assert_finds(lint(document(), {**pictures(), "images/03.jpg": png(100, 80)}), WARN, "images/03.jpg", "is a PNG")


def test_few_images_warn() -> None:
    assert_finds(lint(document(4), pictures(4)), WARN, "images/", "only 4 images")


def test_annotations_beyond_the_budget_are_judged_as_far_as_they_go() -> None:
    annotations = document(900)
    annotations["annotations"][0]["bbox"] = [40, 50, 20, 10]
    whole = {"annotations": annotations["annotations"], "images": annotations["images"]}
    found = lint(whole, pictures(900), budget=30_000)
    assert_finds(found, BLOCK, "annotations[0]", "COCO")
    assert not any("no image has" in finding.message for finding in found.findings)
    assert found.sampled
    assert found.bytes_read <= 30_000


def test_damage_before_the_budget_ends_is_no_cut() -> None:
    body = json.dumps(document(900)).replace('"id": 5}', '"id" 5}').encode()
    assert_finds(lint(body, pictures(900), budget=30_000), BLOCK, "annotations.json line 1", "is not JSON")


def test_annotations_leave_bytes_for_the_images() -> None:
    found = lint(document(900), pictures(900), budget=30_000)
    assert "images; 0 of them" not in found.findings[-1].message, found.findings
    assert found.verdict is Level.PASS


def test_images_beyond_what_was_listed_are_not_called_missing() -> None:
    found = lint(document(40), pictures(40), page=20)
    assert found.verdict is Level.PASS, found.findings
    assert found.sampled
    missing = document(40)
    missing["images"][3]["file_name"] = "03b.jpg"
    assert_finds(lint(missing, pictures(40), page=20), BLOCK, "images[3]", "does not exist")


def test_many_faults_are_counted_not_listed() -> None:
    annotations = document(500)
    for found in annotations["annotations"]:
        found["bbox"] = [40, 50, 20, 10]
    result = lint(annotations, pictures(500))
    assert_finds(result, BLOCK, "497 more like: annotations.json annotations[2]")
    assert len(result.findings) < 30
