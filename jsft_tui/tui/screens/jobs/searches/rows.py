"""Searches in the list of jobs: a row each, what it tells, and opening it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.jobs.listed.words import progress_words
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.listed import ListedSearch, as_row
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.services.jobs.listed.job_list_state import JobListState
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.jobs.searches.facts import KnownSearch, cost_cells, how_words, left_cells, short_state
from jsft_tui.tui.screens.jobs.searches.plots import Pictured, no_values_line, over_trials_lines
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.bars import spark_value
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, Side
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
CHART_ROWS, SMALL_CHART_ROWS = 11, 6


def with_searches(state: JobListState) -> tuple[TrainingJob, ...]:
    """Return the jobs with a row for each search, the newest first."""
    rows = [as_row(listed) for listed in state.searches.values()]
    return tuple(sorted((*state.jobs, *rows), key=lambda job: (job.created, job.name), reverse=True))


def search_row(
    listed: ListedSearch, row: TrainingJob, prices: Mapping[str, Price] | None, now: datetime
) -> Mapping[str, Cell]:
    """Return the cells of a search by the keys of the columns."""
    is_running, best = listed.is_running, listed.best_value
    value = Cell(f"{listed.result_words} ", Ink.MUTED)
    if best is not None:
        number = Cell(spark_value(best))
        brief = Cell("best ", Ink.MUTED, rest=(number,), shorter=number)
        value = Cell(value.text, Ink.MUTED, rest=(number,), shorter=brief)
    spent = None if prices is None else listed.spent(prices, now.timestamp())
    cost = Cell("…", Ink.MUTED) if listed.search is None or prices is None else Cell("?", Ink.MUTED)
    if spent is not None:
        cost = Cell(f"${spent:,.2f}", Ink.MONEY)
    return {
        "sign": Cell(Glyph.TUNING_JOB, Ink.ACCENT if is_running else row.status.as_status.value),
        "name": Cell(row.name),
        "model": Cell(shortest_model_id(row.model_id) if row.model_id else "", Ink.MUTED),
        "objective": value if listed.search is not None or not is_running else Cell("…", Ink.MUTED),
        "progress": Cell(listed.progress_words if is_running else progress_words(row, None, now), Ink.MUTED),
        "cost": cost,
    }


def search_detail(
    listed: ListedSearch, prices: Mapping[str, Price] | None, now: float, key: KeyOf, shape: Shape, width: int
) -> Detail:
    """Return what is told about a search in a pane of so many cells."""
    search = listed.search
    if search is None:
        return Detail(listed.name, [Section((line("Reading the search …", Ink.MUTED),))])
    known = KnownSearch(search, prices, now, None, key)
    button = Button(key("open_job"), "Open the search", "open")
    state = short_state(search)
    if shape is Shape.LINE:
        return Detail(listed.name, [Section((_best(search),))], state)
    if shape is Shape.BELOW:
        return Detail(listed.name, [Section((_best(search), *_chart(search, width, SMALL_CHART_ROWS)))], state)
    sections = (
        Section((_best(search), *_facts(known))),
        Section(tuple(_chart(search, width, CHART_ROWS)), Side.PREVIEW),
    )
    return Detail(listed.name, sections, state, button)


def _best(search: Search) -> TextLine:
    best = search.best
    if best is None or best.objective is None:
        return no_values_line(search)
    metric = short_name(search.job.metric)
    return TextLine((Cell(f"{metric} {best.objective:.4g}", Ink.STRONG), Cell(f"  by {best.short_name}", Ink.MUTED)), 2)


def _facts(known: KnownSearch) -> Sequence[TextLine]:
    search = known.search
    job, best = search.job, search.best
    tried = [f"{name} {value}" for name, value in (best.values if best is not None else {}).items()]
    lines = [fact("Tried", ", ".join(tried) or ", ".join(job.tuned), width=LABEL)]
    lines.append(fact("How", how_words(search), width=LABEL))
    lines.append(TextLine((Cell("Cost".ljust(LABEL) + " ", Ink.MUTED), *cost_cells(known)), LABEL + 1))
    if left := left_cells(known):
        lines.append(TextLine((Cell("Left".ljust(LABEL) + " ", Ink.MUTED), *left), LABEL + 1))
    if job.model_id:
        lines.append(fact("Model", shortest_model_id(job.model_id), width=LABEL))
    count = f"{job.instance_count} × " if job.instance_count > 1 else ""
    at_once = f", {job.parallel} at a time" if job.parallel > 1 else ""
    lines.append(fact("Instance", f"{count}{job.instance_type}{', spot' if job.spot else ''}{at_once}", width=LABEL))
    return lines


def _chart(search: Search, width: int, rows: int) -> list[TextLine]:
    pictured = Pictured(search, "", width, rows)
    return over_trials_lines(pictured) if pictured.measured else []
