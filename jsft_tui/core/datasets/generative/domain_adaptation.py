"""Check data for domain adaptation: exactly one .txt, .csv or .json file of plain text.

Source: developer guide, jumpstart-foundation-models-fine-tuning-domain-adaptation-fine-tuning. That .json may be an
array or JSON Lines follows from the script's loader (Hugging Face datasets).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.contents import Here
from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.needs import Glance, Need, about
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.generative.columns import Columns
from jsft_tui.core.datasets.generative.jsonl_files import jsonl_files
from jsft_tui.core.datasets.parsers.csv_rows import CsvRow, UnreadableCsvError, rows
from jsft_tui.core.datasets.parsers.csv_values import is_missing
from jsft_tui.core.datasets.parsers.json_lines import fault_of
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, records, refuse_other_kinds, shown
from jsft_tui.core.datasets.text.data_csv import beside
from jsft_tui.core.datasets.vision.images.readers import extension

EXTENSIONS = (".txt", ".csv", ".json")
COLUMN = "text"
FEW_WORDS = 100


def lint_text(data: BudgetedDataset) -> Iterator[LintFinding]:
    """Yield all findings about a text for domain adaptation."""
    listing = data.listing()
    named = [item for item in listing.objects if extension(item.name) in EXTENSIONS]
    items = [item for item in named if not leftover(item.name)]
    for item in named:
        if left := leftover(item.name):
            yield from about(ONE_FILE.name, [block(item.name, f"is {left}: domain adaptation reads exactly one file.")])
    data.contents.saw(ONE_FILE.name, items[0].name if len(items) == 1 else f"{len(items):,} files")
    if len(items) != 1:
        yield from about(ONE_FILE.name, [_not_one(listing, items)])
        return
    item = items[0]
    others = [other for other in listing.objects if other.name not in (item.name, "") and other.size]
    if others:
        yield beside(others, item.name)
    if item.size == 0:
        yield from about(TEXT.name, [block(item.name, "is empty.")])
        return
    text = _Text(item, complete=data.left >= item.size)
    read = {".txt": _read_txt, ".csv": _read_csv, ".json": _read_json}[extension(item.name)]
    try:
        read(data, text)
    except UnreadableCsvError as error:
        text.found.add("unreadable", error.finding(item.name))
    except UnreadableJsonError as error:
        text.found.add("unreadable", block(f"{item.name} line {error.line}", f"{error.reason}."))
    data.contents.saw(TEXT.name, plural(text.words, "word"))
    data.contents.count("texts", text.records, complete=text.complete)
    yield from about(TEXT.name, text.findings())


def _look_at_files(glance: Glance) -> Here:
    found = [item.name for item in glance.top if extension(item.name) in EXTENSIONS and not leftover(item.name)]
    if len(found) == 1:
        return Here(found[0])
    return Here(f"{len(found):,} files", Level.BLOCK if found else glance.missing())


ONE_FILE = Need("one file", "one .txt .csv or .json", _look_at_files)
TEXT = Need("text", "text in it")


def _not_one(listing: Listing, items: list[DataObject]) -> LintFinding:
    kinds = ".txt, .csv or .json"
    if items:
        names = f"{items[0].name} and {items[1].name}"
        more = f" ({len(items)} in all)" if len(items) > 2 else ""
        return block("", f"there are {names}{more}; domain adaptation reads exactly one {kinds} file.")
    if not listing.complete:
        return warn("", f"there is no {kinds} file among the first {len(listing.objects):,} objects.")
    if lines := jsonl_files(listing):
        why = f"is not read by domain adaptation, which requires one {kinds} file"
        return block(lines[0].name, f"{why}; instructions require instruction_tuned=True, dialogs chat_dataset=True.")
    if instead := there_instead(item.name for item in listing.objects):
        return block("", f"there is no {kinds} file under the prefix; {instead}.")
    if listing.prefixes:
        deeper = listing.prefixes[0]
        return block("", f"there is no {kinds} file directly under the prefix; is it one level deeper, in {deeper}?")
    return block("", f"there is no {kinds} file under the prefix.")


@dataclass
class _Text:
    """The text of the file, as far as it was read."""

    item: DataObject
    complete: bool
    words: int = 0
    records: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def add(self, text: object, where: str) -> None:
        """Check one text of the file."""
        self.records += 1
        if not isinstance(text, str):
            self.found.add("kind", block(where, f"has {shown(text)} instead of a text."))
        elif not text.strip():
            self.found.add("empty", warn(where, "has an empty text."))
        else:
            self.words += len(text.split())

    def findings(self) -> Iterator[LintFinding]:
        """Yield the findings, and how much text there is."""
        yield from self.found.all()
        if self.found.has("unreadable") or self.found.has("column"):
            return
        name, part = self.item.name, "" if self.complete else " in the part that was read"
        if not self.words:
            if self.complete:
                yield block(name, "contains no text.")
            else:
                yield warn(name, "contains no text within the read limit.")
            return
        if self.complete and self.words < FEW_WORDS:
            yield warn(name, f"has only {plural(self.words, 'word')}; the model will learn little from it.")
        count = f"{plural(self.records, 'row')}, " if self.records > 1 else ""
        yield passed(name, f"{count}{plural(self.words, 'word')}{part}.")


def _read_txt(data: BudgetedDataset, text: _Text) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, words = 1, 0
    for number, chunk in enumerate(_ended(data.chunks(text.item))):
        if number == 0:
            refuse_other_kinds(chunk)
        try:
            piece = decoder.decode(chunk, final=not chunk and text.complete)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            byte = error.object[error.start]
            raise UnreadableJsonError(line, f"is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None
        if "\0" in piece and not text.found.has("nul"):
            where = f"{text.item.name} line {line + piece.count(chr(10), 0, piece.index(chr(0)))}"
            text.found.add("nul", warn(where, "contains a NUL byte, which is read; is the file damaged, or not text?"))
        line += piece.count("\n")
        words += len(piece.split())
    text.words = words


def _ended(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks, and an empty one for their end, where half a character may be left."""
    yield from chunks
    yield b""


def _read_csv(data: BudgetedDataset, text: _Text) -> None:
    """Read the column of texts as pandas does, which `datasets` uses (tried with datasets 5.2)."""
    column, header = 0, None
    for row in rows(data.chunks(text.item), complete=text.complete, free=2):
        where = f"{text.item.name} line {row.line}"
        if header is None:
            header = row
            column = _column(row, text)
            continue
        unnamed = row.width - len(header.cells)
        if unnamed and text.records == 0:
            why = f"has more columns than the header, so pandas uses the first {unnamed:,} as row names."
            text.found.add("unnamed", warn(where, f"{why} Is a comma not quoted?"))
        if row.too_wide:
            why = f"has {plural(len(row.cells), 'column')} instead of {row.width:,}"
            why = f"{why}; pandas refuses such a file (ParserError). Is a comma not quoted?"
            text.found.add("wide", block(where, why))
        elif column + unnamed < len(row.cells):
            _add_cell(text, row.cells[column + unnamed], where)
        else:
            why = f"has {plural(len(row.cells), 'column')}, too few for column {column + 1} of the header."
            text.found.add("columns", block(where, why))


def _add_cell(text: _Text, cell: str, where: str) -> None:
    text.add(cell, where)
    if cell and is_missing(cell):
        text.found.add("missing", warn(where, f"has the text {shown(cell)}, which pandas reads as a missing value."))


def _column(header: CsvRow, text: _Text) -> int:
    """Return the column that contains the text: `text`, or else the first."""
    names = [cell.strip().lower() for cell in header.cells]
    if COLUMN in names:
        return names.index(COLUMN)
    first = header.cells[0].strip()
    where = f"{text.item.name} line {header.line}"
    if len(first.split()) > 3:
        why = "looks like text, not like a header; the first line of a CSV file must name its columns."
        text.found.add("header", warn(where, why))
    else:
        why = f"names no column {COLUMN!r}; the first one, {shown(first)}, is used."
        text.found.add("header", warn(where, why))
    return 0


def _read_json(data: BudgetedDataset, text: _Text) -> None:
    body = b"".join(data.chunks(text.item))
    columns = Columns()
    columns.start(text.item.name, complete=text.complete)
    for number, record in enumerate(records(decoded(body, complete=text.complete), complete=text.complete), start=1):
        where = f"{text.item.name} record {number}"
        if not isinstance(record, dict):
            text.found.add("column", block(where, f"is {shown(record)}; it must be an object with a {COLUMN!r}."))
            continue
        if fault := fault_of(record):
            text.found.add("unreadable", block(where, f"{fault}."))
            continue
        columns.add(record, where)
        key = next((key for key in record if key.lower() == COLUMN), None)
        if key is None and record:
            key = next(iter(record))
            text.found.add("header", warn(where, f"has no key {COLUMN!r}; the first one, {shown(key)}, is used."))
        if key is None:
            text.found.add("column", block(where, f"is an empty object; it must have a {COLUMN!r}."))
        else:
            text.add(record[key], where)
    for finding in columns.findings():
        text.found.add("kinds", finding)
