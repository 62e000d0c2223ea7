"""JSON lines as Arrow's reader takes them, which Hugging Face datasets use: what it refuses does not pass.

The project does not depend on pyarrow; where it is installed, generated files are compared.
"""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.generative.columns import Columns
from jsft_tui.core.datasets.parsers.json_lines import json_lines
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError

arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed; the recorded table is in test_columns")
arrow_json = pytest.importorskip("pyarrow.json", reason="pyarrow is not installed")

SCALARS = st.none() | st.booleans() | st.integers(-5, 2**70) | st.floats(-9, 9) | st.sampled_from(["x", "7", ""])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("kl"), inner), max_leaves=6
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1, max_size=3)
WORDS = [b'"a"', b":", b",", b"{", b"}", b"[", b"]", b"1", b"NaN", b"null", b"\n", b" ", b"\r", b'"\\ud800"', b'"b":2']
"""Pieces of JSON, to be put together at random."""


def is_read(body: bytes) -> bool:
    """Tell whether Arrow makes a table of the lines."""
    try:
        arrow_json.read_json(io.BytesIO(body))
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError):
        return False
    return True


def level(body: bytes) -> Level:
    """Return the worst that is said of the lines."""
    columns = Columns()
    columns.start("a", complete=True)
    worst = Level.PASS
    try:
        for line in json_lines([body], complete=True):
            if line.fault:
                return Level.BLOCK
            if line.doubt:
                worst = Level.WARN
            columns.add(line.fields, f"a line {line.number}")
    except UnreadableJsonError:
        return Level.BLOCK
    return Level.WARN if any(True for _ in columns.findings()) else worst


@given(st.lists(OBJECTS, min_size=1, max_size=5))
def test_what_arrow_refuses_does_not_pass_and_what_it_reads_does(rows: list[dict[str, Any]]) -> None:
    body = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    assert (level(body) is Level.PASS) is is_read(body)


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join))
def test_pieces_of_json_that_arrow_refuses_do_not_pass(pieces: bytes) -> None:
    body = b'{"a": 1}\n' + pieces + b"\n"
    if not is_read(body):
        assert level(body) is not Level.PASS
