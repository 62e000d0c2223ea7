"""What there is to say about one job: its facts beside the charts, its output, its configuration, its end."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.alerts import Alert, AlertKind
from jsft_tui.core.jobs.configuration import configuration
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.listed.ending import where_it_stopped
from jsft_tui.core.jobs.metrics.objective import Best, short_name
from jsft_tui.core.jobs.metrics.utilization import JobUtilization
from jsft_tui.core.jobs.phases.timeline import ENDS, rough_duration
from jsft_tui.core.jobs.phases.waiting import UNBILLED, waiting
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.services.jobs.listed.job_list_state import is_running
from jsft_tui.tui.base.texts.remedy_text import remedy_text
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.screens.jobs.facts import (
    Prices,
    changed_text,
    cost_cells,
    customization_lines,
    data_text,
    gain_cell,
    gain_line,
    instance_line,
    labeled,
    left_cells,
    model_text,
    phase_lines,
    phases_line,
    progress_line,
    use_cells,
)
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.chart.bars import spark_value
from jsft_tui.tui.widgets.text.cell_text import Cell, cut_middle
from jsft_tui.tui.widgets.text.detail_view import WIDEST, Section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line, wrapped_rows

LABEL = 9
OUTPUT_LABEL = 13
"""Cells of the labels of the training output."""
LEAST_NAME = 5
"""Cells of the name of another run where there is the least room."""
WIDE_ENOUGH = 70
"""Cells in which the comparison with an earlier run has room before the cost."""
USUAL_START = "3 to 5 min"
"""A rule of thumb: AWS publishes none."""
CALM = "None: loss finite, GPU busy"


@dataclass(frozen=True)
class ShownJob:
    """All that is known of the job on the screen.

    Attributes:
        view: what its log and its description told.
        job: the job.
        now: epoch seconds.
        prices: by instance type; None while they are not known.
        use: how busy its instances are.
        alerts: that apply now.
        changed: hyperparameters that differ from the model's defaults.
        batch: its batch size, spread over its GPUs; empty if that is not known.
        gain: the difference to the best earlier run.
        overfits: a sentence; empty if it does not.
        key: names the keys.
        flags: options of the command line that lead to the target.
    """

    view: JobViewModel
    job: TrainingJob
    now: float
    prices: Prices
    use: JobUtilization
    alerts: Sequence[Alert]
    key: KeyOf
    changed: Mapping[str, str] = field(default_factory=dict)
    batch: str = ""
    gain: Gain | None = None
    overfits: str = ""
    flags: str = ""

    @property
    def seconds_left(self) -> float | None:
        """Seconds that the training still takes; None if unknown."""
        return self.view.eta_seconds(self.now)


# Beside the charts


def fact_sections(shown: ShownJob, width: int, height: int) -> list[Section]:
    """Return the facts for a pane of so many cells and rows."""
    width = min(width, WIDEST)
    match shown.job.status:
        case JobStatus.COMPLETED:
            parts = [_result(shown), _spent(shown), what_next(shown), _verdict(shown)]
            if _rows_of(parts, width) > height:  # then keys are below the edge, not what is wrong
                parts = [_result(shown), _verdict(shown), _spent(shown), what_next(shown)]
        case JobStatus.FAILED | JobStatus.STOPPED:
            parts = [phase_lines(shown.job, shown.now), _failed_facts(shown)]
        case _:
            parts = [_progress(shown, width), phase_lines(shown.job, shown.now), _running_facts(shown)]
    return [Section(tuple(part)) for part in parts if part]


def _rows_of(parts: Sequence[Sequence[TextLine]], width: int) -> int:
    told = [part for part in parts if part]
    return sum(len(wrapped_rows(each, width)) for part in told for each in part) + len(told) - 1


def _progress(shown: ShownJob, width: int) -> list[TextLine]:
    lines = [drawn] if (drawn := progress_line(shown.view.progress, width)) is not None else []
    if left := left_cells(shown.seconds_left):
        ends = time.strftime("%H:%M", time.localtime(shown.now + (shown.seconds_left or 0.0)))
        lines.append(TextLine((*left, Cell(f" · ends about {ends}", Ink.MUTED))))
    return lines


def _running_facts(shown: ShownJob) -> list[TextLine]:
    job = shown.job
    lines = [labeled("Cost", *cost_cells(job, shown.prices, shown.now, " so far, at most "))]
    if (best := shown.view.best) is not None:
        lines.append(
            fact("Best", f"{short_name(best.metric)} {spark_value(best.value)}{_epoch_of(shown, best)}", "", LABEL)
        )
    for number, cells in enumerate(use_cells(shown.use)):
        lines.append(labeled("Use" if number == 0 else "", *cells))
    lines += [instance_line(job)] if job.instances or job.is_serverless else []
    lines += [*customization_lines(job), *_batch(shown), *_changed(shown)]
    return [*lines, *_alert_lines(shown)]


def _epoch_of(shown: ShownJob, best: Best) -> str:
    marks = [mark for mark in shown.view.marks if mark.time <= best.time]
    return f", epoch {marks[-1].progress.epoch}" if marks else ""


def _batch(shown: ShownJob) -> list[TextLine]:
    return [fact("Batch", shown.batch, width=LABEL)] if shown.batch else []


def _changed(shown: ShownJob) -> list[TextLine]:
    return [fact("Changed", changed_text(shown.changed), width=LABEL)] if shown.changed else []


def _alert_lines(shown: ShownJob) -> list[TextLine]:
    if not shown.alerts:
        return [labeled("Alerts", Cell("none", Ink.GOOD), Cell(": loss finite, GPU busy" if shown.use.hosts else ""))]
    return [fact("Alerts" if n == 0 else "", each.text, Ink.WARN, LABEL) for n, each in enumerate(shown.alerts)]


def _result(shown: ShownJob) -> list[TextLine]:
    best = shown.view.best
    if best is None:
        return []
    where = _epoch_of(shown, best).removeprefix(", ")
    cells = [Cell(f"{short_name(best.metric)} "), Cell(spark_value(best.value), Ink.STRONG)]
    lines = [TextLine((*cells, Cell(f"  best: {where}" if where else "", Ink.MUTED)))]
    return [*lines, gain_line(shown.gain)] if shown.gain is not None else lines


def _spent(shown: ShownJob) -> list[TextLine]:
    job, now = shown.job, shown.now
    billed = "billed by what was trained" if job.is_serverless else f"billed {clock(job.billed_seconds(now))}"
    took = labeled("Took", Cell(f"{rough_duration(job.elapsed_seconds(now))}, "), Cell(billed, Ink.MUTED))
    return [took, labeled("Cost", *cost_cells(job, shown.prices, now)), *customization_lines(job)]


def next_keys(shown: ShownJob) -> list[tuple[str, str, str]]:
    """Return what people do with a finished model, in that order: key, words, short words."""
    # What a recipe made without instances cannot be deployed from here yet.
    deploy = [] if shown.job.is_customization else [("deploy_job", "Deploy an endpoint", "deploy")]
    ways = [
        ("download_job", "Download the model", "download"),
        ("try_model", "Try it", "try it"),
        *deploy,
        ("continue_job", "Train on from this model", "train on"),
        ("clone_job", "Clone it and change something", "clone"),
    ]
    if shown.gain is not None:
        ways.append(("compare_jobs", f"Compare with {shown.gain.over}", "compare"))
    return [(shown.key(action), words, brief) for action, words, brief in ways]


def what_next(shown: ShownJob) -> list[TextLine]:
    """Return the keys for a finished model, one below the other."""
    lines = [TextLine((Cell(f"{key:3} ", "key"), Cell(words)), 4) for key, words, _ in next_keys(shown)]
    return [line("What next", Ink.STRONG), *lines]


def what_next_line(shown: ShownJob, width: int) -> list[TextLine]:
    """Return the keys for a finished model in one line, and what is to be said of the training."""
    ways = next_keys(shown)
    lines = [_ways_line(ways[:count], gap) for count in range(len(ways), 0, -1) for gap in ("   ", "  ")]
    return [next((each for each in lines if each.width <= width), lines[-1]), *_verdict(shown)]


def _ways_line(ways: Sequence[tuple[str, str, str]], gap: str) -> TextLine:
    cells: list[Cell] = []
    for key, _, brief in ways:
        cells += [Cell(gap if cells else ""), Cell(key, "key"), Cell(f" {brief}")]
    return TextLine(tuple(cells), is_drawing=True)


def _verdict(shown: ShownJob) -> list[TextLine]:
    return [line(f"! {shown.overfits}", Ink.WARN, indent=2)] if shown.overfits else []


def _failed_facts(shown: ShownJob) -> list[TextLine]:
    job, now = shown.job, shown.now
    cost = cost_cells(job, shown.prices, now)[:1]
    billed = f" billed {clock(job.billed_seconds(now))}" if job.started is not None else ""
    lines = [labeled("Cost", *cost, Cell(billed, Ink.MUTED))]
    lines += [fact("Model", model_text(job), width=LABEL)] if model_text(job) else []
    lines += [fact("Data", data_text(job), width=LABEL)] if data_text(job) else []
    lines += [instance_line(job)] if job.instances or job.is_serverless else []
    return [*lines, *customization_lines(job), *_batch(shown), *_changed(shown)]


# In one column


def stacked_lines(shown: ShownJob, width: int, *, is_low: bool) -> list[TextLine]:
    """Return what stands above the charts where there is one column."""
    job = shown.job
    if job.status is JobStatus.COMPLETED:
        return [_result_line(shown, width)]
    lines = [] if is_low else [phases_line(job, shown.now)]
    cost = cost_cells(job, shown.prices, shown.now)
    drawn = progress_line(shown.view.progress, min(width - TextLine(cost).width - 2, 48))
    lines.append(TextLine((*(drawn.cells if drawn else ()), Cell("  " if drawn else ""), *cost), is_drawing=True))
    # There is no room for all of them, and none is without one.
    return [*lines, *(line(f"! {each.text}", Ink.WARN, indent=2) for each in shown.alerts[:1])]


def _result_line(shown: ShownJob, width: int) -> TextLine:
    """Return the objective, the comparison and the cost; the name of the other run has what they leave."""
    result = [cell for each in _result(shown)[:1] for cell in (*each.cells[:2], Cell("  "))]
    price = cost_cells(shown.job, shown.prices, shown.now, " of ")
    if shown.gain is None:
        return TextLine((*result, *price), is_drawing=True)
    whole = gain_cell(shown.gain)
    taken = TextLine((*result, *price, Cell("  "), whole)).width - cell_len(shown.gain.over)
    name = cut_middle(shown.gain.over, max(LEAST_NAME, width - taken))
    gain = Cell(whole.text.replace(shown.gain.over, name), whole.style)
    rest = (gain, Cell("  "), *price) if width >= WIDE_ENOUGH else (*price, Cell("  "), gain)
    return TextLine((*result, *rest), is_drawing=True)


def waiting_lines(job: TrainingJob, now: float) -> list[TextLine]:
    """Return what stands in the place of charts while there are no values: what it waits for, for how long."""
    waits = waiting(job, now)
    if waits is not None:
        return [line(f"! {waits.text}", Ink.WARN, indent=2)]
    current = job.transitions[-1] if job.transitions and job.transitions[-1].end is None else None
    if current is not None and job.secondary_status in UNBILLED:
        since = rough_duration(current.seconds(now))
        return [line(f"Waiting for a machine: {since}. Usual here: {USUAL_START}. Nothing is billed yet.")]
    if is_running(job):
        return [line("The first values come after epoch 1.", Ink.MUTED)]
    return [line("It reported no metrics.", Ink.MUTED)]


# Its end


def cause_lines(shown: ShownJob) -> list[TextLine]:
    """Return where it stopped, what it cost, and what that means."""
    job = shown.job
    where = Cell(f"{where_it_stopped(job, shown.view.progress)} ")
    lines = [TextLine((where, Cell("It cost "), cost_cells(job, shown.prices, shown.now)[0], Cell(".")))]
    if job.diagnosis is not None:
        lines.append(line(remedy_text(job.diagnosis.remedy, shown.flags)))
    return [*lines, line(""), line("What helps", Ink.STRONG)]


def reason_lines(job: TrainingJob) -> list[TextLine]:
    """Return the service's own words."""
    if not job.failure_reason:
        return []
    words = [line(text, Ink.MUTED) for text in job.failure_reason.splitlines()]
    return [line("SageMaker says", Ink.STRONG), *words]


# Views


def output_lines(shown: ShownJob, copy_key: str) -> list[TextLine]:
    """Return the training output exactly as the service has it, and what it was made from."""
    job = shown.job
    facts = (
        ("Training job", job.name),
        ("Parent model", job.parent_model or "unknown"),
        ("ARN", job.arn),
        ("Model", _model_path(job)),
        *(("Trained on", uri) for uri in job.data_uris.values()),
        ("Changed", changed_text(shown.changed)),
        ("Time", _time_text(job, shown.now)),
        ("Role", str(job.request.get("RoleArn") or "")),
        *(customization.lines if (customization := customization_job(job)) is not None else ()),
        *(recipe.lines if (recipe := recipe_job(job)) is not None else ()),
    )
    lines = [fact(label, text, width=OUTPUT_LABEL) for label, text in facts if text]
    copies = "copies any of these, or a summary to paste into a chat"
    return [*lines, line(""), TextLine((Cell(copy_key, "key"), Cell(f" {copies}", Ink.MUTED)))]


def _model_path(job: TrainingJob) -> str:
    """Return where the model is; nothing while it is not to be expected yet."""
    return job.output_path or ("" if is_running(job) else "none")


def short_output_lines(shown: ShownJob) -> list[TextLine]:
    """Return the same with short labels, without what the title says."""
    job = shown.job
    facts = (
        ("Job", job.name),
        ("Parent", job.parent_model or "unknown"),
        ("ARN", job.arn),
        ("Model", _model_path(job)),
        *(("Data", uri) for uri in job.data_uris.values()),
        ("Changed", changed_text(shown.changed)),
        *(_billed(job, shown.now)),
    )
    return [fact(label, text, width=LABEL) for label, text in facts if text]


def _billed(job: TrainingJob, now: float) -> list[tuple[str, str]]:
    """Return what is billed: time, or of a customization its tokens and what it registered."""
    if (found := customization_job(job)) is None:
        return [("Billed", f"{clock(job.billed_seconds(now))} of {clock(job.elapsed_seconds(now))}")]
    tokens = "" if found.tokens is None else f"{found.tokens:,} tokens"
    return [("Billed", tokens), ("Package", found.package), ("Merged", found.merged), ("Adapter", found.adapter_uri)]


def _time_text(job: TrainingJob, now: float) -> str:
    """Return the training time, billed, in all, and of each phase."""
    phases = [f"{phase.status} {clock(phase.seconds(now))}" for phase in job.transitions if phase.status not in ENDS]
    training = f"training {clock(job.training_seconds)}, " if job.training_seconds is not None else ""
    whole = f"{training}in all {clock(job.elapsed_seconds(now))}"
    return f"{whole}: {', '.join(phases)}" if phases else whole


def configuration_lines(job: TrainingJob) -> list[TextLine]:
    """Return all that the job was given."""
    lines: list[TextLine] = []
    for section in configuration(job):
        width = min(28, max(len(label) for label, _ in section.entries))
        lines += [line(""), line(section.title, Ink.STRONG)] if lines else [line(section.title, Ink.STRONG)]
        lines += [fact(f"  {label}", text, width=width + 2) for label, text in section.entries]
    return lines


def alert_view_lines(shown: ShownJob) -> list[TextLine]:
    """Return the alerts in full."""
    waits = waiting(shown.job, shown.now)
    found = [each.text for each in shown.alerts if each.kind is not AlertKind.WAITING]
    texts = [*([waits.text] if waits is not None else []), *found]
    if not texts:
        return [line(f"{CALM}." if shown.use.hosts else "None.", Ink.GOOD)]
    return [line(f"! {text}", Ink.WARN, indent=2) for text in texts]
