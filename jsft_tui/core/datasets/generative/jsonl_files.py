"""Read the *.jsonl files of a language dataset under one budget, of which each file gets a share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jsft_tui.core.common.text import plural, there_are_only
from jsft_tui.core.datasets.base.contents import Lengths
from jsft_tui.core.datasets.base.file_kinds import there_instead
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.held_back import is_held_back
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.generative.columns import Columns
from jsft_tui.core.datasets.parsers.json_lines import MAX_LINE, json_lines
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError

ENDING = ".jsonl"
MOST_FILES = 64
"""Files to read; of more files, a sample spread over all of them."""


class LineJudge(Protocol):
    """The checks of a format for each line."""

    found: FindingsByKind

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Check the object of one line; add findings."""
        ...


@dataclass
class Lines:
    """What was read: good objects, files, whether nothing was left out, keys, and lengths of the texts of a line."""

    number: int = 0
    files: int = 0
    complete: bool = True
    columns: Columns = field(default_factory=Columns)
    lengths: Lengths = field(default_factory=Lengths)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the first file that has lines."""
        return self.columns.keys

    def __str__(self) -> str:
        part = "" if self.complete else " in the part that was read"
        files = f" in {plural(self.files, 'file')}" if self.files > 1 else ""
        return f"{plural(self.number, 'line')}{files}{part}"


def jsonl_files(listing: Listing) -> list[DataObject]:
    """Return the files directly under the prefix that contain lines."""
    return [item for item in listing.objects if item.name.endswith(ENDING)]


def no_jsonl(listing: Listing) -> LintFinding:
    """Return the finding that there is no such file, with a hint."""
    if not listing.complete:
        return warn("", f"there is no *{ENDING} file among the first {len(listing.objects):,} objects.")
    alike = [item.name for item in listing.objects if item.name.lower().endswith((".json", ENDING, ".ndjson"))]
    named = next((name for name in alike if name != "template.json" and not leftover(name)), None)
    if named:
        return block(named, f"is not read: a file of JSON lines must be named *{ENDING}.")
    instead = there_instead(item.name for item in listing.objects)
    if instead:
        return block("", f"there is no *{ENDING} file under the prefix; {instead}.")
    table = next((item.name for item in listing.objects if item.name.lower().endswith(".csv")), None)
    if table:
        convert = "jsft convert makes JSON lines of a table with a header"
        return block(table, f"is a table, and there is no *{ENDING} file under the prefix; {convert}.")
    if listing.prefixes:
        deeper = listing.prefixes[0]
        return block("", f"there is no *{ENDING} file directly under the prefix; is it one level deeper, in {deeper}?")
    other = next((item.name for item in listing.objects if item.name and not leftover(item.name)), None)
    here = f"; {other} is none" if other else ""
    return block("", f"there is no *{ENDING} file under the prefix{here}.")


def read_lines(data: BudgetedDataset, items: list[DataObject], judge: LineJudge, share: float = 1) -> Lines:
    """Pass every line of the files to a judge, with its location; a line that is not a JSON object is a finding.

    Args:
        data: the dataset.
        items: the files.
        judge: receives every object.
        share: part of the byte budget for all files together.
    """
    held = [item.name for item in items if is_held_back(item.name)]
    if held and len(held) < len(items):
        judge.found.add("held back", warn(held[0], f"is read as training data, as every *{ENDING} file is."))
    lines = Lines()
    ends = data.bytes_read + int(data.left * share)
    chosen = _some(items, data)
    lines.complete = len(chosen) == len(items)
    for number, item in enumerate(chosen):
        if item.size == 0:
            others = any(other.size for other in chosen)  # beside others, an empty file adds no rows (datasets 5.2)
            judge.found.add("empty file", warn(item.name, "is empty.") if others else block(item.name, "is empty."))
            continue
        part = (ends - data.bytes_read) // (len(chosen) - number)
        if part == 0:
            data.sampled, lines.complete = True, False
            break
        lines.complete = lines.complete and item.size <= part
        lines.files += 1
        _read(data, item, part, judge, lines)
    return lines


def _some(items: list[DataObject], data: BudgetedDataset) -> list[DataObject]:
    if len(items) <= MOST_FILES:
        return items
    data.sampled = True
    return [items[place * len(items) // MOST_FILES] for place in range(MOST_FILES)]


def _read(data: BudgetedDataset, item: DataObject, part: int, judge: LineJudge, lines: Lines) -> None:
    if left := leftover(item.name):
        judge.found.add("leftover", block(item.name, f"is {left}: what reads the *{ENDING} files may fail on it."))
        return
    lines.columns.start(item.name, complete=item.size <= part)
    try:
        for line in json_lines(data.chunks(item, part), complete=item.size <= part):
            where = f"{item.name} line {line.number}"
            if line.too_long:
                data.sampled, lines.complete = True, False
                why = f"is longer than {MAX_LINE // 2**20} MiB and was not checked."
                judge.found.add("long", warn(where, why))
            elif line.fault:
                judge.found.add("json", block(where, f"{line.fault}."))
            else:
                lines.number += 1
                lines.columns.add(line.fields, where)
                lines.lengths.add(sum(len(value) for value in line.fields.values() if isinstance(value, str)))
                if line.doubt:
                    judge.found.add("doubt", warn(where, f"{line.doubt}."))
                judge.line(line.fields, where)
    except UnreadableJsonError as error:
        judge.found.add("file", block(f"{item.name} line {error.line}", f"{error.reason}."))


def finish(lines: Lines, judge: LineJudge, few: int, needs: Mapping[str, str] | None = None) -> Iterator[LintFinding]:
    """Yield the judge's findings, and whether there are enough lines; `needs`: kind -> need."""
    yield from judge.found.all(needs)
    yield from lines.columns.findings()
    if lines.number:
        if lines.complete and lines.number + judge.found.count("json") < few:
            yield warn(
                "",
                f"{there_are_only(lines.number, 'line')}; the model will learn little from them.",
            )
    elif not any(judge.found.has(kind) for kind in ("json", "file", "empty file", "long", "leftover")):
        # Nothing was wrong, and nothing was there: all lines blank, or the first longer than what may be read.
        yield (
            block("", "all lines are blank.")
            if lines.complete
            else warn("", "has lines longer than the read limit; none could be read.")
        )
