"""Thumbnails of untrusted images, or a problem."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.pixels import fitting, luminance
from jsft_tui.services.storage.thumbnails import small_picture


def encoded(picture: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form)
    return stream.getvalue()


RED = Image.new("RGB", (400, 100), (255, 0, 0))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_an_image_keeps_its_proportions_and_colors(form: str) -> None:
    small = small_picture(encoded(RED, form), (40, 40))

    assert (small.width, small.height) == (40, 10)
    assert small.note == f"{form} 400 x 100"
    red, green, blue = small.at(39, 9) or (0, 0, 0)
    assert red > 250 and green < 5 and blue < 5
    assert small.at(40, 0) is None


def test_transparent_pixels_are_gray() -> None:
    assert small_picture(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG"), (4, 4)).at(0, 0) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_every_image_mode_is_decoded(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"

    assert small_picture(encoded(Image.new(mode, (8, 8)), form), (4, 4)).width == 4


def test_a_decompression_bomb_is_not_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (9_000, 60_000):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
        with pytest.raises(Problem) as caught:
            small_picture(bomb, (10, 10))
        assert caught.value.code == "BadPicture"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=20), st.sampled_from(["JPEG", "PNG"]))
def test_damaged_images_are_decoded_or_a_problem(place: int, noise: bytes, form: str) -> None:
    whole = encoded(Image.effect_noise((40, 40), 50), form)
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    try:
        small_picture(damaged, (10, 10))
    except Problem as problem:
        assert problem.code == "BadPicture"
        assert "\n" not in problem.message


def test_without_pillow_the_remedy_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)

    with pytest.raises(Problem) as caught:
        small_picture(b"", (1, 1))
    assert caught.value.code == "NoPillow"
    assert "jsft-tui[images]" in caught.value.remedy


def test_small_sizes() -> None:
    assert fitting(1000, 1, (10, 10)) == (10, 1)
    assert fitting(3, 4, (10, 10)) == (3, 4)
    assert luminance((255, 255, 255)) == pytest.approx(1)
