"""A dataset in memory, for the tests of this folder."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DEFAULT_BUDGET, BudgetedDataset, DataObject, LintReport, Listing, Span
from jsft_tui.core.datasets.registry import lint


@dataclass
class MemoryDataset:
    """Objects by name; lists at most `page` entries of a level, as S3 does, and counts what is read."""

    objects: Mapping[str, bytes]
    page: int = 1000
    bytes_served: int = 0
    names_read: list[str] = field(default_factory=list)

    def listing(self, prefix: str = "") -> Listing:
        below = sorted(name for name in self.objects if name.startswith(prefix) and name != prefix)
        entries = {prefix + head + slash for head, slash, _ in (name[len(prefix) :].partition("/") for name in below)}
        shown = sorted(entries)[: self.page]
        objects = tuple(DataObject(name, len(self.objects[name])) for name in shown if not name.endswith("/"))
        prefixes = tuple(name for name in shown if name.endswith("/"))
        return Listing(objects, prefixes, complete=len(shown) == len(entries))

    def read(self, name: str, start: int, length: int) -> bytes:
        data = self.objects[name][start : start + length]
        self.bytes_served += len(data)
        self.names_read.append(name)
        return data

    def listings(self, prefixes: Sequence[str]) -> list[Listing]:
        return [self.listing(prefix) for prefix in prefixes]

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        return [self.read(span.name, span.start, span.length) for span in spans]


def report(
    asked: Task | DataQuestion, objects: Mapping[str, bytes], budget: int = DEFAULT_BUDGET, page: int = 1000
) -> LintReport:
    """Lint some objects for a task (and a model)."""
    question = DataQuestion(asked) if isinstance(asked, Task) else asked
    return lint(question, BudgetedDataset(MemoryDataset(objects, page), budget))


def said(found: LintReport, level: Level) -> list[str]:
    """Return the findings of a level, each with its location."""
    return [f"{item.where} {item.message}".strip() for item in found.findings if item.level is level]


def assert_passes(found: LintReport, *parts: str) -> None:
    """Assert that nothing is wrong or doubtful, everything was read, and something was confirmed."""
    assert found.verdict is Level.PASS, said(found, Level.BLOCK) + said(found, Level.WARN)
    assert not found.sampled
    confirmed = " / ".join(said(found, Level.PASS))
    assert all(part in confirmed for part in parts), confirmed


def assert_finds(found: LintReport, level: Level, *parts: str) -> None:
    """Assert the verdict, and that one finding of that level (location and message) contains all the parts."""
    assert found.verdict is level, found.findings
    lines = said(found, level)
    assert any(all(part in line for part in parts) for line in lines), lines


def jpeg(width: int = 8, height: int = 8, body: bytes = b"picture", trailer: bytes = b"") -> bytes:
    """Build the structure of a JPEG: header, frame, scan, end; it cannot be decoded."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xC0, frame), (0xDA, b"\x01\x01\x00\x00\x3f\x00")]
    parts = [struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments]
    return b"\xff\xd8" + b"".join(parts) + body + b"\xff\xd9" + trailer


def png(width: int = 8, height: int = 8, color_type: int = 2, values: bytes = b"\0\1") -> bytes:
    """Build a small PNG of eight bits (color type 0: gray, 2: color, 3: palette) of the values in turn."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    size = width * {2: 3}.get(color_type, 1)
    rows = (b"\0" + (values * size)[:size]) * height if size * height < 2**20 else b""
    chunks = [header, b"IDAT" + zlib.compress(rows), b"IEND"]
    parts = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def flowers(classes: int = 2, per_class: int = 12) -> dict[str, bytes]:
    """Build a good image classification dataset."""
    return {
        f"class{label}/{number:02}.jpg": jpeg(body=bytes([label, number]))
        for label in range(classes)
        for number in range(per_class)
    }


def sentences(rows: int = 40, classes: int = 2) -> list[str]:
    """Build the lines of a good text classification dataset."""
    return [f"{number % classes},This is sentence number {number}" for number in range(rows)]
