"""The linter of image classification."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DEFAULT_BUDGET, BudgetedDataset, LintReport
from jsft_tui.core.datasets.registry import lint as lint_dataset
from jsft_tui.core.datasets.vision.images.image_file import HEAD, NAMES, TAIL, examine
from tests.common.effort import at_most
from tests.core.datasets.examples import MemoryDataset, assert_finds, flowers, jpeg, png, report, said


def lint(objects: dict[str, bytes], budget: int = DEFAULT_BUDGET, page: int = 1000) -> LintReport:
    return report(Task.IMAGE_CLASSIFICATION, objects, budget, page)


def assert_good(found: LintReport) -> None:
    assert found.verdict is Level.PASS, said(found, Level.BLOCK) + said(found, Level.WARN)


def assert_blocks(found: LintReport, *parts: str) -> None:
    assert_finds(found, Level.BLOCK, *parts)


def assert_warns(found: LintReport, *parts: str) -> None:
    assert_finds(found, Level.WARN, *parts)


def drawn(kind: str, **options: Any) -> bytes:
    """A real image of a kind."""
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    file = io.BytesIO()
    image.effect_noise((64, 48), 90).convert("RGB").save(file, kind, **options)
    return file.getvalue()


# -- good


def test_a_good_set_passes_with_its_numbers() -> None:
    found = lint(flowers(classes=3, per_class=12))
    assert_good(found)
    assert said(found, Level.PASS) == ["3 classes, 36 images; 36 opened."]
    assert not found.sampled


@pytest.mark.parametrize("extension", ["jpg", "jpeg", "JPG", "Jpeg"])
def test_every_way_to_write_the_extension_passes(extension: str) -> None:
    assert_good(lint({name.replace("jpg", extension): body for name, body in flowers().items()}))


def test_png_images_pass() -> None:
    assert_good(lint({name.replace("jpg", "png"): png() for name in flowers()}))


def test_the_objects_that_consoles_make_for_folders_do_not_matter() -> None:
    assert_good(lint({**flowers(), "class0/": b"", "class1/": b""}))


def test_class_names_of_any_script_pass() -> None:
    assert_good(
        lint({name.replace("class0", "バラ 🌹").replace("class1", "tulipe séchée"): b for name, b in flowers().items()})
    )


def test_real_images_of_every_kind_pass() -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    picture = image.effect_noise((300, 200), 90)
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("jpg", {}),
        ("jpg", {"progressive": True}),
        ("jpg", {"quality": 100, "exif": b"Exif\0\0" + b"MM\0*" + bytes(2_000)}),
        ("jpg", {"icc_profile": bytes(90_000)}),
        ("png", {}),
        ("png", {"compress_level": 0}),
    ]
    objects = flowers()
    for number, (extension, options) in enumerate(kinds):
        for mode in ("L", "RGB"):
            file = io.BytesIO()
            picture.convert(mode).save(file, "JPEG" if extension == "jpg" else "PNG", **options)
            objects[f"class0/real-{number}-{mode}.{extension}"] = file.getvalue()
    assert_good(lint(objects))


# -- broken images


def test_a_file_that_is_no_image_blocks_with_its_name() -> None:
    found = lint({**flowers(), "class0/03.jpg": b"This is a text file with the wrong name.\n"})
    assert_blocks(found, "class0/03.jpg", "not a JPEG or PNG image")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\0\0\0\x18ftypheic" + bytes(50), "a HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(50), "AVIF"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b"version https://git-lfs.github.com/spec/v1", "a Git LFS pointer"),
        (b"PK\3\4" + bytes(50), "a zip or Excel file"),
        (b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(50), "a resource fork that macOS left"),
        (b"<?xml version='1.0'?><svg/>", "an SVG"),
    ],
)
def test_an_image_of_another_kind_blocks_and_is_called_by_its_kind(body: bytes, kind: str) -> None:
    assert_blocks(lint({**flowers(), "class1/phone.jpg": body}), "class1/phone.jpg", kind)


@pytest.mark.parametrize("kept", [2, 3, 10, 20, 30, -1, -2])
def test_a_jpeg_that_is_cut_off_blocks(kept: int) -> None:
    assert_blocks(lint({**flowers(), "class0/05.jpg": jpeg(body=bytes(range(40)))[:kept]}), "class0/05.jpg")


def test_a_large_jpeg_that_is_cut_off_blocks() -> None:
    body = bytes(range(255)) * 800
    assert_blocks(lint({**flowers(), "class0/05.jpg": jpeg(body=body)[:-2]}), "class0/05.jpg", "cut off")
    assert_good(lint({**flowers(), "class0/05.jpg": jpeg(body=body)}))


def test_an_end_further_ahead_is_looked_for_where_it_may_be_read() -> None:
    padded = {**flowers(), "class0/05.jpg": jpeg(body=bytes(range(255)) * 800, trailer=bytes(4_096))}
    assert_good(lint(padded))
    found = lint(padded, budget=100_000)
    assert_warns(found, "class0/05.jpg", "shows no end in its last bytes")
    assert_warns(lint({**flowers(), "class0/05.jpg": jpeg(body=bytes(99_999))[:-2]}), "padding where its end should be")


def test_a_png_that_is_cut_off_or_damaged_blocks() -> None:
    whole = png()
    assert_blocks(lint({**flowers(), "class0/a.png": whole[:-24]}), "class0/a.png", "cut off")
    damaged = whole[:20] + b"\xff" + whole[21:]
    assert_blocks(lint({**flowers(), "class0/a.png": damaged}), "class0/a.png", "PNG header is broken")


def test_a_jpeg_with_a_broken_header_blocks() -> None:
    body = jpeg()
    assert_blocks(
        lint({**flowers(), "class0/a.jpg": body[:2] + b"\0\0" + body[4:]}), "class0/a.jpg", "header is broken"
    )


def test_a_jpeg_with_nothing_between_start_and_end_blocks() -> None:
    assert_blocks(lint({**flowers(), "class0/a.jpg": b"\xff\xd8\xff\xd9" + bytes(20)}), "class0/a.jpg", "no picture")


@pytest.mark.parametrize(
    "body",
    [
        jpeg(trailer=bytes(40)),
        jpeg(trailer=b"some camera wrote this behind the picture" * 100),
        jpeg(body=bytes(100_000), trailer=b"film" * 5_000 + b"SEFT"),
        jpeg(body=b"MPF\0" + bytes(100_000), trailer=b"another picture" * 5_000),
    ],
    ids=["padding", "small-trailer", "samsung", "several-pictures"],
)
def test_what_phones_put_behind_a_picture_is_no_fault(body: bytes) -> None:
    assert_good(lint({**flowers(), "class0/phone.jpg": body}))


def test_an_empty_file_blocks_with_its_name() -> None:
    assert_blocks(lint({**flowers(), "class1/07.jpg": b""}), "class1/07.jpg", "empty file")


@pytest.mark.parametrize("body", [jpeg(60_000, 60_000), png(60_000, 60_000)], ids=["jpeg", "png"])
def test_an_image_of_huge_dimensions_blocks(body: bytes) -> None:
    found = lint({**flowers(), f"class0/huge.{'png' if body.startswith(b'.PNG', 0) else 'jpg'}": body})
    assert_blocks(found, "class0/huge", "60000 x 60000", "too large")


@pytest.mark.parametrize("body", [jpeg(0, 8), png(8, 0)], ids=["jpeg", "png"])
def test_an_image_without_pixels_blocks(body: bytes) -> None:
    assert_blocks(lint({**flowers(), "class0/none.jpg": body}), "class0/none.jpg", "no pixels")


def test_an_image_under_the_name_of_another_kind_warns() -> None:
    assert_warns(lint({**flowers(), "class0/a.jpg": png()}), "class0/a.jpg", "PNG despite its name")
    assert_warns(lint({**flowers(), "class0/a.png": jpeg()}), "class0/a.png", "JPEG despite its name")
    for kind in ("GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000"):
        found = lint({**flowers(), "class0/a.jpg": drawn(kind)})
        assert_warns(found, "class0/a.jpg", "despite its name")


# -- broken structure


def test_images_without_folders_block() -> None:
    assert_blocks(lint({f"{number}.jpg": jpeg() for number in range(20)}), "no folders", "at least two")


def test_one_class_blocks_with_its_name() -> None:
    assert_blocks(lint(flowers(classes=1)), "only the folder class0/", "at least two")


def test_a_folder_too_many_blocks_and_says_so() -> None:
    found = lint({f"photos/{name}": body for name, body in flowers().items()})
    assert_blocks(found, "photos/", "one level too deep", "photos/class0/")


def test_splits_instead_of_classes_block() -> None:
    found = lint({f"{split}/{name}": body for split in ("train", "val") for name, body in flowers().items()})
    assert_blocks(found, "train/", "one level too deep")
    assert_blocks(found, "val/", "one level too deep")


def test_an_empty_class_blocks_with_its_name() -> None:
    assert_blocks(lint({**flowers(), "empty/": b""}), "empty/ is empty")


def test_a_class_without_images_blocks_with_a_name() -> None:
    assert_blocks(lint({**flowers(), "scans/a.gif": b"GIF89a", "scans/b.gif": b"GIF89a"}), "scans/", "no .jpg", "a.gif")


def test_nothing_blocks() -> None:
    assert_blocks(lint({}), "nothing under the prefix")


# -- doubtful structure


def test_loose_images_warn_with_a_name_and_their_number() -> None:
    assert_warns(lint({**flowers(), "a.jpg": jpeg(), "b.jpg": jpeg()}), "a.jpg", "belongs to no class", "2 images")


def test_other_files_beside_the_classes_warn() -> None:
    assert_warns(lint({**flowers(), "labels.txt": b"x"}), "labels.txt", "ignored", "1 file")


def test_a_file_that_is_no_image_by_its_name_warns() -> None:
    assert_warns(lint({**flowers(), "class0/scan.tif": b"II*\0"}), "class0/scan.tif", "not a .jpg, .jpeg or .png image")


def test_a_folder_inside_of_a_class_warns() -> None:
    assert_warns(lint({**flowers(), "class0/more/1.jpg": jpeg()}), "class0/more/", "folder inside a class folder")


def test_a_class_named_like_a_split_warns() -> None:
    objects = {name.replace("class0", "Train").replace("class1", "val"): body for name, body in flowers().items()}
    assert_warns(lint(objects), "Train/", "sounds like a split")


def test_a_hidden_folder_warns() -> None:
    objects = {name.replace("class0", ".ipynb_checkpoints"): body for name, body in flowers(classes=3).items()}
    assert_warns(lint(objects), ".ipynb_checkpoints/", "would become a class")


def test_few_images_of_a_class_warn() -> None:
    assert_warns(lint({**flowers(), "rare/1.jpg": jpeg()}), "rare/", "only 1 image")


# -- sampling


def test_a_large_class_is_sampled_evenly_and_says_so() -> None:
    source = MemoryDataset(flowers(classes=2, per_class=99))
    found = lint_dataset(DataQuestion(Task.IMAGE_CLASSIFICATION), BudgetedDataset(source, reads=40))
    assert found.sampled
    assert "198 images; 40 opened" in said(found, Level.PASS)[0]
    numbers = sorted(int(name[-6:-4]) for name in set(source.names_read) if name.startswith("class0"))
    assert max(later - earlier for earlier, later in pairwise(numbers)) == 5


def test_every_image_is_looked_into_when_the_budgets_allow_it() -> None:
    source = MemoryDataset(flowers(classes=2, per_class=99))
    found = lint_dataset(DataQuestion(Task.IMAGE_CLASSIFICATION), BudgetedDataset(source))
    assert not found.sampled
    assert "198 images; 198 opened" in said(found, Level.PASS)[0]


def test_every_class_gets_its_part_of_the_budget() -> None:
    large = {f"class{label}/{number:02}.jpg": jpeg(body=bytes(100_000)) for label in range(8) for number in range(12)}
    source = MemoryDataset(large)
    data = BudgetedDataset(source, budget=10 * (HEAD + TAIL))
    found = lint_dataset(DataQuestion(Task.IMAGE_CLASSIFICATION), data)
    assert {name.split("/")[0] for name in source.names_read} == {f"class{label}" for label in range(8)}
    assert found.sampled
    assert found.verdict is Level.PASS


def test_an_empty_file_is_found_even_when_it_is_not_sampled() -> None:
    objects = flowers(classes=2, per_class=99)
    objects["class1/98.jpg"] = b""
    assert_blocks(lint(objects), "class1/98.jpg", "empty file")


def test_classes_that_may_lie_beyond_what_was_listed_do_not_block() -> None:
    loose = {f"0{number:03}.jpg": jpeg() for number in range(30)}
    found = lint({**loose, **flowers()}, page=20)
    assert_warns(found, "no folders among the first 20 entries")
    assert found.sampled


def test_a_listing_that_is_cut_says_so() -> None:
    assert lint(flowers(classes=2, per_class=50), page=30).sampled


@given(st.integers(0, 20_000))
def test_the_budget_is_never_exceeded(budget: int) -> None:
    source = MemoryDataset(flowers(classes=2, per_class=15))
    found = lint_dataset(DataQuestion(Task.IMAGE_CLASSIFICATION), BudgetedDataset(source, budget))
    assert source.bytes_served == found.bytes_read <= budget
    assert found.verdict is (Level.PASS if found.bytes_read else Level.WARN)


def test_progress_is_reported_and_can_cancel() -> None:
    class Cancelled(Exception):
        pass

    def cancel(data: BudgetedDataset) -> None:
        if data.bytes_read > 100:
            raise Cancelled

    objects = flowers(per_class=200)
    data = BudgetedDataset(MemoryDataset(objects), on_progress=cancel)
    with pytest.raises(Cancelled):
        lint_dataset(DataQuestion(Task.IMAGE_CLASSIFICATION), data)
    assert 100 < data.bytes_read < sum(map(len, objects.values())) / 4


def test_many_broken_images_are_counted_not_listed() -> None:
    objects = {f"class{label}/{number:02}.jpg": b"text" for label in range(10) for number in range(15)}
    blocks = said(lint(objects), Level.BLOCK)
    assert len(blocks) < 30
    assert any("147 more like" in line for line in blocks)


def test_a_thousand_images_of_a_class_are_judged_quickly() -> None:
    objects = {f"class{label}/{number:04}.jpg": jpeg() for label in range(20) for number in range(1000)}
    with at_most(4):
        assert_good(lint(objects))


@given(st.binary(max_size=100), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", jpeg()[:12], png()[:30]]))
def test_any_bytes_at_all_are_judged(body: bytes, start: bytes) -> None:
    data = start + body
    verdict = examine(data, data[-TAIL:], len(data))
    assert verdict.format in ("", *NAMES)
    assert verdict.format or verdict.fault
