"""What a trial is beside the others: its value, what it tried, how far the search is, and what that costs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.core.tuning.results.gain import trial_gain
from jsft_tui.core.tuning.results.trials import Trial, short_number
from jsft_tui.tui.screens.jobs.facts import gain_line
from jsft_tui.tui.screens.jobs.searches.facts import KnownSearch, cost_cells, left_cells
from jsft_tui.tui.screens.tuning.rows import objective_cell
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell, fitted
from jsft_tui.tui.widgets.text.detail_view import Detail, Section, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 6
TREND_CELLS = 12
NAME_CELLS, VALUE_CELLS = 15, 9
MOST_REASON = 300
"""Characters of a failure's text."""


def trial_detail(known: KnownSearch, trial: Trial, shape: Shape) -> Detail:
    """Return what is told about a trial, for the room there is."""
    title, state = trial_title(known, trial)
    if shape in (Shape.LINE, Shape.BELOW):
        return Detail(title, [Section((TextLine((*cost_cells(known), Cell("  "), *left_cells(known))),))], state)
    sections = (
        Section(tuple(_result(known, trial))),
        Section(tuple(_tried(known, trial))),
        Section(tuple(_search_facts(known))),
        Section((_keys(known),)),
    )
    return Detail(title, [each for each in sections if each.lines], state)


def trial_title(known: KnownSearch, trial: Trial) -> tuple[str, tuple[Cell, ...]]:
    """Return the title of a trial's pane and its sign."""
    if known.is_best(trial):
        return f"Best: {trial.short_name}", (Cell(Glyph.BEST, Ink.GOOD),)
    sign = trial.status.as_status
    return trial.short_name, (Cell(f"{glyph(sign, os.environ)} {trial.status.value}", sign.value),)


def _result(known: KnownSearch, trial: Trial) -> list[TextLine]:
    metric = short_name(known.search.job.metric)
    if trial.objective is None:
        lines = [TextLine((objective_cell(trial),))]
        if trial.failure_reason:
            lines.append(line(" ".join(trial.failure_reason.split())[:MOST_REASON], Ink.MUTED))
        return lines
    lines = [TextLine((Cell(f"{metric} ", Ink.STRONG), Cell(objective_cell(trial).text, Ink.STRONG)))]
    gain = trial_gain(known.search, trial, known.ordinary)
    return lines if gain is None else [*lines, gain_line(gain)]


def _tried(known: KnownSearch, trial: Trial) -> list[TextLine]:
    before = known.ordinary.hyperparameters if known.ordinary is not None else {}
    lines = []
    for name, value in trial.values.items():
        now = short_number(value)
        was = before.get(name)
        note = "" if was is None else "same" if _is_same(was, value) else f"was {short_number(was)}"
        lines.append(
            TextLine(
                (Cell(fitted(name, NAME_CELLS) + " "), Cell(f"{now:<{VALUE_CELLS}} ", Ink.STRONG), Cell(note, "muted"))
            )
        )
    return lines


def _is_same(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _search_facts(known: KnownSearch) -> list[TextLine]:
    search = known.search
    lines = [TextLine((_label("Cost"), *cost_cells(known)), LABEL + 1)]
    if left := left_cells(known):
        lines.append(TextLine((_label("Left"), *left), LABEL + 1))
    if len(search.trend) > 1:
        values = [value for _, value in search.trend][-TREND_CELLS:]
        gain = f" no gain for {plural(search.without_gain, 'trial')}" if search.without_gain else " still rising"
        if search.direction.value == "minimize" and not search.without_gain:
            gain = " still falling"
        lines.append(TextLine((_label("Trend"), Cell(spark(values, TREND_CELLS), Ink.ACCENT), Cell(gain)), LABEL + 1))
    lines.append(fact("Trials", search.job.counts.words, width=LABEL))
    if search.job.failure_reason:
        lines.append(line(search.job.failure_reason.splitlines()[0], Ink.BAD))
    return lines


def _label(label: str) -> Cell:
    return Cell(label.ljust(LABEL) + " ", Ink.MUTED)


def _keys(known: KnownSearch) -> TextLine:
    is_over = known.search.job.status.is_final
    wanted = [("clone_trial", "take into a run"), ("download_best", "download the best" if is_over else "download")]
    if not is_over:
        wanted.append(("stop_search", "stop"))
    cells: list[Cell] = []
    for name, words in wanted:
        cells += [Cell("  ")] if cells else []
        cells += [Cell(known.key(name), Ink.KEY), Cell(f" {words}")]
    return TextLine(tuple(cells))


def best_words(known: KnownSearch) -> Sequence[Cell]:
    """Return the best trial and what it is worth, in the divider above the drawing."""
    best = known.search.best
    if best is None:
        return (Cell("No trial has ended with a value yet"),)
    gain = trial_gain(known.search, best, known.ordinary)
    return (Cell(f"Best: {best.short_name}{f' {gain.text}' if gain is not None else ''}"),)
