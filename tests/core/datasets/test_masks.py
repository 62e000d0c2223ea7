"""The linter of semantic segmentation, and what is said of instance segmentation."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.datasets.registry import data_format
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, png, report

BLOCK, WARN = Level.BLOCK, Level.WARN
CLASSES = "class_label_to_prediction_index.json"
GREY, PALETTE = 0, 3


def objects(others: Mapping[str, bytes | None] | None = None, images: int = 12) -> dict[str, bytes]:
    """A good set with some objects replaced (None: left out)."""
    found: dict[str, bytes | None] = {CLASSES: json.dumps({"background": 0, "cat": 1}).encode()}
    for number in range(images):
        found[f"images/{number:02}.png"] = png(10, 20)
        found[f"masks/{number:02}.png"] = png(10, 20, GREY)
    return {name: body for name, body in {**found, **(others or {})}.items() if body is not None}


def lint(found: dict[str, bytes], **options: int) -> LintReport:
    return report(Task.SEMANTIC_SEGMENTATION, found, **options)


@pytest.mark.parametrize(
    "found",
    [
        objects(),
        objects({"masks/03.png": png(10, 20, PALETTE)}),
        objects({"images/03.png": None, "images/03.jpg": jpeg(10, 20)}),
        objects({"images/": b"", "masks/": b""}),
    ],
    ids=["grey", "palette", "jpeg image", "folder objects"],
)
def test_a_good_set_passes(found: dict[str, bytes]) -> None:
    assert_passes(lint(found), "2 classes.", "12 images, 12 masks; 24 of these files looked into")


@pytest.mark.parametrize(
    ("others", "place", "says"),
    [
        ({"masks/07.png": None}, "images/07.png", "masks/07.png is missing"),
        ({"masks/07.png": b""}, "masks/07.png", "empty file"),
        ({"masks/07.png": b"text"}, "masks/07.png", "not a JPEG or PNG"),
        ({"masks/07.png": None, "masks/07.jpg": jpeg(10, 20)}, "masks/07.jpg", "blurs class numbers"),
        ({"masks/07.png": png(20, 20, GREY)}, "masks/07.png", "20 x 20 pixels, but images/07.png is 10 x 20"),
        ({"images/07.png": png(10, 20)[:-8]}, "images/07.png", "cut off"),
        ({CLASSES: None}, "", f"no {CLASSES}"),
        ({CLASSES: None, "classes.json": b"{}"}, "", f"classes.json must be named {CLASSES}"),
        ({CLASSES: b'{"background": 0}'}, CLASSES, "names 1 class"),
        ({CLASSES: b'{"background": 0, "cat": "1"}'}, CLASSES, "'1' as the number of 'cat'"),
        ({CLASSES: b'{"background": 0, "cat": 256}'}, CLASSES, "256 as the number of 'cat'"),
        ({CLASSES: b'{"background": 0, "cat": 1, "dog": 1}'}, CLASSES, "the number 1, which 'cat' has already"),
        ({CLASSES: b'["background", "cat"]'}, f"{CLASSES} line 1", "one JSON object"),
        ({CLASSES: b'{"background": 0, "cat": [1]}'}, CLASSES, "a list as the number of 'cat'"),
        ({CLASSES: b"{" * 100_000}, f"{CLASSES} line 1", "JSON"),
    ],
)
def test_a_broken_set_blocks_at_its_place(others: dict[str, bytes | None], place: str, says: str) -> None:
    assert_finds(lint(objects(others)), BLOCK, place, says)


@pytest.mark.parametrize(
    ("folder", "says"),
    [("images/", "no folder images/"), ("masks/", "no folder masks/")],
)
def test_a_missing_folder_blocks(folder: str, says: str) -> None:
    found = {name: body for name, body in objects().items() if not name.startswith(folder)}
    assert_finds(lint(found), BLOCK, says)


@pytest.mark.parametrize(
    ("others", "place", "says"),
    [
        ({"masks/07.png": png(10, 20)}, "masks/07.png", "3 channels"),
        ({"images/07.png": None}, "masks/07.png", "mask without an image"),
        ({"images/notes.txt": b"x"}, "images/notes.txt", "is ignored"),
    ],
)
def test_a_doubtful_set_warns_at_its_place(others: dict[str, bytes | None], place: str, says: str) -> None:
    assert_finds(lint(objects(others)), WARN, place, says)


def test_masks_beyond_what_was_listed_are_not_called_missing() -> None:
    found = lint(objects(images=40), page=20)
    assert found.verdict is Level.PASS, found.findings
    assert found.sampled
    assert_finds(lint(objects({"masks/05.png": None}, 40), page=20), BLOCK, "images/05.png", "has no mask")


def test_instance_segmentation_has_no_documented_format_and_says_so() -> None:
    assert "documents no data format" in data_format(Task.INSTANCE_SEGMENTATION).summary
    found = report(Task.INSTANCE_SEGMENTATION, {"anything/a.bin": b"x"})
    assert_finds(found, WARN, "no format is documented")
    assert found.sampled
