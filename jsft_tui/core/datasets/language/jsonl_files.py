"""The *.jsonl files of a language model's data, read under one budget; each has its part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, Listing, block, warn
from jsft_tui.core.datasets.parsers.json_lines import MAX_LINE, json_lines
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError

ENDING = ".jsonl"
MOST_FILES = 64
"""Files that are looked into; of more, so many spread over all of them."""


class LineJudge(Protocol):
    """What a format says of each line."""

    found: FindingsByKind

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Judge one line's object; what is wrong with it goes to the findings."""
        ...


@dataclass
class Lines:
    """What was read: good objects, files, and whether nothing was left out."""

    number: int = 0
    files: int = 0
    complete: bool = True

    def __str__(self) -> str:
        part = "" if self.complete else " in the part that was read"
        files = f" in {plural(self.files, 'file')}" if self.files > 1 else ""
        return f"{plural(self.number, 'line')}{files}{part}"


def jsonl_files(listing: Listing) -> list[DataObject]:
    """The files directly under the prefix that hold lines."""
    return [item for item in listing.objects if item.name.endswith(ENDING)]


def no_jsonl(listing: Listing) -> LintFinding:
    """That there is no such file, and what may have been meant."""
    if not listing.complete:
        return warn("", f"there is no *{ENDING} file among the first {len(listing.objects):,} objects.")
    alike = [item.name for item in listing.objects if item.name.lower().endswith((".json", ENDING, ".ndjson"))]
    named = next((name for name in alike if name != "template.json"), None)
    if named:
        return block(named, f"is not read: a file of JSON lines must be named *{ENDING}.")
    if listing.prefixes:
        deeper = listing.prefixes[0]
        return block("", f"there is no *{ENDING} file directly under the prefix; is it one level deeper, in {deeper}?")
    return block("", f"there is no *{ENDING} file under the prefix.")


def read_lines(data: BudgetedDataset, items: list[DataObject], judge: LineJudge, share: float = 1) -> Lines:
    """Give every line of the files to a judge, with its place; what is no JSON object is a finding.

    Args:
        data: the dataset.
        items: the files.
        judge: told every object.
        share: of the byte budget, for all the files together.
    """
    lines = Lines()
    ends = data.bytes_read + int(data.left * share)
    chosen = _some(items, data)
    lines.complete = len(chosen) == len(items)
    for number, item in enumerate(chosen):
        if item.size == 0:
            judge.found.add("empty file", block(item.name, "is empty."))
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
    try:
        for line in json_lines(data.chunks(item, part), complete=item.size <= part):
            where = f"{item.name} line {line.number}"
            if line.too_long:
                data.sampled, lines.complete = True, False
                why = f"is longer than {MAX_LINE // 2**20} MiB and was not looked into."
                judge.found.add("long", warn(where, why))
            elif line.fault:
                judge.found.add("json", block(where, f"{line.fault}."))
            else:
                lines.number += 1
                judge.line(line.fields, where)
    except UnreadableJsonError as error:
        judge.found.add("file", block(f"{item.name} line {error.line}", f"{error.reason}."))


def finish(lines: Lines, judge: LineJudge, few: int) -> Iterator[LintFinding]:
    """The judge's findings, and whether there are enough lines."""
    yield from judge.found.all()
    if lines.number:
        if lines.complete and lines.number + judge.found.count("json") < few:
            yield warn("", f"there are only {plural(lines.number, 'line')}; expect little of a model trained on them.")
    elif not any(judge.found.has(kind) for kind in ("json", "file", "empty file", "long")):
        # Nothing was wrong, and nothing was there: all lines blank, or the first longer than what may be read.
        yield (
            block("", "there are no lines but blank ones.")
            if lines.complete
            else warn("", "has lines too long for the bytes that may be read; no line could be read.")
        )
