"""The detail of the Data screen: what a model needs, and whether a folder fits it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural, short_size
from jsft_tui.core.datasets.base.needs import NeedRow
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintFinding, LintReport
from jsft_tui.core.datasets.fit import HELD_BACK, Fit, advice, balance, examples_read, short_classes, split
from jsft_tui.core.datasets.registry import format_of
from jsft_tui.tui.base.texts.sample_drawing import drawn
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.chart.bars import bar
from jsft_tui.tui.widgets.text.cell_text import Cell, cut_middle, fitted
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, Side, column_width, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

HERE_AT = {Shape.BELOW: 26}
"""Cells before the column HERE; 25 where it is not said otherwise."""
BARS_AT = 50
"""Cells before the classes, where they stand beside the needs."""
CLASS_CELLS, MOST_CLASS_CELLS = 10, 18
"""Cells of a class's name, and of the longest one."""
BAR_CELLS, SHORT_BAR = 22, 10
COUNT_CELLS, SHORT_COUNT = 5, 4
MOST_CLASSES = 10
MOST_FINDINGS = 4
LABEL = 10
_FRACTIONS = {5: "A twentieth", 10: "A tenth", 20: "A fifth", 25: "A quarter"}


@dataclass(frozen=True)
class Asked:
    """What the answer depends on.

    Attributes:
        spec: the model.
        question: what data are checked for.
        home: the region of the job.
        key: returns the name of an action's key.
        width: cells of the detail's pane.
    """

    spec: ModelSpec
    question: DataQuestion
    home: str
    key: KeyOf
    width: int = 80

    def title(self, state: Sequence[Cell]) -> str:
        """Return the question, with the whole name of the model where there is room beside the state."""
        room = self.width - ENDS - sum(len(cell.text) for cell in state)
        asked = (f"Does it fit {self.name}?", f"Fits {self.name}?", "Does it fit?")
        return next((each for each in asked if len(each) <= room), asked[-1])

    @property
    def name(self) -> str:
        """The model's name."""
        return shortest_model_id(self.spec.model_id)


def needs_detail(asked: Asked, shape: Shape, button: Button | None, more: Sequence[TextLine] = ()) -> Detail:
    """Return what a model needs; `more` about the row under the cursor."""
    form = format_of(asked.spec)
    title = f"What {asked.name} needs"
    sample = form.sample
    first = f"{sample.title[:1].upper()}{sample.title[1:]}" if sample is not None else form.summary
    if shape is Shape.LINE:
        return Detail(title, [section(line(first))], button=button)
    picture = drawn(sample, 2) if sample is not None else []
    needs = [need.words for need in form.needs(asked.question) if not _repeats(need.words, first)]
    bullets = [_bullet(words) for words in needs]
    region = _bullet(f"in the region of the job: {asked.home}")
    if shape is Shape.BELOW:
        drawing = [line(f"  {sample.line}", "muted", 2)] if sample is not None else []
        listed = [_bullet(", ".join([*needs, f"in {asked.home}"]))]
        return Detail(title, [section(line(first, "strong"), *drawing, *listed, *more)], button=button)
    sections = [section(line(f"{first}:" if picture else first, "strong"))]
    if picture:
        sections.append(Section(tuple(picture), Side.PREVIEW if shape is Shape.WHOLE else Side.MEANING))
    sections.append(section(*bullets, region))
    if held := _held_back(asked):
        sections.append(section(held))
    if shape is Shape.WHOLE:
        sections.append(section(*(_bullet(rule) for rule in form.rules)))
    if more:
        sections.append(section(*more))
    return Detail(title, sections, button=button)


def _repeats(need: str, title: str) -> bool:
    """Return whether a need says the same as a title, the article apart."""
    return need.lower().split()[1:] == title.lower().split()[1:]


def _bullet(text: str) -> TextLine:
    return TextLine((Cell("· ", "muted"), Cell(text)), 2)


def _held_back(asked: Asked) -> TextLine | None:
    values = asked.question.hyperparameters
    share = next((values[name] for name in HELD_BACK if name in values), "")
    try:
        percent = round(float(share) * 100)
    except ValueError:
        return None
    if not 0 < percent < 100:
        return None
    cells = [Cell(f"{_FRACTIONS.get(percent, f'{percent} %')} is held back for validation")]
    if asked.spec.validation_supported:
        cells += [Cell(", unless you give a folder for it "), Cell("(", "muted")]
        cells += [Cell(asked.key("use_validation"), "key"), Cell(")", "muted")]
    return TextLine((*cells, Cell(".")))


def fit_detail(asked: Asked, fit: Fit | None, shape: Shape, button: Button | None) -> Detail:
    """Return whether a folder fits; `fit` is None before anybody looked."""
    state = _state(asked, fit)
    title = asked.title(state)
    if fit is None:
        return Detail(title, [section(line("Looking at the names …", "muted"))], state, button)
    if shape is Shape.LINE:
        words = fit.first_problem or (fit.answer and "It fits.") or f"{asked.key('lint')} checks it"
        return Detail(title, [section(line(words))], state, button)
    if shape is Shape.BELOW:
        return Detail(title, [section(*_short(asked, fit))], state, button)
    most = None if shape is Shape.WHOLE else MOST_CLASSES
    parts = [
        [_heads(shape), *(_need_line(row, shape) for row in fit.rows)],
        _to_do(asked, fit),
        [_finding_line(found) for found in (fit.findings if most is None else fit.findings[:MOST_FINDINGS])],
    ]
    about = [_classes(fit, most, column_width(asked.width)), _facts(asked, fit), _advice(asked, fit), _read(fit)]
    sections = [section(*lines) for lines in parts if lines]
    sections += [section(*lines, side=Side.PREVIEW) for lines in about if lines]
    return Detail(title, sections, state, button)


def _state(asked: Asked, fit: Fit | None) -> tuple[Cell, ...]:
    if fit is None or fit.level is Level.UNKNOWN:
        return (Cell(asked.key("lint"), "key"), Cell("  check", "muted"))
    status = fit.level.as_status
    return (Cell(f"{glyph(status, os.environ)} {fit.answer}", status.value),)


def _heads(shape: Shape) -> TextLine:
    at = HERE_AT.get(shape, 25)
    return TextLine((Cell(f"{'NEEDS':{at}}HERE", "head"),), is_drawing=True)


def _need_line(row: NeedRow, shape: Shape) -> TextLine:
    at = HERE_AT.get(shape, 25)
    if row.here:
        sign, here = _sign(row.level), Cell(row.here, "" if row.level is not Level.BLOCK else "bad")
    else:
        sign, here = Cell("· ", "muted"), Cell("not looked at", "muted")
    return TextLine((sign, Cell(fitted(row.needs, at - 3) + " "), here), at, is_drawing=shape is Shape.BELOW)


def _sign(level: Level) -> Cell:
    status = level.as_status
    return Cell(f"{glyph(status, os.environ)} ", status.value)


def _to_do(asked: Asked, fit: Fit) -> list[TextLine]:
    offer, conversion = fit.contents.offer, fit.contents.conversion
    key = Cell(f"{asked.key('fix_data')}  ", "key")
    if offer is None and conversion is not None:
        return [
            line("What to do", "strong"),
            TextLine((key, Cell(f"convert {conversion.name} ({conversion.form}) to {conversion.target}")), 3),
            line("   writes a new file beside it, asks first", "muted", 3),
        ]
    if offer is None:
        return []
    margin = Cell(" " * 3)
    return [
        line("What to do", "strong"),
        TextLine((key, Cell(f"{offer.title}:")), 3),
        *(TextLine((margin, Cell(each)), 3) for each in offer.lines),
        line("   uploads one small file, asks first", "muted", 3),
    ]


def _finding_line(found: LintFinding) -> TextLine:
    where = f"{found.where} " if found.where else ""
    return TextLine((_sign(found.level), Cell(where, "strong"), Cell(found.message)), 2)


def _classes(fit: Fit, most: int | None, width: int) -> list[TextLine]:
    """Return a bar for each class, in so many cells."""
    contents = fit.contents
    if not contents.classes:
        return []
    noun = f"{contents.noun[:1].upper()}{contents.noun[1:]}"
    shown = list(contents.classes)[:most]
    name_cells = max(CLASS_CELLS, min(MOST_CLASS_CELLS, max(cell_len(name) for name in shown)))
    cells = max(1, min(BAR_CELLS, width - name_cells - 1 - COUNT_CELLS))
    bars = [TextLine(_class_cells(fit, name, name_cells, cells, COUNT_CELLS), is_drawing=True) for name in shown]
    left = len(contents.classes) - len(bars)
    rest = [line(f"{plural(left, 'more class', 'more classes')}", "muted")] if left else []
    words = balance(contents)
    style = "warn" if short_classes(contents.classes) else "muted"
    return [line(f"{noun} per class", "strong"), *bars, *rest, *([line(words, style)] if words else [])]


def _class_cells(fit: Fit, name: str, name_cells: int, cells: int, count_cells: int) -> tuple[Cell, ...]:
    """Return the name of a class, its bar and the number of its examples, each in so many cells."""
    classes = fit.contents.classes
    number = classes[name]
    done, rest = bar(number / max(1, max(classes.values())), cells)
    style = "warn" if name in short_classes(classes) else "accent"
    return (
        Cell(f"{fitted(cut_middle(name, name_cells), name_cells)} "),
        Cell(done.text, style),
        Cell(" " * len(rest.text)),
        Cell(f"{number:>{count_cells},}"),
    )


def _facts(asked: Asked, fit: Fit) -> list[TextLine]:
    contents = fit.contents
    facts = [_fact(label, text) for label, text in contents.facts]
    parts = split(asked.question, contents)
    if parts is None:
        return facts
    noun = contents.noun
    held = TextLine(
        (
            Cell(f"{'Validation':{LABEL}} ", "muted"),
            Cell(f"{parts.validation:,} {noun} "),
            Cell(f"held back ({parts.percent} %)", "muted"),
        ),
        LABEL + 1,
    )
    return [*facts, _fact("Training", f"{parts.training:,} {noun}"), held]


def _fact(label: str, text: str) -> TextLine:
    return TextLine((Cell(f"{label:{LABEL}} ", "muted"), Cell(text)), LABEL + 1)


def _advice(asked: Asked, fit: Fit) -> list[TextLine]:
    words = advice(asked.question, fit.contents)
    return [TextLine((Cell("! ", "warn"), Cell(words)), 2)] if words else []


def _read(fit: Fit) -> list[TextLine]:
    return [line(read_words(fit.report), "muted")] if fit.report is not None else []


def read_words(report: LintReport) -> str:
    """Return how much of the data a check read, in a sentence."""
    if not report.bytes_read:
        return f"{report.seen} listed, none read."
    words = examples_read(report)
    return f"Read {words or report.seen}, {short_size(report.bytes_read)}."


def _short(asked: Asked, fit: Fit) -> list[TextLine]:
    """Return the needs with the classes beside them, then what there is to say about it."""
    lines = [_heads(Shape.BELOW), *(_need_line(row, Shape.BELOW) for row in fit.rows)]
    classes = list(fit.contents.classes)
    noun = fit.contents.noun.upper()
    beside: list[tuple[Cell, ...]] = [(Cell(f"{noun} PER CLASS", "head"),)] if classes else []
    beside += [
        _class_cells(fit, name, CLASS_CELLS - 1, SHORT_BAR, SHORT_COUNT) for name in classes[: max(0, len(lines) - 1)]
    ]
    joined = [_joined(one, beside[number] if number < len(beside) else ()) for number, one in enumerate(lines)]
    after = [*_to_do(asked, fit)[1:], *map(_finding_line, fit.findings[:MOST_FINDINGS]), *_advice(asked, fit)]
    return [*joined, *after]


def _joined(left: TextLine, right: Sequence[Cell]) -> TextLine:
    if not right:
        return left
    text = left.text
    if len(text) >= BARS_AT:
        left = TextLine((*left.cells[:-1], Cell(fitted(left.cells[-1].text, BARS_AT - 1 - HERE_AT[Shape.BELOW]))))
        text = left.text
    return TextLine((*left.cells, Cell(" " * (BARS_AT - len(text))), *right), is_drawing=True)
