"""What the answer of a model says, and what it was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from jsft_tui.core.serving.invoke.answers import Line
from jsft_tui.core.serving.invoke.input_kind import InputKind
from jsft_tui.services.session.asking import Attempt
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.bars import bar
from jsft_tui.tui.widgets.text.cell_text import Cell, cut
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

LABEL = 8
MOST_LABEL, MOST_BAR, LEAST_BAR = 24, 40, 8
"""Cells of a class and of its bar; a class is longer where the bar still has its least."""
BEFORE = 3
"""Earlier questions that are shown."""
MOST_ITEM = 24
HINTS = {
    InputKind.PICTURE: "the path of a JPEG or PNG file, or its s3:// address",
    InputKind.SENTENCE: "a sentence",
    InputKind.TEXTS: "two texts with a | between them",
    InputKind.ROW: "the features of a row: 1.5,20,red",
    InputKind.PROMPT: "a prompt",
    InputKind.ANY: "a text, a row, or the path of a file",
}


def label_of(kind: InputKind) -> str:
    """Return the name of what the model takes, as it stands before the field."""
    return {InputKind.TEXTS: "Texts"}.get(kind, kind.value.capitalize())


def answer_lines(attempt: Attempt, width: int) -> list[TextLine]:
    """Return an answer: classes with bars, texts as they are; how long it took stands in the first line."""
    took = Cell(f"    {attempt.seconds * 1000:,.0f} ms", Ink.MUTED)
    classes = [each for each in attempt.lines if each.probability is not None]
    if classes and len(classes) == len(attempt.lines) and all(each.label for each in classes):
        return _class_lines(classes, took, width)
    found = [_text_line(each, is_first=at == 0) for at, each in enumerate(attempt.lines)]
    return [*found, TextLine((Cell(" " * (LABEL + 1)), Cell(took.text.strip(), Ink.MUTED)))]


def _class_lines(classes: Sequence[Line], took: Cell, width: int) -> list[TextLine]:
    most = max(MOST_LABEL, width - LABEL - LEAST_BAR - 24)
    name = min(most, max(len(each.label) for each in classes))
    room = max(4, min(MOST_BAR, width - LABEL - name - 24))
    lines = []
    for at, each in enumerate(classes):
        share = each.probability or 0.0
        style = Ink.STRONG if at == 0 else ""
        said = _share_of(each)
        lines.append(
            TextLine(
                (
                    Cell(("Answer" if at == 0 else "").ljust(LABEL + 1), Ink.MUTED),
                    Cell(f"{cut(each.label, name):{name}}  ", style),
                    *bar(share, room),
                    Cell(f"{said:>9}", style),
                    *((took,) if at == 0 else ()),
                ),
                is_drawing=True,
            )
        )
    return lines


def _share_of(each: Line) -> str:
    """Return the probability in percent."""
    share = each.probability or 0.0
    return f"{100 * share:.1f} %"


def _text_line(each: Line, *, is_first: bool) -> TextLine:
    label = Cell(("Answer" if is_first else "").ljust(LABEL + 1), Ink.MUTED)
    named = (Cell(f"{each.label}  ", Ink.MUTED),) if each.label else ()
    return TextLine((label, *named, Cell(each.text, Ink.STRONG if is_first else "")), LABEL + 1)


def best_words(attempt: Attempt) -> str:
    """Return the first of an answer in a few words: `rose 91.0 %`."""
    if not attempt.lines:
        return "no answer"
    first = attempt.lines[0]
    words = first.label or first.text
    share = f" {_share_of(first)}" if first.probability is not None else ""
    return f"{cut(words, MOST_ITEM)}{share}"


def before_lines(attempts: Sequence[Attempt]) -> list[TextLine]:
    """Return what was asked before the last question, the newest first."""
    earlier = list(reversed(attempts[:-1]))[:BEFORE]
    if not earlier:
        return []
    cells = [Cell("Before".ljust(LABEL + 1), Ink.MUTED)]
    for each in earlier:
        name = PurePosixPath(each.item).name if "/" in each.item else each.item
        cells += [Cell(cut(name, MOST_ITEM)), Cell(" → ", Ink.MUTED), Cell(f"{best_words(each)}    ")]
    return [line(""), TextLine(tuple(cells), is_drawing=True)]


def raw_lines(attempt: Attempt | None) -> list[TextLine]:
    """Return an answer as it came."""
    if attempt is None:
        return [line("Nothing was asked yet.", Ink.MUTED)]
    return [line(each) for each in attempt.raw.splitlines()]
