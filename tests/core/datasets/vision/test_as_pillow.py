"""Images as Pillow takes them: what blocks is refused by it, and what it refuses does not pass."""

from __future__ import annotations

import io
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from tests.core.datasets.examples import flowers, report

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")

KINDS = {
    "jpeg": ("JPEG", {}),
    "progressive jpeg": ("JPEG", {"progressive": True}),
    "gray jpeg": ("JPEG", {}),
    "png": ("PNG", {}),
    "palette png": ("PNG", {}),
    "gif": ("GIF", {}),
    "bmp": ("BMP", {}),
    "webp": ("WEBP", {}),
    "tiff": ("TIFF", {}),
    "ppm": ("PPM", {}),
}
WITH_AN_END = ("png", "palette png", "bmp", "webp")
MODES = {"gray jpeg": "L", "palette png": "P"}


@cache
def drawn(kind: str, side: int) -> bytes:
    """Draw a square of noise."""
    form, options = KINDS[kind]
    file = io.BytesIO()
    Image.effect_noise((side, side), 90).convert(MODES.get(kind, "RGB")).save(file, form, **options)
    return file.getvalue()


def is_read(body: bytes) -> bool:
    """Tell whether Pillow decodes all of it, as a training script does."""
    try:
        with Image.open(io.BytesIO(body)) as picture:
            picture.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        return False
    return True


def verdict(body: bytes) -> Level:
    """Judge it as one of the images of a class."""
    return report(Task.IMAGE_CLASSIFICATION, {**flowers(), "class0/it.jpg": body}).verdict


SIDES = st.sampled_from([40, 400])  # less and more than what is read of an image at first
EACH = st.sampled_from(sorted(KINDS))


@given(EACH, SIDES, st.floats(0.02, 1), st.sampled_from([b"", b"\0", b" "]), st.integers(16, 5_000))
@example("jpeg", 400, 1.0, b"\0", 4_096)
@example("png", 40, 1.0, b"\0", 100)
def test_nothing_is_blocked_that_pillow_reads(kind: str, side: int, share: float, padding: bytes, number: int) -> None:
    whole = drawn(kind, side)
    body = whole[: int(len(whole) * share)] + padding * number
    if is_read(body):
        assert verdict(body) is not Level.BLOCK


@given(EACH, SIDES, st.binary(max_size=200) | st.binary(max_size=9).map(lambda some: some * 500))
def test_what_stands_behind_an_image_does_not_matter(kind: str, side: int, more: bytes) -> None:
    body = drawn(kind, side) + more
    if is_read(body):  # some decoders look into it
        assert verdict(body) is not Level.BLOCK


@given(st.sampled_from(["jpeg", "progressive jpeg", "gray jpeg", *WITH_AN_END]), SIDES, st.data())
def test_nothing_passes_that_is_cut_off(kind: str, side: int, data: st.DataObject) -> None:
    whole = drawn(kind, side)
    body = whole[: data.draw(st.integers(1, len(whole)))]
    if not is_read(body):
        assert verdict(body) is Level.BLOCK


@given(st.sampled_from(["png", "palette png"]), st.data())
def test_a_small_png_is_decompressed(kind: str, data: st.DataObject) -> None:
    body = bytearray(drawn(kind, 40))
    place = data.draw(st.integers(body.index(b"IDAT") + 6, len(body) - 30))
    body[place] ^= 1 << data.draw(st.integers(0, 7))
    assert (verdict(bytes(body)) is Level.BLOCK) is not is_read(bytes(body))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [40, 400])
def test_a_whole_image_of_any_kind_never_blocks(kind: str, side: int) -> None:
    body = drawn(kind, side)
    assert is_read(body)
    assert verdict(body) is (Level.PASS if kind.endswith("jpeg") else Level.WARN)
