"""Lines about a job that both the list's detail and the job's own screen show."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.cost import cost_so_far, most_cost
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.core.jobs.metrics.utilization import InstanceMetric, JobUtilization
from jsft_tui.core.jobs.phases.timeline import FEW_SECONDS, MAIN_PHASES, Moment, Stage, rough_duration, stages
from jsft_tui.core.jobs.phases.waiting import UNBILLED
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.listed.job_list_state import is_described, is_running
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.chart.bars import bar
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact

LABEL = 9
"""Cells of a label; a blank follows."""
USE_CELLS = 8
"""Cells of the spark line of how busy the GPUs are."""
TIGHT_MEMORY, IDLE = 90.0, 10.0
"""Percent of GPU memory from which on it is tight; percent below which a GPU is idle."""
MOST_CHANGED = 4

Prices = Mapping[str, Price] | None


def labeled(label: str, *cells: Cell) -> TextLine:
    """Return a line of a label and styled texts."""
    return TextLine((Cell(label.ljust(LABEL) + " ", Ink.MUTED), *cells), LABEL + 1)


def state_cells(job: TrainingJob) -> tuple[Cell, ...]:
    """Return the job's state for the border of a pane: `● Training`."""
    word = job.secondary_status if is_running(job) and job.secondary_status else job.status.value
    sign = status_sign(job)
    return (Cell(f"{sign.text} {word}", sign.style),)


def status_sign(job: TrainingJob) -> Cell:
    """Return the sign of a status; one that waits for its machines is told from one that trains."""
    if is_running(job) and job.secondary_status in UNBILLED:
        return Cell(Glyph.STARTING, Ink.ACCENT)
    sign = job.status.as_status
    return Cell(glyph(sign, os.environ), sign.value)


def progress_line(progress: Progress | None, width: int) -> TextLine | None:
    """Return `epoch 4 of 10` with a bar; None while no epoch is known."""
    if progress is None:
        return None
    text = f"epoch {progress.epoch} of {progress.epochs}"
    room = max(4, width - len(text) - 3)
    return TextLine((Cell(text, Ink.STRONG), Cell("  "), *bar(progress.fraction, room)), is_drawing=True)


def left_cells(seconds: float | None) -> tuple[Cell, ...]:
    """Return `about 18 min left`; nothing if that is unknown."""
    if seconds is None:
        return ()
    about = "about " if seconds >= FEW_SECONDS else ""
    return Cell(about), Cell(rough_duration(seconds), Ink.STRONG), Cell(" left")


def cost_cells(job: TrainingJob, prices: Prices, now: float, so_far: str = "") -> tuple[Cell, ...]:
    """Return `$1.09 of at most $7.34`.

    Args:
        job: the job.
        prices: by instance type; None while they are not known.
        now: epoch seconds.
        so_far: stands between the amounts in place of ` of at most `.
    """
    if prices is None or not is_described(job):
        return (Cell("…", Ink.MUTED),)
    cost, most = cost_so_far(job, prices, now), most_cost(job, prices)
    if cost is None:
        by_tokens = job.recipe_price is not None and not job.status.is_final
        return (Cell("billed by tokens, none yet" if by_tokens else "price unknown", Ink.MUTED),)
    first = Cell(dollars(cost), MONEY_STRONG)
    return (first,) if most is None else (first, Cell(so_far or " of at most "), Cell(dollars(most), Ink.MONEY))


def phase_lines(job: TrainingJob, now: float) -> list[TextLine]:
    """Return a line for each phase: its sign, its duration, and whether it is not billed."""
    return [TextLine(_phase_cells(stage, job), is_drawing=True) for stage in shown_stages(job, now)]


def phases_line(job: TrainingJob, now: float) -> TextLine:
    """Return all phases in one line."""
    cells: list[Cell] = []
    for stage in shown_stages(job, now):
        sign, name, seconds = _phase_parts(stage, job)
        gap = Cell("  ") if cells else Cell("")
        cells += [gap, sign, Cell(f" {name.text}", name.style), Cell(f" {seconds.text}" if seconds.text else "")]
    return TextLine(tuple(cells), is_drawing=True)


def shown_stages(job: TrainingJob, now: float) -> list[Stage]:
    """Return the phases; of a job that has ended also those that it did not reach."""
    found = [stage for stage in stages(job, now) if stage.seconds is not None or stage.moment is not Moment.DONE]
    if job.status in (JobStatus.FAILED, JobStatus.STOPPED):
        last = next((each.name for each in reversed(found) if each.name in MAIN_PHASES), None)
        rest = MAIN_PHASES[MAIN_PHASES.index(last) + 1 :] if last else ()
        found += [Stage(name, None, Moment.COMING) for name in rest]
    return found


def _phase_cells(stage: Stage, job: TrainingJob) -> tuple[Cell, ...]:
    sign, name, seconds = _phase_parts(stage, job)
    billed = "  not billed" if stage.name in UNBILLED and stage.seconds is not None else ""
    return (sign, Cell(f" {name.text:12}", name.style), Cell(f"{seconds.text:>5}", name.style), Cell(billed, Ink.MUTED))


def _phase_parts(stage: Stage, job: TrainingJob) -> tuple[Cell, Cell, Cell]:
    if stage.moment is Moment.COMING:
        return Cell(Glyph.TO_COME, Ink.MUTED), Cell(stage.name, Ink.MUTED), Cell("")
    seconds = Cell(clock(stage.seconds) if stage.seconds is not None else "")
    if stage.moment is Moment.NOW:
        return Cell(glyph(Status.RUNNING, os.environ), Ink.ACCENT), Cell(stage.name), seconds
    did_not_end = job.status in (JobStatus.FAILED, JobStatus.STOPPED) and _is_last(stage, job)
    sign = job.status.as_status if did_not_end else Status.COMPLETED
    return Cell(glyph(sign, os.environ), sign.value), Cell(stage.name, "" if did_not_end else Ink.MUTED), seconds


def _is_last(stage: Stage, job: TrainingJob) -> bool:
    last = next((each.status for each in reversed(job.transitions) if each.status in MAIN_PHASES), None)
    return stage.name == last


def use_cells(use: JobUtilization) -> list[list[Cell]]:
    """Return how busy the instances are: GPU and CPU, then the memory and the disk; nothing while nothing is known.

    Of several instances the busiest counts.
    """
    gpu = _percent(use, InstanceMetric.GPU)
    first: list[Cell] = []
    if gpu is not None:
        idle = Ink.WARN if gpu < IDLE else ""
        first += [Cell("GPU "), Cell(f"{gpu:.0f} %", idle)]
        if values := [value for _, value in use.gpu[-USE_CELLS:]]:
            first.append(Cell(f" {spark([0, 100, *values], USE_CELLS + 2)[2:]}", Ink.ACCENT))
    first += _named("CPU", _percent(use, InstanceMetric.CPU), first)
    memory = _percent(use, InstanceMetric.GPU_MEMORY)
    is_tight = memory is not None and memory > TIGHT_MEMORY
    second = _named("GPU memory", memory, [], Ink.WARN if is_tight else "")
    second += [] if memory is not None else _named("memory", _percent(use, InstanceMetric.MEMORY), second)
    second += _named("disk", _percent(use, InstanceMetric.DISK), second)
    return [cells for cells in (first, second) if cells]


def use_text(use: JobUtilization) -> str:
    """Return how busy the instances are in one line: `GPU 71 %  memory 83 %  CPU 34 %`."""
    wanted = (
        ("GPU", InstanceMetric.GPU),
        ("GPU memory", InstanceMetric.GPU_MEMORY),
        ("CPU", InstanceMetric.CPU),
        ("memory", InstanceMetric.MEMORY),
    )
    found = [(name, _percent(use, metric)) for name, metric in wanted]
    return "  ".join(f"{name} {percent:.0f} %" for name, percent in found if percent is not None)


def _named(name: str, percent: float | None, before: Sequence[Cell], style: str = "") -> list[Cell]:
    if percent is None:
        return []
    return [Cell(f"{'  ' if before else ''}{name} "), Cell(f"{percent:.0f} %", style)]


def _percent(use: JobUtilization, metric: InstanceMetric) -> float | None:
    return max((host.percent[metric] for host in use.hosts if metric in host.percent), default=None)


def identity_lines(job: TrainingJob, changed: Mapping[str, str]) -> list[TextLine]:
    """Return model, data, instance, and what was changed."""
    lines = [fact("Model", text, width=LABEL)] if (text := model_text(job)) else []
    if data := data_text(job):
        lines.append(fact("Data", data, width=LABEL))
    if job.instances or job.is_serverless:
        lines.append(instance_line(job))
    if changed:
        lines.append(fact("Changed", changed_text(changed), width=LABEL))
    return lines


def model_text(job: TrainingJob) -> str:
    """Return the model that it started from, without framework and task."""
    if not job.model_id:
        return job.parent_model or ""
    version = job.model_version if job.model_version not in (None, "*") else ""
    return f"{shortest_model_id(job.model_id)} {version}".strip()


def data_text(job: TrainingJob) -> str:
    """Return where its examples come from."""
    uris = job.data_uris
    return uris.get("training") or next(iter(uris.values()), "")


def instance_line(job: TrainingJob) -> TextLine:
    """Return the instance type, with its number and GPUs; of a serverless job what it does."""
    if (customization := customization_job(job)) is not None:
        return labeled("Instance", Cell(SERVERLESS), Cell(f", {customization.title}", Ink.MUTED))
    known = instance_type(job.instance_type)
    count = f"{job.instance_count} × " if job.instance_count > 1 else ""
    gpus = f" {known.gpus} × {known.gpu_model}" if known is not None and known.gpus else ""
    spot = ", spot" if job.spot else ""
    recipe = f", {found.words}" if (found := recipe_job(job)) is not None else ""
    return labeled("Instance", Cell(f"{count}{job.instance_type}"), Cell(f"{gpus}{spot}{recipe}", Ink.MUTED))


def customization_lines(job: TrainingJob) -> list[TextLine]:
    """Return what only a customization has: step, tokens, registered model, and where its metrics are."""
    found = customization_job(job)
    if found is None:
        return []
    step = f"step {found.step} of {found.steps} of the epoch" if found.step is not None and found.steps else ""
    package = found.package.partition(":model-package/")[2] or found.package
    group = found.group.rpartition("/")[2]
    registered = f"registered as {package}" if package else f"will be registered in {group}" if group else ""
    run = " / ".join(filter(None, (found.mlflow_experiment, found.mlflow_run)))
    app = found.mlflow_app.rpartition("/")[2]
    facts = (
        ("Step", step if not job.status.is_final else ""),
        ("Tokens", "" if found.tokens is None else f"{found.tokens:,} billed"),
        ("Model", registered),
        ("MLflow", " in ".join(filter(None, (run, app)))),
    )
    return [fact(label, text, width=LABEL) for label, text in facts if text]


def changed_text(changed: Mapping[str, str]) -> str:
    """Return the values that differ from the model's defaults: `epochs 10, augmentation True`."""
    named = [f"{name} {value}" for name, value in changed.items()]
    more = len(named) - MOST_CHANGED
    return ", ".join(named[:MOST_CHANGED]) + (f", {more} more" if more > 0 else "")


def gain_cell(gain: Gain) -> Cell:
    """Return how much better or worse it is, in one style."""
    return Cell(gain.text, {True: Ink.GOOD, False: Ink.BAD, None: Ink.MUTED}[gain.is_better])


def gain_line(gain: Gain) -> TextLine:
    """Return how much better or worse it is than the run before: the sentence that one would say."""
    style = gain_cell(gain).style
    head, _, rest = gain.text.partition(" over ")
    before = f"({gain.before:.4f})" if abs(gain.before) < 10 else f"({gain.before:.4g})"
    if rest:
        return TextLine((Cell(head, style), Cell(f" over {rest} {before}", Ink.MUTED)), 2)
    return TextLine((Cell(gain.text, style), Cell(f" {before}", Ink.MUTED)), 2)
