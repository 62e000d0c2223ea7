"""The linters of semantic segmentation and instance segmentation."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.datasets.registry import data_format
from jsft_tui.core.datasets.vision.images.png import pixel_values, png_header
from tests.core.datasets.examples import assert_finds, assert_passes, jpeg, png, report

BLOCK, WARN = Level.BLOCK, Level.WARN
CLASSES = "class_label_to_prediction_index.json"
GRAY, PALETTE = 0, 3


def objects(others: Mapping[str, bytes | None] | None = None, images: int = 12) -> dict[str, bytes]:
    """Build a good set with some objects replaced (None: left out)."""
    found: dict[str, bytes | None] = {CLASSES: json.dumps({"background": 0, "cat": 1}).encode()}
    for number in range(images):
        found[f"images/{number:02}.png"] = png(10, 20)
        found[f"masks/{number:02}.png"] = png(10, 20, GRAY)
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
    ids=["gray", "palette", "jpeg image", "folder objects"],
)
def test_a_good_set_passes(found: dict[str, bytes]) -> None:
    assert_passes(lint(found), "2 classes.", "12 images, 12 masks; 24 of these files checked")


@pytest.mark.parametrize(
    ("others", "place", "says"),
    [
        ({"masks/07.png": None}, "images/07.png", "masks/07.png is missing"),
        ({"masks/07.png": b""}, "masks/07.png", "empty file"),
        ({"masks/07.png": b"text"}, "masks/07.png", "not a JPEG or PNG"),
        ({"masks/07.png": None, "masks/07.jpg": jpeg(10, 20)}, "masks/07.jpg", "blurs class numbers"),
        ({"masks/07.png": png(20, 20, GRAY)}, "masks/07.png", "20 x 20 pixels, but images/07.png is 10 x 20"),
        ({"images/07.png": png(10, 20)[:-24]}, "images/07.png", "cut off"),
        ({CLASSES: None}, "", f"no {CLASSES}"),
        ({CLASSES: None, "classes.json": b"{}"}, "", f"classes.json must be named {CLASSES}"),
        ({CLASSES: b'{"background": 0}'}, CLASSES, "names 1 class"),
        ({CLASSES: b'{"background": 0, "cat": "1"}'}, CLASSES, "'1' as the number of 'cat'"),
        ({CLASSES: b'{"background": 0, "cat": 256}'}, CLASSES, "256 as the number of 'cat'"),
        ({CLASSES: b'{"background": 0, "cat": 1, "dog": 1}'}, CLASSES, "the number 1, which 'cat' already has"),
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


def masks(body: bytes, count: int = 12) -> dict[str, bytes | None]:
    return {f"masks/{number:02}.png": body for number in range(count)}


@pytest.mark.parametrize(
    ("others", "says"),
    [
        (masks(png(10, 20, GRAY, b"\0\xff")), "masks/00.png has pixels of the number 255, which no class"),
        (masks(png(10, 20, GRAY, b"\0\xff")), "drawing programs save white as 255, where 1 is meant (12 of 12 masks)"),
        (
            masks(png(10, 20, GRAY, b"\0\1\xff")),
            "255, which no class in class_label_to_prediction_index.json has; border",
        ),
        (masks(png(10, 20, PALETTE, b"\0\1\2"), 1), "masks/00.png has pixels of the number 2, which no class"),
        (masks(png(10, 20, GRAY, b"\0")), "masks/ has nothing but the number 0 in 12 masks"),
        (masks(png(10, 20, GRAY, bytes(range(200)))), "masks/00.png has pixels of the number 9"),
        ({CLASSES: b'\xef\xbb\xbf{"background": 0, "cat": 1}'}, "a byte order mark (BOM), which Python's json.load"),
    ],
)
def test_pixels_that_are_no_class_warn(others: dict[str, bytes | None], says: str) -> None:
    assert_finds(lint(objects(others)), WARN, says)


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
@pytest.mark.parametrize("filtered", [False, True])
def test_the_pixels_of_a_mask_are_read_as_pillow_reads_them(mode: str, filtered: bool) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    numbers = [0, 1] if mode == "1" else [0, 3, 7, 250]
    picture = image.new(mode, (37, 29))
    if mode == "P":
        picture.putpalette(bytes(768))
    for x in range(37):
        for y in range(29):
            picture.putpixel((x, y), numbers[(x * x + y * (x + 3)) // 5 % len(numbers)])
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=filtered, compress_level=9 if filtered else 0)
    header = png_header(file.getvalue())
    assert header
    assert pixel_values(header, file.getvalue()) == frozenset(numbers)


@given(st.integers(0, 4), st.lists(st.integers(0, 255), min_size=12, max_size=12))
def test_every_filter_is_undone_as_pillow_undoes_it(kind: int, values: list[int]) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    body = gray_png(4, 3, b"".join(bytes([kind, *values[row : row + 4]]) for row in (0, 4, 8)))
    header = png_header(body)
    assert header
    with image.open(io.BytesIO(body)) as picture:
        assert pixel_values(header, body) == frozenset(picture.tobytes())


def gray_png(width: int, height: int, raw: bytes) -> bytes:
    """Build a gray PNG of filtered rows."""
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT" + zlib.compress(raw), b"IEND"]
    parts = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_leftovers_among_masks_are_named() -> None:
    found = lint(objects({"masks/._07.png": b"\0\5\x16\7\0"}))
    assert_finds(found, BLOCK, "masks/._07.png is a resource fork that macOS left (AppleDouble); delete it")


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
