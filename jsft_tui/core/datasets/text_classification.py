"""Text classification: `data.csv` without a header, an integer label and a text in each row.

Sources: developer guide, jumpstart-fine-tune and text-classification-tensorflow; where they disagree (labels
"1, 2, 3, n" against "between 0 and the number of classes") labels that do not start at 0 are a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from jsft_tui.core.datasets.csv_rows import CsvRow, UnreadableCsvError, rows
from jsft_tui.core.datasets.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, passed, warn
from jsft_tui.core.text import plural

SUMMARY = "data.csv without a header: an integer label, then the text."
RULES = (
    "One file named data.csv directly under the prefix.",
    "No header row.",
    "First column: the class as an integer, best 0 to n-1 without a gap.",
    "Second column: the text, in the model's language.",
    "UTF-8, and at least two classes with several rows each.",
)
FILE = "data.csv"
FEW_ROWS = 20
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_WHOLE_AS_FRACTION = re.compile(r"([0-9]+)\.0*")


@dataclass
class _Table:
    """What was seen in the file."""

    rows: int = 0
    labels: Counter[int] = field(default_factory=Counter)
    findings: FindingsByKind = field(default_factory=FindingsByKind)


def lint(data: BudgetedDataset) -> Iterator[LintFinding]:
    """All findings about a text classification dataset."""
    listing = data.listing()
    item = next((found for found in listing.objects if found.name == FILE), None)
    if item is None:
        if listing.complete:
            yield block("", _missing(listing))
        else:
            yield warn(
                "", f"there is no {FILE} among the first {len(listing.objects):,} objects; others lie beside it."
            )
        return
    if item.size == 0:
        yield block(FILE, "is empty.")
        return
    yield from _beside(listing)
    table = _Table()
    unreadable = _read(data, item, table)
    yield from table.findings.all()
    if unreadable:
        yield unreadable
        return
    yield from _judge(table, complete=data.bytes_read >= item.size)


def _missing(listing: Listing) -> str:
    names = [found.name for found in listing.objects] + list(listing.prefixes)
    csvs = [name for name in names if name.lower().endswith(".csv")]
    if csvs:
        return f"there is no {FILE} here; {csvs[0]} must be named {FILE}."
    if listing.prefixes:
        return f"there is no {FILE} directly under the prefix; is it one level deeper, in {listing.prefixes[0]}?"
    return f"there is no {FILE} under the prefix."


def _beside(listing: Listing) -> Iterator[LintFinding]:
    others = [found.name for found in listing.objects if found.name not in (FILE, "") and found.size]
    if others:
        yield warn(others[0], f"lies beside {FILE} and is copied to the instance for nothing ({len(others)} in all).")


def _read(data: BudgetedDataset, item: DataObject, table: _Table) -> LintFinding | None:
    fits = data.left >= item.size
    try:
        for row in rows(data.chunks(item), complete=fits):
            table.rows += 1
            _judge_row(row, table)
    except UnreadableCsvError as error:
        return block(f"{FILE} line {error.line}", f"{error.reason}.")
    return None


def _judge_row(row: CsvRow, table: _Table) -> None:
    where, found = f"{FILE} line {row.line}", table.findings
    label = row.cells[0].strip()
    if len(row.cells) < 2:
        found.add("columns", block(where, "has one column; it needs a label and a text."))
        return
    if not _is_whole(label):
        found.add("label", block(where, _bad_label(row, label)))
    elif int(label) < 0:
        found.add("negative", block(where, f"has the negative label {label}."))
    else:
        table.labels[int(label)] += 1
    if not row.cells[1].strip():
        found.add("empty", block(where, "has an empty text."))
    elif len(row.cells) > 2:
        found.add("more", warn(where, f"has {len(row.cells)} columns; only the first two are used."))


def _bad_label(row: CsvRow, label: str) -> str:
    if row.line == 1 and not any(_is_whole(cell.strip()) for cell in row.cells):
        return f"looks like a header ({label[:30]!r} is not an integer label); data.csv must have none."
    if _is_whole(row.cells[1].strip()):
        return f"has its columns swapped: the label comes first, then the text ({label[:30]!r} is not an integer)."
    if fraction := _WHOLE_AS_FRACTION.fullmatch(label):
        return f"has the label {label[:30]!r}, which is not an integer; write {fraction[1][:30]}."
    return f"has the label {label[:30]!r}, which is not an integer."


def _is_whole(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None


def _judge(table: _Table, *, complete: bool) -> Iterator[LintFinding]:
    if not table.rows:
        yield (
            block(FILE, "holds no rows.")
            if complete
            else warn(FILE, "has rows too long for the bytes that may be read; no row of it could be read.")
        )
        return
    classes = sorted(table.labels)
    if complete and not table.findings.has("label"):
        yield from _classes(classes)
    if complete:
        yield from _counts(table, classes)
    share = "" if complete else " in the part that was read"
    yield passed(FILE, f"{plural(table.rows, 'row')}, {plural(len(classes), 'class', 'classes')}{share}.")


def _counts(table: _Table, classes: list[int]) -> Iterator[LintFinding]:
    rare = [label for label in classes if table.labels[label] == 1]
    if len(rare) == table.rows >= FEW_ROWS:
        yield warn(FILE, "gives every row a label of its own; is the first column an id instead of a class?")
    elif rare and len(classes) > 1:
        yield warn(FILE, f"has a single row of class {rare[0]}; it cannot be in training and validation both.")
    if table.rows < FEW_ROWS:
        yield warn(FILE, f"has only {plural(table.rows, 'row')}; expect little of a model trained on it.")


def _classes(classes: list[int]) -> Iterator[LintFinding]:
    if len(classes) < 2:
        yield block(FILE, f"holds {plural(len(classes), 'class', 'classes')}; a classifier needs at least two.")
        return
    first, last = classes[0], classes[-1]
    if last - first + 1 != len(classes):
        missing = next(label for label, found in zip(range(first, last), classes, strict=False) if label != found)
        yield block(FILE, f"has labels up to {last} but none with {missing}; number the classes without a gap.")
    elif first != 0:
        yield warn(FILE, f"has labels from {first} to {last}; 0 to {len(classes) - 1} is what the algorithms document.")
