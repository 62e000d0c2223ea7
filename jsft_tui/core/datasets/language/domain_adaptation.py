"""Domain adaptation: exactly one .txt, .csv or .json file of plain text.

Source: developer guide, jumpstart-foundation-models-fine-tuning-domain-adaptation-fine-tuning. That .json may be an
array or JSON Lines is what the script's loader (Hugging Face datasets) reads.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.language.jsonl_files import jsonl_files
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow, UnreadableCsvError, rows
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, records, shown
from jsft_tui.core.datasets.text.data_csv import beside
from jsft_tui.core.datasets.vision.image_samples import extension

EXTENSIONS = (".txt", ".csv", ".json")
COLUMN = "text"
FEW_WORDS = 100


def lint_text(data: BudgetedDataset) -> Iterator[LintFinding]:
    """All findings about a text for domain adaptation."""
    listing = data.listing()
    items = [item for item in listing.objects if extension(item.name) in EXTENSIONS]
    if len(items) != 1:
        yield _not_one(listing, items)
        return
    item = items[0]
    others = [other for other in listing.objects if other.name not in (item.name, "") and other.size]
    if others:
        yield beside(others, item.name)
    if item.size == 0:
        yield block(item.name, "is empty.")
        return
    text = _Text(item, complete=data.left >= item.size)
    read = {".txt": _read_txt, ".csv": _read_csv, ".json": _read_json}[extension(item.name)]
    try:
        read(data, text)
    except (UnreadableCsvError, UnreadableJsonError) as error:
        text.found.add("unreadable", block(f"{item.name} line {error.line}", f"{error.reason}."))
    yield from text.findings()


def _not_one(listing: Listing, items: list[DataObject]) -> LintFinding:
    kinds = ".txt, .csv or .json"
    if items:
        names = f"{items[0].name} and {items[1].name}"
        more = f" ({len(items)} in all)" if len(items) > 2 else ""
        return block("", f"there are {names}{more}; domain adaptation reads exactly one {kinds} file.")
    if not listing.complete:
        return warn("", f"there is no {kinds} file among the first {len(listing.objects):,} objects.")
    if lines := jsonl_files(listing):
        why = f"is not read by domain adaptation, which wants one {kinds} file"
        return block(lines[0].name, f"{why}; instructions want instruction_tuned=True, dialogs chat_dataset=True.")
    if listing.prefixes:
        deeper = listing.prefixes[0]
        return block("", f"there is no {kinds} file directly under the prefix; is it one level deeper, in {deeper}?")
    return block("", f"there is no {kinds} file under the prefix.")


@dataclass
class _Text:
    """What was seen of the file."""

    item: DataObject
    complete: bool
    words: int = 0
    records: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def add(self, text: object, where: str) -> None:
        """One text of the file."""
        self.records += 1
        if not isinstance(text, str):
            self.found.add("kind", block(where, f"has {shown(text)} where a text must be."))
        elif not text.strip():
            self.found.add("empty", warn(where, "has an empty text."))
        else:
            self.words += len(text.split())

    def findings(self) -> Iterator[LintFinding]:
        """All of them, and how much text there is."""
        yield from self.found.all()
        if self.found.has("unreadable") or self.found.has("column"):
            return
        name, part = self.item.name, "" if self.complete else " in the part that was read"
        if not self.words:
            if self.complete:
                yield block(name, "holds no text.")
            else:
                yield warn(name, "shows no text in the bytes that may be read.")
            return
        if self.complete and self.words < FEW_WORDS:
            yield warn(name, f"has only {plural(self.words, 'word')}; expect little of a model trained on it.")
        count = f"{plural(self.records, 'row')}, " if self.records > 1 else ""
        yield passed(name, f"{count}{plural(self.words, 'word')}{part}.")


def _read_txt(data: BudgetedDataset, text: _Text) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, words = 1, 0
    for number, chunk in enumerate(data.chunks(text.item)):
        if number == 0 and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableJsonError(1, "is UTF-16; save the file as UTF-8")
        try:
            piece = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            byte = error.object[error.start]
            raise UnreadableJsonError(line, f"is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None
        if "\0" in piece:
            line += piece.count("\n", 0, piece.index("\0"))
            raise UnreadableJsonError(line, "holds a NUL byte: the file is damaged, or not a text")
        line += piece.count("\n")
        words += len(piece.split())
    text.words = words


def _read_csv(data: BudgetedDataset, text: _Text) -> None:
    name = text.item.name
    column, header = 0, None
    for row in rows(data.chunks(text.item), complete=text.complete):
        if header is None:
            header = row
            column = _column(row, text)
        elif column < len(row.cells):
            text.add(row.cells[column], f"{name} line {row.line}")
        else:
            why = f"has {plural(len(row.cells), 'column')}, too few for column {column + 1} of the header."
            text.found.add("columns", block(f"{name} line {row.line}", why))


def _column(header: CsvRow, text: _Text) -> int:
    """Which column holds the text: `text`, else the first."""
    names = [cell.strip().lower() for cell in header.cells]
    if COLUMN in names:
        return names.index(COLUMN)
    first = header.cells[0].strip()
    where = f"{text.item.name} line {header.line}"
    if len(first.split()) > 3:
        why = "looks like a text, not like a header; the first line of a CSV file must name its columns."
        text.found.add("header", warn(where, why))
    else:
        why = f"names no column {COLUMN!r}; the first one, {shown(first)}, is taken."
        text.found.add("header", warn(where, why))
    return 0


def _read_json(data: BudgetedDataset, text: _Text) -> None:
    body = b"".join(data.chunks(text.item))
    for number, record in enumerate(records(decoded(body, complete=text.complete), complete=text.complete), start=1):
        where = f"{text.item.name} record {number}"
        if not isinstance(record, dict):
            text.found.add("column", block(where, f"is {shown(record)}; it must be an object with a {COLUMN!r}."))
            continue
        key = next((key for key in record if key.lower() == COLUMN), None)
        if key is None and record:
            key = next(iter(record))
            text.found.add("header", warn(where, f"has no key {COLUMN!r}; the first one, {shown(key)}, is taken."))
        if key is None:
            text.found.add("column", block(where, f"is an empty object; it must have a {COLUMN!r}."))
        else:
            text.add(record[key], where)
