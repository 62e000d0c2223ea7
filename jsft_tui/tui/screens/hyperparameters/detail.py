"""What is told about a hyperparameter: what it does, its bounds, where the value stands, one's own history with it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.advice.groups import ValueGroup
from jsft_tui.core.hyperparameters.advice.guide import guide, usual_range
from jsft_tui.core.hyperparameters.advice.ruler import ruler
from jsft_tui.core.hyperparameters.form import Form, FormRow, Hold, batch_facts
from jsft_tui.core.jobs.compare.tried_values import TriedValue
from jsft_tui.core.run.tuning import Choices, Range, Scale
from jsft_tui.tui.screens.hyperparameters.rows import EMPTY
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell, cut, fitted
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, Side, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
"""Cells of a label; a blank follows."""
RULER = 27
"""Cells of a scale between the numbers at its ends."""
HISTORY_WIDTH = 42
TRIED_WIDTH = 8
DATE_WIDTH = 6
MOST_TRIED_BELOW = 3
LINE, MARK = "┄", "●"

_KEYS = {
    Hold.INSTANCE: "type a number to fix it",
    Hold.SCALED: "{key}: the model's value again; a number fixes it",
    Hold.TYPED: "{key}: let it follow the instance",
    Hold.MODEL: "sent unchanged; {key}: let it follow the instance",
}
"""How to change what decides the batch size."""


@dataclass(frozen=True)
class KnownValue:
    """What is known of a hyperparameter, and where it is shown.

    Attributes:
        row: the hyperparameter.
        shown: the form that it is a row of.
        tried: values in one's own runs.
        hints: what makes its value doubtful, a sentence each.
        edit_key: edits it.
        batch_key: lets the batch size follow the instance.
        tune_key: makes a range of it; empty where there can be none.
        width: cells of the detail.
    """

    row: FormRow
    shown: Form
    tried: Sequence[TriedValue] = ()
    hints: Sequence[str] = ()
    edit_key: str = "enter"
    batch_key: str = "b"
    tune_key: str = ""
    width: int = HISTORY_WIDTH


def value_detail(known: KnownValue, shape: Shape) -> Detail:
    """Return what is told about a hyperparameter, for the room there is."""
    row = known.row
    state = (Cell("tuned", Ink.ACCENT),) if row.tried is not None else (Cell(row.kind, Ink.MUTED),)
    if shape is Shape.LINE:
        return Detail(row.name, [section(_first(known))], state)
    if shape is Shape.BELOW:
        return Detail(row.name, [Section(tuple(_short_lines(known)))], state)
    sections = (
        Section(tuple(_wrong(row))),
        Section(tuple(_meaning(row))),
        Section(tuple(_facts(known))),
        Section(tuple(_scale(row)), Side.PREVIEW),
        Section(tuple(_history(known)), Side.PREVIEW),
        Section(tuple(_hints(known))),
        Section(tuple(_tune(known))),
    )
    button = Button(known.edit_key, "Edit", "edit")
    return Detail(row.name, [each for each in sections if each.lines], state, button)


def rest_detail(names: Sequence[str], key: str, verb: str, shape: Shape) -> Detail:
    """Return what is told about the heading of the rest: the names below it.

    Args:
        names: of the hyperparameters.
        key: shows or folds them.
        verb: which of the two it does now.
        shape: the room there is.
    """
    said = line(", ".join(names), Ink.MUTED)
    state = (Cell("seldom changed", Ink.MUTED),)
    if shape is Shape.LINE:
        return Detail(ValueGroup.REST.value, [section(said)], state)
    button = Button(key, f"{verb.capitalize()} {plural(len(names), 'value')}", "edit")
    return Detail(ValueGroup.REST.value, [section(said)], state, button)


def _first(known: KnownValue) -> TextLine:
    row = known.row
    first = (*_wrong(row), *_hints(known), *_meaning(row))
    return first[0] if first else _fact("Value", row.value)


def _wrong(row: FormRow) -> list[TextLine]:
    return [line(f"{glyph(Status.FAILED, os.environ)} {message}", Ink.BAD, 2) for message in row.errors]


def _meaning(row: FormRow) -> list[TextLine]:
    found = guide(row.name)
    effects = (("Too high: ", found.high), ("Too low: ", found.low))
    lines = [line(row.help)] if row.help else []
    return [*lines, *(line(f"{label}{text}") for label, text in effects if text)]


def _facts(known: KnownValue) -> list[TextLine]:
    row = known.row
    lines = [_fact("Value", row.value or EMPTY, Ink.STRONG)] if row.tried is None else _tried_facts(row.tried)
    if row.is_known:
        lines.append(_fact("Default", row.default or EMPTY))
    if row.options or row.declared.allowed:
        lines.append(_fact("Allowed", ", ".join(option or EMPTY for option in row.options) or row.declared.allowed))
    if usual := _usual(row):
        lines.append(_fact("Usual", usual))
    if row.hold is not None and row.tried is None:
        how = _KEYS[row.hold].format(key=known.batch_key)
        facts = batch_facts(known.shown)
        lines += [_fact(label, f"{text} ({how})" if label == "Decides" else text) for label, text in facts]
    return lines


def _tried_facts(tried: Range) -> list[TextLine]:
    """Return what a search tries in place of one value."""
    if isinstance(tried, Choices):
        return [_fact("Tries", ", ".join(tried.values), Ink.STRONG)]
    scale = "the service chooses the scale" if tried.scale is Scale.AUTO else f"on a {tried.scale.value} scale"
    bounds = f"{tried.minimum} to {tried.maximum}"
    return [_fact("Tries", bounds, Ink.STRONG), _fact("", scale.replace("_", " "))]


def _usual(row: FormRow) -> str:
    found = usual_range(row.declared) if row.is_known else None
    return f"{found[0]:g} to {found[1]:g}" if found is not None else ""


def _scale(row: FormRow) -> list[TextLine]:
    found = ruler(row.declared, row.value) if row.is_known and row.tried is None else None
    if found is None:
        return []
    low, high = _end(found.low), _end(found.high)
    at = round(found.at * (RULER - 1))
    drawn = (
        Cell(f"{low} {LINE * at}", Ink.MUTED),
        Cell(MARK, Ink.ACCENT),
        Cell(f"{LINE * (RULER - 1 - at)} {high}", Ink.MUTED),
    )
    margin = min(len(low) + 1 + at, len(low) + len(high) + RULER + 2 - len(row.value))
    return [
        line(f"On a {found.scale.value} scale", Ink.STRONG),
        TextLine(drawn, is_drawing=True),
        TextLine((Cell(" " * max(0, margin)), Cell(row.value, Ink.ACCENT)), is_drawing=True),
    ]


def _end(number: float) -> str:
    """Return an end of a scale: `1e-6`, `1000`."""
    return f"{number:g}".replace("e-0", "e-").replace("e+0", "e+")


def _history(known: KnownValue) -> list[TextLine]:
    if not known.tried:
        return []
    width = min(known.width, HISTORY_WIDTH)
    return [line("What it did in your runs", Ink.STRONG), *(_tried(each, width) for each in known.tried)]


def _tried(each: TriedValue, width: int) -> TextLine:
    job = each.run.job
    sign = job.status.as_status
    room = max(0, width - TRIED_WIDTH - 2 - DATE_WIDTH)
    name = f"{each.run.metric} " if each.run.metric else ""
    return TextLine(
        (
            Cell(fitted(each.value, TRIED_WIDTH - 1) + " "),
            Cell(f"{glyph(sign, os.environ)} ", sign.value),
            Cell(fitted(f"{name}{each.run.value}", room)),
            Cell(f"{_day(job.created):>{DATE_WIDTH}}", Ink.MUTED),
        ),
        is_drawing=True,
    )


def _day(seconds: float) -> str:
    """Return a date as `26 Nov`, in local time."""
    moment = time.localtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"


def _hints(known: KnownValue) -> list[TextLine]:
    return [TextLine((Cell("! ", Ink.WARN), Cell(hint)), 2) for hint in known.hints]


def _tune(known: KnownValue) -> list[TextLine]:
    """Return the key that makes a range of it, or takes that back."""
    if not known.tune_key:
        return []
    words = "Tune it: try several values" if known.row.tried is None else "Try one value again"
    return [TextLine((Cell(known.tune_key, Ink.KEY), Cell(f"  {words}")))]


def _short_lines(known: KnownValue) -> list[TextLine]:
    """Return few lines: what it does in one paragraph, the default and what is usual, one's own runs."""
    row = known.row
    lines = _wrong(row)
    if meaning := _meaning(row):
        lines.append(line(" ".join(each.text for each in meaning)))
    if row.tried is not None:
        lines += _tried_facts(row.tried)[:1]
    elif row.hold is not None and known.shown.batch is not None:
        lines.append(_fact("Now", f"{known.shown.batch.explanation} ({_KEYS[row.hold].format(key=known.batch_key)})"))
    cells = [_label("Default"), Cell((row.default or EMPTY).ljust(LABEL))] if row.is_known else []
    if usual := _usual(row):
        cells += [Cell(" Usual  ", Ink.MUTED), Cell(usual)]
    elif row.options:
        cells += [Cell(" Allowed  ", Ink.MUTED), Cell(", ".join(option or EMPTY for option in row.options))]
    if cells:
        lines.append(TextLine(tuple(cells), LABEL + 1))
    if known.tried:
        lines.append(_short_history(known.tried))
    return [*lines, *_hints(known)]


def _short_history(tried: Sequence[TriedValue]) -> TextLine:
    cells: list[Cell] = [_label("Your runs")]
    for each in tried[-MOST_TRIED_BELOW:]:
        sign = each.run.job.status.as_status
        cells += [
            Cell(f"{glyph(sign, os.environ)} ", sign.value),
            Cell(f"{cut(each.value, TRIED_WIDTH)} → {each.run.value}   "),
        ]
    return TextLine(tuple(cells), LABEL + 1)


def _label(text: str) -> Cell:
    return Cell(text.ljust(LABEL + 1), Ink.MUTED)


def _fact(label: str, text: str, style: str = "") -> TextLine:
    return fact(label, text, style, LABEL)
