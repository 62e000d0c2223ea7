"""What the row under the cursor tells: how far the job is, its objective, its use, its facts, the end of its log."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.listed.words import told_by_service
from jsft_tui.core.jobs.metrics.curves import Points
from jsft_tui.core.jobs.metrics.epochs import over_epochs, planned_epochs, since_start
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import best_of, short_name
from jsft_tui.core.jobs.metrics.objective_curve import JobCurve, final_value
from jsft_tui.core.jobs.metrics.training_axis import EPOCH, place_text, training_axis
from jsft_tui.core.jobs.phases.timeline import eta_seconds
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.glance import JobGlance
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.jobs.facts import (
    Prices,
    changed_text,
    cost_cells,
    customization_lines,
    data_text,
    gain_line,
    identity_lines,
    instance_line,
    labeled,
    left_cells,
    model_text,
    progress_line,
    state_cells,
    use_cells,
    use_text,
)
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.bars import spark_value
from jsft_tui.tui.widgets.chart.lines import beside, chart_lines
from jsft_tui.tui.widgets.chart.series import Axis, Rank, Series
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Section, Shape, Side
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

CHART_ROWS, SMALL_CHART_ROWS = 11, 7
SMALL_CHART, FACTS_AT = 34, 36
"""Cells of a chart beside facts, and where these begin."""
NARROWEST_BESIDE = 70
"""Cells from which on there is room for both."""
TAIL = {Shape.BESIDE: 2, Shape.WHOLE: 20}
"""Lines of the log."""
WIDE_TAIL, TWO_COLUMNS = 12, 90


@dataclass(frozen=True)
class Ghost:
    """The best earlier run of the same model and data, with its curve."""

    job: TrainingJob
    curve: JobCurve


@dataclass(frozen=True)
class KnownJob:
    """What is known of a job on the list.

    Attributes:
        job: the job.
        now: epoch seconds.
        prices: by instance type; None while they are not known.
        curve: of its objective; None without one.
        glance: what was read when the cursor rested there; None before.
        ghost: to compare it with.
        gain: the difference to the best earlier run.
        key: names the keys.
        flags: options of the command line that lead to the target.
    """

    job: TrainingJob
    now: float
    prices: Prices
    curve: JobCurve | None
    glance: JobGlance | None
    ghost: Ghost | None
    gain: Gain | None
    key: KeyOf
    flags: str = ""

    @property
    def progress(self) -> Progress | None:
        """Its progress: of the log, else of the service, which tells that of customizations."""
        read = self.glance.progress if self.glance is not None else None
        return read or told_by_service(self.job)


def job_detail(known: KnownJob, shape: Shape, width: int) -> Detail:
    """Return what is told about a job in a pane of so many cells."""
    job = known.job
    if shape is Shape.LINE:
        return Detail(job.name, [Section((_one_line(known, width),))], state_cells(job))
    if shape is Shape.BELOW:
        return Detail(job.name, [Section(tuple(_short_lines(known, width)))], state_cells(job))
    column = (width - 4) // 2 if width >= TWO_COLUMNS - 2 else width
    sections = [
        Section(tuple(_headline(known, column))),
        Section(tuple(_chart(known, column, CHART_ROWS)), Side.PREVIEW),
        Section(tuple(_use(known))),
        Section(tuple(_what_next(known))),
        Section(tuple(_facts(known))),
        Section(tuple(_tail(known, WIDE_TAIL if column < width else TAIL[shape])), Side.PREVIEW),
    ]
    return Detail(job.name, [each for each in sections if each.lines], state_cells(job))


# The headline


def _headline(known: KnownJob, width: int) -> list[TextLine]:
    match known.job.status:
        case JobStatus.COMPLETED:
            return _result(known)
        case JobStatus.FAILED | JobStatus.STOPPED:
            return _cause(known)
        case _:
            return _running(known, width)


def _running(known: KnownJob, width: int) -> list[TextLine]:
    job, now = known.job, known.now
    lines = []
    waits = waiting(job, now)
    if waits is not None:
        lines.append(line(f"! {waits.text}", Ink.WARN, indent=2))
    progress = known.progress
    if (drawn := progress_line(progress, width)) is not None and job.secondary_status == "Training":
        lines.append(drawn)
    left = left_cells(_seconds_left(known))
    gap = (Cell(" · ", Ink.MUTED),) if left else ()
    return [*lines, TextLine((*left, *gap, *cost_cells(job, known.prices, now)), 2)]


def _seconds_left(known: KnownJob) -> float | None:
    if known.glance is None or known.job.secondary_status != "Training":
        return None
    return eta_seconds(known.glance.marks, known.now)


def _result(known: KnownJob) -> list[TextLine]:
    final = final_value(known.job)
    lines = []
    if final is not None:
        lines.append(TextLine(_final_cells(final)))
    if known.gain is not None:
        lines.append(gain_line(known.gain))
    return [*lines, *_spent(known)]


def _final_cells(final: tuple[str, float]) -> tuple[Cell, ...]:
    return Cell(f"{short_name(final[0])} "), Cell(spark_value(final[1]), Ink.STRONG)


def _spent(known: KnownJob) -> list[TextLine]:
    job, now = known.job, known.now
    billed = f", billed {clock(job.billed_seconds(now))}" if job.started is not None else ""
    took = labeled("Took", Cell(clock(job.elapsed_seconds(now))), Cell(billed, Ink.MUTED))
    return [took, labeled("Cost", *cost_cells(job, known.prices, now))]


def _cause(known: KnownJob) -> list[TextLine]:
    job = known.job
    sign = job.status.as_status
    diagnosis = job.diagnosis
    if diagnosis is not None:
        lines = [
            line(diagnosis.cause, sign.value),
            fact("Helps", remedy_text(diagnosis.remedy, known.flags), "strong", 9),
        ]
    elif job.failure_reason:
        lines = [line(job.failure_reason.splitlines()[0], sign.value)]
    else:
        lines = [line(f"It was {job.status.value.lower()}.", sign.value)]
    more = Cell(f"{known.key('open_job')} ", "key"), Cell("opens it: the log, and what helps", Ink.MUTED)
    return [*lines, TextLine(more), *_spent(known)]


# The chart


def _chart(known: KnownJob, width: int, height: int) -> list[TextLine]:
    curve = known.curve
    if curve is None or len(curve.points) < 2:
        return []
    series, axis = _curves(known, curve)
    is_said = known.job.status is JobStatus.COMPLETED  # in the headline
    title = [] if is_said else [TextLine(_chart_title(known, curve), is_drawing=True)]
    below = [line("faint: your best run before this one", Ink.MUTED)] if len(series) > 1 else []
    return [*title, *chart_lines(series, axis, width, height), *below]


def _chart_title(known: KnownJob, curve: JobCurve) -> tuple[Cell, ...]:
    best = best_of(curve.metric, curve.points)
    value = curve.last if best is None else best.value
    word = "" if best is None else "best so far" if is_running(known.job) else "best"
    return Cell(f"{short_name(curve.metric)} "), Cell(spark_value(value), Ink.STRONG), Cell(f"  {word}", Ink.MUTED)


def _curves(known: KnownJob, curve: JobCurve) -> tuple[list[Series], Axis]:
    """Return the objective's curve and that of the earlier run, both over the same axis."""
    marks = known.glance.marks if known.glance is not None else ()
    points: Points
    if marks and marks[0].progress.epoch <= 1:
        placed = training_axis([curve.points], marks)
        axis = Axis(placed.first, placed.last, placed.unit or "time", placed.text)
        points = placed.over(curve.points)
    else:
        planned = planned_epochs(known.job.hyperparameters)
        done = planned if not is_running(known.job) else marks[-1].progress.epoch if marks else None
        if planned is None or done is None:
            points = since_start(curve.points)
            axis = Axis(0.0, points[-1][0], "time", clock)
        else:
            points = over_epochs(curve.values, min(done, planned))
            # Several values of an epoch begin within the first one.
            axis = Axis(1.0 if points[0][0] >= 1 else 0.0, float(planned), EPOCH, place_text)
    series = [Series(short_name(curve.metric), points, rank=Rank.MAIN)]
    if (ghost := known.ghost) is not None and ghost.curve.metric == curve.metric:
        series.append(Series(ghost.job.name, ghost_points(ghost, axis), rank=Rank.GHOST))
    return series, axis


def ghost_points(ghost: Ghost, axis: Axis) -> Sequence[tuple[float, float]]:
    """Return the earlier run's curve over an axis, as far as that reaches."""
    if axis.unit == EPOCH:
        last = planned_epochs(ghost.job.hyperparameters) or axis.last
        points = over_epochs(ghost.curve.values, last)
    else:
        points = since_start(ghost.curve.points)
    return [point for point in points if point[0] <= axis.last]


# Facts


def _use(known: KnownJob) -> list[TextLine]:
    if known.glance is None or not is_running(known.job):
        return []
    return [TextLine(tuple(cells), is_drawing=True) for cells in use_cells(known.glance.use)]


def _what_next(known: KnownJob) -> list[TextLine]:
    """Return what people do with a finished model, in that order."""
    if known.job.status is not JobStatus.COMPLETED:
        return []
    # What a recipe made without instances cannot be deployed from here yet.
    deploy = () if known.job.is_customization else (("deploy_job", "Deploy an endpoint"),)
    ways = (
        ("download_job", "Download the model"),
        ("try_model", "Try it"),
        *deploy,
        ("continue_job", "Train on from this model"),
        ("clone_job", "Clone it and change something"),
    )
    lines = [TextLine((Cell(f"{known.key(action):3} ", "key"), Cell(text)), 4) for action, text in ways]
    return [line("What next", Ink.STRONG), *lines]


def _facts(known: KnownJob) -> list[TextLine]:
    changed = known.glance.changed if known.glance is not None else {}
    started = time.strftime("%H:%M, %d %b", time.localtime(known.job.created))
    return [*identity_lines(known.job, changed), *customization_lines(known.job), fact("Started", started, width=9)]


def _tail(known: KnownJob, count: int) -> list[TextLine]:
    lines = known.glance.lines[-count:] if known.glance is not None else ()
    if not lines:
        return []
    return [line("Last lines", Ink.STRONG), *(_log_line(each.time, each.text) for each in lines)]


def _log_line(moment: float, text: str) -> TextLine:
    return TextLine((Cell(time.strftime("%H:%M:%S ", time.localtime(moment)), Ink.MUTED), Cell(text)), is_drawing=True)


# Below the list


def _one_line(known: KnownJob, width: int) -> TextLine:
    if is_running(known.job) and known.progress is not None:
        return _progress_row(known, width)
    if known.job.status is JobStatus.COMPLETED and known.gain is None and (final := final_value(known.job)):
        cost = cost_cells(known.job, known.prices, known.now)
        return TextLine((*_final_cells(final), Cell("  "), *cost), is_drawing=True)
    lines = _headline(known, 40)
    cells: list[Cell] = []
    for each in lines[:2]:
        cells += [*([Cell("  ")] if cells else []), *each.cells]
    return TextLine(tuple(cells), is_drawing=True)


def _short_lines(known: KnownJob, width: int) -> list[TextLine]:
    """Return the headline, then a small chart with facts beside it."""
    facts = _short_facts(known)
    if width < NARROWEST_BESIDE:
        return [*_short_headline(known, width), *facts]
    drawn = _small_chart(known)
    if not drawn:
        return [*_short_headline(known, width), *facts, line("")]
    return [*_short_headline(known, width), *beside(drawn, facts, FACTS_AT), line("")]


def _small_chart(known: KnownJob) -> list[TextLine]:
    if known.curve is None or len(known.curve.points) < 2:
        return []
    return chart_lines(*_curves(known, known.curve), SMALL_CHART, SMALL_CHART_ROWS)


def _short_headline(known: KnownJob, width: int) -> list[TextLine]:
    progress = known.progress
    if known.job.status is JobStatus.COMPLETED:
        return [_one_line(known, width)]
    if not is_running(known.job) or progress is None:
        return _headline(known, width)[: 1 if is_running(known.job) else 2]
    return [_progress_row(known, width)]


def _progress_row(known: KnownJob, width: int) -> TextLine:
    """Return the progress, with a bar as long as there is room, and what is left."""
    left = left_cells(_seconds_left(known))
    gap = (Cell("  "),) if left else ()
    drawn = progress_line(known.progress, min(width - TextLine((*gap, *left)).width, 48))
    return TextLine((*(drawn.cells if drawn else ()), *gap, *left), is_drawing=True)


def _short_facts(known: KnownJob) -> list[TextLine]:
    job, glance = known.job, known.glance
    found = [labeled("Cost", *cost_cells(job, known.prices, known.now))]
    if model := model_text(job):
        found.append(fact("Model", model, width=9))
    if data := data_text(job):
        found.append(fact("Data", data, width=9))
    if job.instances or job.is_serverless:
        found.append(instance_line(job))
    found += customization_lines(job)
    if glance is not None and glance.changed:
        found.append(fact("Changed", changed_text(glance.changed), width=9))
    if glance is not None and (use := use_text(glance.use)):
        found.append(fact("Use", use, width=9))
    if glance is not None and glance.lines:
        last = glance.lines[-1]
        found.append(labeled("Log", *_log_line(last.time, last.text).cells))
    return found
