"""What the checks found, as rows: a problem in up to four lines, what passed below them in a line or two a subject."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.review import Review, finding_key
from jsft_tui.core.preflight.summary import label_of, needing_attention, passed_by_subject, passed_in_one_line
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.text.cell_text import Cell, cut, wrapped
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
"""Cells of the name of a check or subject."""
COLUMNS = (SIGN, Column("label", "", width=LABEL, gap=1), Column("text", "", min_width=20, gap=1))
ALL_COLUMNS = (
    SIGN,
    Column("check", "CHECK", width=15, gap=1),
    Column("level", "LEVEL", width=7, priority=1),
    Column("message", "FINDING", min_width=20),
)
BEFORE_TEXT = 13
"""Cells of a row before its text: the cursor, the sign, the label, and the blanks between them."""
AT_TEXT = " " * (BEFORE_TEXT - 1)
"""The same in a line below the rows, which begins after the cursor."""
MOST_LINES = 4
MOST_LINES_WHERE_LOW = {Level.BLOCK: 3, Level.WARN: 2, Level.UNKNOWN: 1}
CLAUSE_END = re.compile(r"[,;:.]\s(?!.*[,;:.]\s)")
"""The last end of a part of a sentence."""
ADDRESS = re.compile(" at https://[^ ,]+| [(]s3://[^ )]+[)]")
"""An address, after what is to be done there, or where something is."""
MONEY = re.compile(r"(\$[\d,.]*\d(?:/h)?)")
ROOM_FOR_TIMES = 70
"""Cells from which what happens after a launch has room for how long it takes."""
WHAT_HAPPENS = ("Starting", "Downloading", "Training", "Uploading")


@dataclass(frozen=True)
class Room:
    """The room for the rows.

    Attributes:
        width: cells inside the pane.
        is_roomy: whether there is room for empty lines, and for what was checked of what passed.
    """

    width: int
    is_roomy: bool

    @property
    def text(self) -> int:
        """Cells of a text after its label."""
        return max(20, self.width - BEFORE_TEXT)


@dataclass(frozen=True)
class Keys:
    """The keys that rows name."""

    fix: str
    all_checks: str


@dataclass(frozen=True)
class ReviewRows:
    """What needs a look, each a row for the cursor, and below it what passed."""

    findings: Sequence[Finding]
    lines: Sequence[Sequence[Cell]]
    """The texts of each finding, one cell a line."""
    tail: Sequence[Sequence[Cell]]
    gap: int

    def __len__(self) -> int:
        return len(self.findings)

    def key(self, index: int) -> str:
        """Return the key of a finding."""
        return finding_key(self.findings, index)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the first line of a finding."""
        finding = self.findings[index]
        return (_sign(finding.level), Cell(label_of(finding.check), "strong"), self.lines[index][0])

    def height(self, index: int) -> int:
        """Return the number of its lines."""
        return len(self.lines[index])

    def more(self, index: int) -> Sequence[Sequence[Cell]]:
        """Return its other lines."""
        return [(Cell(""), Cell(""), text) for text in self.lines[index][1:]]

    def space(self, index: int) -> int:
        """Return the number of empty lines after it."""
        del index
        return self.gap


@dataclass(frozen=True)
class AllRows:
    """Every finding in one line, the worst first."""

    findings: Sequence[Finding]

    def __len__(self) -> int:
        return len(self.findings)

    def key(self, index: int) -> str:
        """Return the key of a finding."""
        return finding_key(self.findings, index)

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the row of a finding."""
        finding = self.findings[index]
        text = "muted" if finding.level is Level.PASS else ""
        return (
            _sign(finding.level),
            Cell(finding.check, text),
            Cell(finding.level.value, finding.level.as_status.value),
            Cell(finding.message, text),
        )


def review_rows(review: Review, room: Room, keys: Keys) -> ReviewRows:
    """Return the rows of a review, complete or not."""
    found = needing_attention(review)
    return ReviewRows(
        found,
        [_finding_texts(each, room, keys.fix) for each in found],
        [*_tail(review, room, keys)],
        1 if room.is_roomy else 0,
    )


def _finding_texts(finding: Finding, room: Room, fix_key: str) -> list[Cell]:
    """Return what is wrong, never cut; why or what follows, as far as there is room; what the key does about it."""
    what = wrapped(clean(finding.message).removesuffix("."), room.text)
    remedy = clean(remedy_text(finding.remedy)).removesuffix(".")
    offered = [_offer(finding, room, fix_key)] if finding.fix is not None else []
    most = MOST_LINES if room.is_roomy else MOST_LINES_WHERE_LOW.get(finding.level, 1)
    left = max(0, most - len(what) - len(offered))
    why = wrapped(remedy, room.text)
    if len(why) > left or any(cell_len(word) > room.text for word in remedy.split()):
        why = wrapped(_without_address(remedy), room.text)
    texts = [Cell(text) for text in what] + [Cell(text, "muted") for text in _at_most(left, why, room)]
    return [*texts, *(offered if most > 1 else ())]


def _without_address(text: str) -> str:
    """Return a sentence without its address, of which a part is of no use."""
    return ADDRESS.sub("", text)


def _at_most(most: int, lines: list[str], room: Room) -> list[str]:
    """Return the lines; where there are more, the last one ends with a whole part of the sentence."""
    if len(lines) <= most or not most:
        return lines[:most]
    return [*lines[: most - 1], _whole_parts(" ".join(lines[most - 1 :]), room)]


def _whole_parts(text: str, room: Room) -> str:
    """Return as many parts of a sentence as fit into a line: a number or a name is not cut if it can be helped."""
    if cell_len(text) <= room.text:
        return text
    shorter = text
    while cell_len(shorter) > room.text - 2 and (end := CLAUSE_END.search(shorter)):
        shorter = shorter[: end.start()]
    return cut(f"{shorter} …", room.text)


def _offer(finding: Finding, room: Room, fix_key: str) -> Cell:
    assert finding.fix is not None
    width = room.text - len(fix_key) - 2
    text = _with_fewer_facts(clean(finding.offer or finding.fix.kind.label), width)
    return Cell(fix_key, "key", rest=tuple(with_money(f"  {cut(text, width)}")))


def _with_fewer_facts(text: str, width: int) -> str:
    """Return `what: fact, fact` without as many facts as do not fit, the price last; no number is cut."""
    what, colon, facts = text.partition(": ")
    left = facts.split(", ")
    while colon and left and cell_len(f"{what}: {', '.join(left)}") > width:
        left.remove(next((fact for fact in reversed(left) if not MONEY.search(fact)), left[-1]))
    return f"{what}: {', '.join(left)}" if colon and left else what


def with_money(text: str, style: str = "") -> Iterator[Cell]:
    """Yield a text with its amounts in the ink of money."""
    for number, part in enumerate(MONEY.split(text)):
        if part:
            yield Cell(part, "money" if number % 2 else style)


def _sign(level: Level) -> Cell:
    status = level.as_status
    return Cell(glyph(status, os.environ), status.value)


# Below the rows


def _tail(review: Review, room: Room, keys: Keys) -> Iterator[Sequence[Cell]]:
    if not review.is_done:
        yield from _so_far(review)
    elif review.blocks:
        count, _, subjects = passed_in_one_line(review.findings).partition("  ")
        yield (*_head(Status.COMPLETED), Cell(f"{count}  ", "strong"), Cell(subjects, "muted"))
    else:
        yield from _passed(review, room)
        if room.is_roomy:
            yield ()
        key = () if room.is_roomy else (Cell(AT_TEXT),)
        checks = len({finding.check for finding in review.findings})
        one_by_one = " one by one" if room.is_roomy else ""
        yield (*key, Cell(keys.all_checks, "key"), Cell(f"  show all {checks} checks{one_by_one}", "muted"))
        if room.is_roomy:
            yield from ((), *what_happens(room.width))


def _head(status: Status) -> tuple[Cell, ...]:
    return (Cell(f"{glyph(status, os.environ)} ", status.value),)


def _passed(review: Review, room: Room) -> Iterator[Sequence[Cell]]:
    for each in passed_by_subject(review.findings):
        head = (*_head(Status.COMPLETED), Cell(each.subject.value.ljust(LABEL + 1), "strong"))
        yield (*head, *with_money(_whole_parts(clean(each.headline), room)))
        if room.is_roomy and each.details:
            yield (Cell(AT_TEXT), *with_money(_whole_parts(clean(each.details), room), "muted"))


def _so_far(review: Review) -> Iterator[Sequence[Cell]]:
    """Yield a line for each subject, whatever has arrived: none moves when another one comes."""
    told = {each.subject: each.headline for each in passed_by_subject(review.findings)}
    for subject in Subject:
        head = _head(Status.COMPLETED) if subject in told else (Cell("  "),)
        yield (*head, Cell(subject.value.ljust(LABEL + 1), "strong"), Cell(told.get(subject, "…"), "muted"))


def what_happens(width: int) -> Iterator[Sequence[Cell]]:
    """Yield what follows a launch, in so many cells."""
    yield (Cell("What happens then", "strong"),)
    first, *others = WHAT_HAPPENS
    steps = [cell for name in others for cell in (Cell(" ── ", "line"), Cell(name))]
    # The last dashes touch: the line is as wide as the list.
    takes = (Cell(" "), Cell("3 to 5 min, not billed", "muted")) if width >= ROOM_FOR_TIMES else ()
    yield (Cell(first), *takes, *steps)
    for text in wrapped("You may leave: the job goes on, and jsft tells you when it ends.", width - 2):
        yield (Cell(text, "muted"),)


# In full


def finding_lines(finding: Finding, fix_key: str) -> list[TextLine]:
    """Return a finding in full, with its remedy and the key that applies it."""
    status = finding.level.as_status
    head = Cell(f"{glyph(status, os.environ)} {finding.level.value}".ljust(LABEL + 1), status.value)
    lines = [TextLine((head, Cell(finding.message)), LABEL + 1)]
    if finding.remedy:
        lines.append(fact("Remedy", remedy_text(finding.remedy), "strong", width=LABEL))
    if finding.fix is not None:
        offer = finding.offer or finding.fix.kind.label
        lines.append(fact(fix_key, f"{offer}; the change is shown first", width=LABEL))
    return lines


def problem_lines(text: str, remedy: str) -> list[TextLine]:
    """Return a text and its remedy as lines of a dialog."""
    return [line(text), *([line(""), line(remedy, "strong")] if remedy else [])]
