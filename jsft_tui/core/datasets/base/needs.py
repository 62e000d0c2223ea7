"""The needs of a data format, and what a dataset has instead or in accordance: `a folder per class`, `5 folders`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.contents import Here
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import DataObject, LintFinding, LintReport

MOST_WORDS = 22
"""Characters of a need, at most: it stands in a column (SCREENS.md §7.3)."""


@dataclass(frozen=True)
class Glance:
    """The names of one listing of everything below a prefix, without what is in the objects.

    Attributes:
        objects: names relative to the prefix.
        complete: whether there are no more.
    """

    objects: tuple[DataObject, ...]
    complete: bool = True

    @property
    def top(self) -> tuple[DataObject, ...]:
        """The objects directly there."""
        return tuple(item for item in self.objects if item.name and "/" not in item.name)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders directly there, each with its slash."""
        heads = (item.name.partition("/") for item in self.objects)
        return tuple(dict.fromkeys(f"{head}/" for head, slash, _ in heads if slash))

    def within(self, folder: str) -> Glance | None:
        """Return what is below a folder; None if the listing ends before that is certain."""
        inside = tuple(item for item in self.objects if item.name.startswith(folder))
        if not self.complete and (not inside or inside[-1] == self.objects[-1]):
            return None
        return Glance(tuple(replace(item, name=item.name.removeprefix(folder)) for item in inside))

    @property
    def files(self) -> int:
        """The number of objects that are not the marks of folders."""
        return sum(1 for item in self.objects if item.name and not item.name.endswith("/"))

    def count(self, number: int, noun: str, plural_noun: str = "") -> str:
        """Return a number of things, with a plus if there may be more."""
        word = noun if number == 1 and self.complete else plural_noun or f"{noun}s"
        return f"{number:,}{'' if self.complete else '+'} {word}"

    def missing(self) -> Level:
        """Return how something is judged that is not there: it may follow after what was listed."""
        return Level.BLOCK if self.complete else Level.UNKNOWN


Look = Callable[[Glance], Here]
"""Judges a need by the names alone."""


@dataclass(frozen=True)
class Need:
    """What a model needs of its data.

    Attributes:
        name: by which findings and contents refer to it.
        words: the need, in few words.
        look: judges it by the names; None if objects must be read.
    """

    name: str
    words: str
    look: Look | None = None


Needs = Callable[[DataQuestion], tuple[Need, ...]]
"""Returns the needs of a format, which may depend on model and hyperparameters."""


@dataclass(frozen=True)
class NeedRow:
    """A need and what is there.

    Attributes:
        level: how well it is met; UNKNOWN if nobody looked.
        needs: the need.
        here: what is there; empty if nobody looked.
    """

    level: Level
    needs: str
    here: str = ""


def always(*needs: Need) -> Needs:
    """Return the needs of a format that are the same for every model."""
    return lambda _question: needs


def no_needs(_question: DataQuestion) -> tuple[Need, ...]:
    """Return the needs of a format that is not documented."""
    return ()


def about(need: str, findings: Iterable[LintFinding]) -> Iterator[LintFinding]:
    """Yield findings that concern a need, unless they name another one."""
    for finding in findings:
        yield finding if finding.need else replace(finding, need=need)


def compared(needs: Sequence[Need], report: LintReport) -> tuple[NeedRow, ...]:
    """Return the needs beside what a check found, the failed ones first."""
    return worst_first(_checked(need, report) for need in needs)


def looked_at(needs: Sequence[Need], glance: Glance) -> tuple[NeedRow, ...]:
    """Return the needs beside what the names show, the failed ones first."""
    found = ((need, need.look(glance) if need.look is not None else Here("", Level.UNKNOWN)) for need in needs)
    return worst_first(NeedRow(here.level, need.words, here.text) for need, here in found)


def region_row(home: str, region: str | None) -> NeedRow:
    """Return the need that the data lie in the region of the job; `region` is None if it is not known."""
    if not region:
        return NeedRow(Level.UNKNOWN, f"in {home}", "")
    return NeedRow(Level.PASS if region == home else Level.BLOCK, f"in {home}", region)


def ending_need(words: str, *endings: str) -> Need:
    """Return the need of files with one of these endings directly under the prefix."""

    def look(glance: Glance) -> Here:
        found = [item.name for item in glance.top if item.name.lower().endswith(endings)]
        if not found:
            return Here(f"no {endings[0]} file", glance.missing())
        return Here(found[0] if len(found) == 1 else plural(len(found), "file"))

    return Need(words, words, look)


def file_need(name: str) -> Need:
    """Return the need of a file of that name directly under the prefix."""

    def look(glance: Glance) -> Here:
        is_there = any(item.name == name for item in glance.top)
        return Here("there") if is_there else Here("missing", glance.missing())

    return Need(name, name, look)


def folder_need(name: str) -> Need:
    """Return the need of a folder of that name directly under the prefix."""

    def look(glance: Glance) -> Here:
        inside = glance.within(name) if name in glance.folders else None
        if name not in glance.folders:
            return Here("missing", glance.missing())
        return Here(plural(inside.files, "file") if inside is not None else "there")

    return Need(name, name, look)


def _checked(need: Need, report: LintReport) -> NeedRow:
    here = report.contents.here.get(need.name)
    concerning = [finding for finding in report.findings if finding.need == need.name]
    if here is None and not concerning:
        return NeedRow(Level.UNKNOWN, need.words)
    levels = [finding.level for finding in concerning] + ([here.level] if here is not None else [])
    text = here.text if here is not None else concerning[0].where or "see below"
    return NeedRow(verdict(levels), need.words, text)


def worst_first(rows: Iterable[NeedRow]) -> tuple[NeedRow, ...]:
    """Return rows with the failed ones first, otherwise in their order."""
    failed = (Level.BLOCK, Level.WARN)
    return tuple(sorted(rows, key=lambda row: failed.index(row.level) if row.level in failed else len(failed)))
