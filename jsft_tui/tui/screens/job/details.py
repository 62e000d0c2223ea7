"""What there is to say about a job, as lines and cells."""

from __future__ import annotations

import os
from collections.abc import Mapping

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.configuration import configuration
from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.failures import Diagnosis
from jsft_tui.core.jobs.metrics.objective import Best, short_name
from jsft_tui.core.jobs.output import training_output
from jsft_tui.core.jobs.timeline import Moment, Stage, roughly, stages
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.job_list import is_described, is_running
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.base.remedy_text import remedy_text
from jsft_tui.tui.screens.jobs.rows import job_status, status_cell
from jsft_tui.tui.theme.themes import Status, is_utf8
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 18
"""Cells of the labels of the training output."""

_STAGE_STYLES = {Moment.DONE: "", Moment.NOW: Status.RUNNING.value, Moment.COMING: "quiet"}
_ENDED_STYLES = {"Completed": "completed", "Failed": "failed", "Stopped": "stopped"}


def title_cells(name: str, job: TrainingJob | None) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """The job's name at the left, its status at the right."""
    left = (Cell(f" {name}", "strong"),)
    if job is None:
        return left, ()
    status = status_cell(job.status, job.secondary_status if is_running(job) else "")
    return left, (Cell(f"{status.text} ", status.style),)


def timeline_cells(job: TrainingJob, now: float, eta: float | None) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """The phases in a row; at the right, how long the training still takes."""
    dash = " ─ " if is_utf8(os.environ) else " - "
    cells = [Cell(" ")]
    for number, stage in enumerate(stages(job, now)):
        if number:
            cells.append(Cell(dash, "quiet"))
        cells.append(Cell(stage.text, _stage_style(stage)))
    right = (Cell(f"ETA {roughly(eta)} ", Status.RUNNING.value),) if eta is not None else ()
    return tuple(cells), right


def _stage_style(stage: Stage) -> str:
    return _ENDED_STYLES.get(stage.name, _STAGE_STYLES[stage.moment])


def fact_cells(view_model: JobViewModel, prices: Mapping[str, Price] | None, now: float) -> tuple[Cell, ...]:
    """What it costs, how far it is, how good it is."""
    job = view_model.job
    if job is None:
        return ()
    parts = [_cost_text(job, prices, now)]
    if job.started is not None:
        parts.append(f"billed {clock(job.billed_seconds(now))}")
    if view_model.progress is not None:
        parts.append(f"epoch {view_model.progress.epoch}/{view_model.progress.epochs}")
    if view_model.best is not None:
        parts.append(f"{short_name(view_model.best.metric)} {_values_text(view_model, view_model.best)}")
    return (Cell(" " + " · ".join(parts)),)


def _values_text(view_model: JobViewModel, best: Best) -> str:
    """The best value; the last one as well where it is another, which is the one that the list of jobs shows."""
    last = f"{view_model.points(best.metric)[-1][1]:.4g}"
    return f"{best.value:.4g} (best)" if last == f"{best.value:.4g}" else f"{best.value:.4g} (best), {last} last"


def _cost_text(job: TrainingJob, prices: Mapping[str, Price] | None, now: float) -> str:
    if prices is None or not is_described(job):
        return "cost …"
    cost = cost_so_far(job, prices, now)
    if cost is None:
        return "cost unknown"
    return f"{dollars(cost)} {'so far' if is_running(job) else 'in all'}"


def output_lines(job: TrainingJob, retry_key: str) -> list[TextLine]:
    """The training output; of a job that did not complete first what that means and what to do."""
    return [*failure_lines(job, retry_key), *(fact(label, text, width=LABEL) for label, text in training_output(job))]


def failure_lines(job: TrainingJob, retry_key: str) -> list[TextLine]:
    """Why a job failed or was stopped: the cause, the remedy with its key, then the service's own words."""
    if job.status not in (JobStatus.FAILED, JobStatus.STOPPED):
        return []
    lines = []
    sign = job_status(job.status).value
    if diagnosis := job.diagnosis:
        lines += [
            fact("What it means", diagnosis.cause, sign, width=LABEL),
            fact("What to do", remedy_text(diagnosis.remedy), "strong", width=LABEL),
            fact("", f"{retry_key} opens it as a draft{_fix_text(diagnosis)}.", "quiet", width=LABEL),
        ]
    for number, text in enumerate(job.failure_reason.splitlines()):
        lines.append(fact("Failure reason" if number == 0 else "", text, width=LABEL))
    return [*lines, line("")] if lines else []


def _fix_text(diagnosis: Diagnosis) -> str:
    return f": {diagnosis.fixes[0].kind.label}" if diagnosis.fixes else ""


def configuration_lines(job: TrainingJob) -> list[TextLine]:
    """All that the job was given."""
    lines: list[TextLine] = []
    for section in configuration(job):
        width = min(28, max(len(label) for label, _ in section.facts))
        lines += [line(""), line(section.title, "strong")] if lines else [line(section.title, "strong")]
        lines += [fact(f"  {label}", text, width=width + 2) for label, text in section.facts]
    return lines


def copy_choices(job: TrainingJob) -> list[tuple[str, str]]:
    """What can be copied: (label, text exactly as the service has it)."""
    exact = {"Output path": job.output_path or "", "Training time": ""}
    pairs = [(label, exact.get(label, text)) for label, text in training_output(job)]
    pairs.append(("Failure reason", job.failure_reason))
    pairs += [(f"Data, {name}", uri) for name, uri in job.data_uris.items()]
    return [(label, text) for label, text in pairs if text]
