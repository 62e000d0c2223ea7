"""The linter of object detection: images/ and annotations.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, png, report

BLOCK, WARN = Level.BLOCK, Level.WARN
Document = dict[str, Any]


def document(images: int = 12) -> Document:
    """Annotations of images of 100 x 80 pixels, a box in each."""
    return {
        "images": [{"file_name": f"{n:02}.jpg", "height": 80, "width": 100, "id": n} for n in range(images)],
        "annotations": [{"image_id": n, "bbox": [10, 20, 30, 60], "category_id": n % 3} for n in range(images)],
    }


def pictures(images: int = 12) -> dict[str, bytes]:
    return {f"images/{number:02}.jpg": jpeg(100, 80) for number in range(images)}


def lint(annotations: Document | bytes, objects: dict[str, bytes] | None = None, **options: int) -> LintReport:
    body = annotations if isinstance(annotations, bytes) else json.dumps(annotations).encode()
    return report(Task.OBJECT_DETECTION, {"annotations.json": body, **(objects or pictures())}, **options)


def changed(change: Callable[[Document], object]) -> LintReport:
    """Good data with one thing changed in annotations.json."""
    annotations = document()
    change(annotations)
    return lint(annotations)


def box(*numbers: object) -> Callable[[Document], object]:
    return lambda found: found["annotations"][3].update(bbox=list(numbers))


def annotation(**fields: object) -> Callable[[Document], object]:
    return lambda found: found["annotations"][3].update(fields)


def image(**fields: object) -> Callable[[Document], object]:
    return lambda found: found["images"][3].update(fields)


def test_a_good_set_passes_with_its_numbers() -> None:
    assert_passes(lint(document()), "12 images, 12 boxes of 3 classes.", "12 images; 12 of them looked into.")


@pytest.mark.parametrize(
    "change",
    [
        box(0, 0, 100, 80),
        box(0.5, 1.25, 99.5, 80.4),
        annotation(iscrowd=0, area=100, segmentation=[]),
        lambda found: found.update(info={"year": 2024}, categories=[{"id": 0, "name": "cat"}], licenses=[]),
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
        (box(10, 20, 30), "annotations[3]", "no four numbers as bbox"),
        (box(10, 20, 30, "60"), "annotations[3]", "no four numbers as bbox"),
        (box(10, 20, 30, float("nan")), "annotations[3]", "no four numbers as bbox"),
        (box(10, 20, 30, float("inf")), "annotations[3]", "no four numbers as bbox"),
        (box(10, 20, 30, 10**400), "annotations[3]", "no four numbers as bbox"),
        (annotation(image_id=99), "annotations[3]", "image_id 99, which no image has"),
        (annotation(image_id="3"), "annotations[3]", "image_id '3', which no image has"),
        (annotation(image_id=[3]), "annotations[3]", "a list as image_id"),
        (annotation(category_id="cat"), "annotations[3]", "'cat' as category_id"),
        (annotation(category_id=-1), "annotations[3]", "-1 as category_id"),
        (lambda found: found["annotations"][3].pop("bbox"), "annotations[3]", "has no bbox"),
        (lambda found: found["annotations"].append(7), "annotations[12]", "is 7; it must be an object"),
        (image(file_name="elsewhere.jpg"), "images[3]", "images/elsewhere.jpg, which is not there"),
        (image(file_name="images/03.jpg"), "images[3]", "must not start with images/"),
        (image(file_name=3), "images[3]", "3 as file_name"),
        (image(width=0), "images[3]", "0 as width"),
        (image(height="80"), "images[3]", "'80' as height"),
        (image(id=2), "images[3]", "id 2, which annotations.json images[2] has already"),
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
        (box(10, 20, 120, 60), "annotations[3]", "reaches beyond its image of 100 x 80"),
        (box(-5, 20, 30, 60), "annotations[3]", "starts outside"),
        (image(width=200), "images[3]", "says 200 x 80 pixels, but images/03.jpg has 100 x 80"),
        (lambda found: (found["images"].pop(), found["annotations"].pop()), "images/11.jpg", "not named"),
        (
            lambda found: found["images"].append({**found["images"][3], "id": 77}),
            "images[12]",
            "images[3] does already",
        ),
    ],
)
def test_doubtful_annotations_warn_at_their_place(change: Callable[[Document], object], place: str, says: str) -> None:
    assert_finds(changed(change), WARN, place, says)


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
        (b"{}{}", "annotations.json line 1", "behind its end"),
    ],
)
def test_a_file_that_is_no_json_blocks_with_its_line(body: bytes, place: str, says: str) -> None:
    assert_finds(lint(body), BLOCK, place, says)


@pytest.mark.parametrize(
    ("objects", "place", "says"),
    [
        (pictures(), "", "no annotations.json directly under the prefix"),
        ({**pictures(), "instances_train.json": b"{}"}, "", "instances_train.json must be named annotations.json"),
        ({"annotations.json": b"{}", "00.jpg": jpeg()}, "00.jpg", "belong into the folder images/"),
        (
            {"annotations.json": b"{}", "photos/00.jpg": jpeg()},
            "",
            "no folder images/",
        ),
        ({"annotations.json": b"{}", "images/": b"", "images/a.gif": b"GIF89a"}, "images/", "a.gif is none"),
        ({"annotations.json": b"{}", "images/train/00.jpg": jpeg()}, "images/", "only folders (images/train/)"),
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
    assert_finds(lint(missing, pictures(40), page=20), BLOCK, "images[3]", "not there")


def test_many_faults_are_counted_not_listed() -> None:
    annotations = document(500)
    for found in annotations["annotations"]:
        found["bbox"] = [40, 50, 20, 10]
    result = lint(annotations, pictures(500))
    assert_finds(result, BLOCK, "480 more like: annotations.json annotations[19]")
    assert len(result.findings) < 30
