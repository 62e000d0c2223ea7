"""Class folders as torchvision's ImageFolder and Keras' flow_from_directory walk them."""

from __future__ import annotations

import io

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from tests.core.datasets.examples import assert_finds, flowers, jpeg, report, said
from tests.core.datasets.vision.test_images import drawn

BLOCK, WARN = Level.BLOCK, Level.WARN
PYTORCH = DataQuestion(Task.IMAGE_CLASSIFICATION, "pytorch-ic-resnet18")
TENSORFLOW = DataQuestion(Task.IMAGE_CLASSIFICATION, "tensorflow-ic-efficientnet-b0-classification-1")
FORK = b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60)


def nested(between: str) -> dict[str, bytes]:
    """Put folders between the classes and their images."""
    return {name.replace("/", f"/{between}/"): body for name, body in flowers().items()}


@pytest.mark.parametrize("question", [PYTORCH, TENSORFLOW], ids=["pytorch", "tensorflow"])
@pytest.mark.parametrize("between", ["session1", "a/b/c"])
def test_images_below_a_class_count_for_it(question: DataQuestion, between: str) -> None:
    found = report(question, nested(between))
    assert_finds(found, WARN, f"class0/{between[0]}", "walks into it, and its images count as class0/")
    assert "2 classes, 24 images; 24 opened." in said(found, Level.PASS)
    assert_finds(
        report(question, {**nested(between), "class1/x/1.jpg": b"text"}), BLOCK, "class1/x/1.jpg is not a JPEG"
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"class2/notes/a.txt": b"x"}, "class2/ has no images, neither itself nor in its folders (class2/notes/)"),
        ({"class2/images.zip": b"x"}, "class2/images.zip is a zip archive; unpack it"),
        ({"class2/a.gif": b"GIF89a"}, "class2/ has no .jpg, .jpeg or .png images"),
        ({"class2/a.jfif": jpeg()}, "class2/ has no .jpg, .jpeg or .png images"),
        ({"__MACOSX/class0/._01.jpg": FORK}, "__MACOSX/ is a folder of resource forks that macOS put into a zip file"),
        ({"class0/._01.jpg": FORK}, "class0/._01.jpg is a resource fork that macOS left (AppleDouble); delete it"),
        ({"class0/more/._01.jpg": FORK}, "class0/more/._01.jpg is a resource fork"),
        ({"class0/.ipynb_checkpoints/._01.jpg": FORK}, "is a resource fork"),
        ({".git/HEAD": b"x"}, ".git/ is a folder that Git left; delete it; it would become a class"),
    ],
)
def test_what_no_reader_takes_blocks(more: dict[str, bytes], says: str) -> None:
    assert_finds(report(PYTORCH, {**flowers(), **more}), BLOCK, says)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"class0/.ipynb_checkpoints/01-checkpoint.jpg": jpeg()}, "what lies in it (1 image) is trained on as class0/"),
        ({".ipynb_checkpoints/01-checkpoint.jpg": jpeg()}, ".ipynb_checkpoints/ is a folder of copies"),
        ({".ipynb_checkpoints/01-checkpoint.jpg": jpeg()}, "it would become a class"),
        ({"class0/Thumbs.db": b"x"}, "class0/Thumbs.db is a file that Windows left; delete it; it is ignored"),
        ({".DS_Store": b"x"}, ".DS_Store is a file that macOS left"),
        ({f"Class0/{n}.jpg": jpeg() for n in range(10)}, "look like one class"),
        ({f"class0 /{n}.jpg": jpeg() for n in range(10)}, "look like one class"),
        (
            {f"caf{end}/{n}.jpg": jpeg() for n in range(10) for end in ("\u00e9", "e\u0301")},
            "look like one class",
        ),
        ({f"many/{n}.jpg": jpeg() for n in range(240)}, "the model may ignore the small class"),
    ],
)
def test_what_is_taken_or_ignored_without_being_meant_warns(more: dict[str, bytes], says: str) -> None:
    found = report(TENSORFLOW, {**flowers(), **more})
    assert_finds(found, WARN, says)
    assert not any("may be ignored" in line for line in said(found, WARN))


@pytest.mark.parametrize(
    ("kind", "end", "of_pytorch", "of_tensorflow"),
    [
        ("TIFF", ".tif", WARN, WARN),
        ("TIFF", ".tiff", WARN, WARN),
        ("BMP", ".bmp", WARN, WARN),
        ("PPM", ".ppm", WARN, WARN),
        ("WEBP", ".webp", WARN, BLOCK),
        ("PPM", ".pgm", WARN, BLOCK),
        ("GIF", ".gif", BLOCK, BLOCK),
        ("JPEG", "", BLOCK, BLOCK),
    ],
)
def test_endings_that_only_some_readers_take(kind: str, end: str, of_pytorch: Level, of_tensorflow: Level) -> None:
    objects = {name.replace(".jpg", end): drawn(kind) for name in flowers()}
    assert report(PYTORCH, objects).verdict is of_pytorch
    assert report(TENSORFLOW, objects).verdict is of_tensorflow


def test_gray_images_of_sixteen_bits_turn_white() -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    file = io.BytesIO()
    image.new("I;16", (8, 8), 1_000).save(file, "PNG")
    assert image.open(file).convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    found = report(PYTORCH, {**flowers(), "class0/deep.png": file.getvalue()})
    assert_finds(found, WARN, "class0/deep.png has 16 bits for each gray pixel")


def test_an_archive_instead_of_folders_is_named() -> None:
    assert_finds(report(PYTORCH, {"images.zip": b"x"}), BLOCK, "images.zip is a zip archive; unpack it")
