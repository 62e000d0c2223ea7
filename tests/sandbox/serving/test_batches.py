"""How objects become requests, and answers an object."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from jsft_tui.sandbox.serving.transform.batches import MEGABYTE, BadObject, Form


def form(split: str = "None", assemble: str = "None", **more: Any) -> Form:
    data = {"SplitType": split, "CompressionType": more.pop("compression", "None")}
    return Form.of({"TransformInput": data, "TransformOutput": {"AssembleWith": assemble}, **more})


def test_an_object_is_one_request_unless_it_is_split() -> None:
    assert list(form().requests(b"a\nb\n")) == [b"a\nb\n"]
    assert list(form().requests(b"")) == [b""]


def test_lines_are_sent_together_or_one_by_one_and_empty_ones_not_at_all() -> None:
    body = b"a\r\nb\n\n \nc"
    assert list(form("Line").requests(body)) == [b"a\r\nb\nc"]
    assert list(form("Line", BatchStrategy="SingleRecord").requests(body)) == [b"a", b"b", b"c"]
    assert list(form("Line").requests(b"\n")) == []


def test_a_request_is_no_larger_than_asked_for() -> None:
    line = b"x" * (MEGABYTE // 2 - 1) + b"\n"
    batches = list(form("Line", MaxPayloadInMB=1).requests(line * 5))
    assert [len(batch) for batch in batches] == [MEGABYTE, MEGABYTE, MEGABYTE // 2]
    with pytest.raises(BadObject, match="MaxPayloadInMB"):
        list(form("Line", MaxPayloadInMB=1).requests(b"x" * (MEGABYTE + 1)))
    with pytest.raises(BadObject, match="MaxPayloadInMB"):
        list(form(MaxPayloadInMB=1).requests(b"x" * (MEGABYTE + 1)))


def test_compressed_objects_are_unpacked() -> None:
    packed = form(compression="Gzip")
    assert list(packed.requests(gzip.compress(b"a\nb"))) == [b"a\nb"]
    for broken in (b"plain", gzip.compress(b"a" * 100)[:-9]):
        with pytest.raises(BadObject):
            list(packed.requests(broken))


def test_answers_are_joined_with_or_without_line_ends() -> None:
    assert form().assembled([b"1", b"2"]) == b"12"
    assert form(assemble="Line").assembled([b"1", b"2"]) == b"1\n2\n"
