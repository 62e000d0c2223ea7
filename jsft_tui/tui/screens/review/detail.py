"""The run that would be launched: what, on what, for how much, and what is other than the last time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.hyperparameters.values import batch_plan, changed_values
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.reports.changes import changes_since
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.tuning.choices.form import tried_words
from jsft_tui.core.tuning.settings import objective_words
from jsft_tui.tui.screens.review.rows import WHAT_HAPPENS, with_money
from jsft_tui.tui.widgets.border_line import ENDS
from jsft_tui.tui.widgets.master_detail import BORDERS
from jsft_tui.tui.widgets.text.cell_text import Cell, cut_middle
from jsft_tui.tui.widgets.text.detail_view import WIDEST, Button, Detail, Section, Shape, Side, column_width, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

if TYPE_CHECKING:
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.hyperparameters.batch import BatchPlan
    from jsft_tui.core.jobs.history import PastRun
    from jsft_tui.core.run.run import InstanceChoice, Run

LABEL = 9
"""Cells of a label; a blank follows."""
MOST_CHANGES = 6
LIKELY = "likely_cost"
"""The check that tells what a search is likely to cost."""
UNKNOWN_COST = "unknown: it is billed by what is trained"
UNCHECKED_COST = "unknown until the run is checked"
END_OF_NAME = 7
"""Cells of a job's name that its output keeps where there is little room."""
TITLE = "This run"
LAUNCHES = "launches"
"""Begins the sentence in place of a button; left out where there is no room."""


@dataclass(frozen=True)
class KnownRun:
    """What is known of the run.

    Attributes:
        run: the draft with the target's defaults.
        spec: its model; None while it is not known.
        data: its channels, that of a default dataset as well.
        review: what was found.
        bound: USD that it can cost at most; None if that is not known.
        last: the last job of the model; None if there is none.
        key: that launches it.
        why_not: why it cannot be launched now, after the key; empty when it can.
    """

    run: Run
    spec: ModelSpec | None
    data: Mapping[str, str]
    review: Review
    bound: float | None
    last: PastRun | None
    key: str
    why_not: str = ""


def run_detail(known: KnownRun, shape: Shape, width: int) -> Detail:
    """Return what is told about the run, for the room there is: its shape, and the cells of the pane."""
    name = Cell(cut_middle(known.run.name, width - len(TITLE) - ENDS), "muted")
    if shape is Shape.LINE:
        return Detail(TITLE, [section(_verdict(known))], (name,))
    text = width - BORDERS - 2
    button = launch_button(known, text)
    if shape is Shape.BELOW:
        return Detail(TITLE, [Section(tuple(_short_lines(known)))], (name,), button)
    changes = _changes(known)
    column = column_width(width) if changes else min(WIDEST, text)
    sections = [Section(tuple(_facts(known, column))), Section(tuple(_limits(known)))]
    if changes:
        sections.append(Section((line("Since your last run of this model", "strong"), *changes), Side.PREVIEW))
    return Detail(TITLE, sections, button=button)


def launch_button(known: KnownRun, width: int = WIDEST) -> Button:
    """Return the button: what the launch costs at most, or what it waits for, in so many cells."""
    if known.why_not:
        fits = len(known.why_not) + len(known.key) + 2 <= width
        why = known.why_not if fits else known.why_not.removeprefix(f"{LAUNCHES} ")
        return Button(known.key, why, "launch", is_ready=False, is_always_shown=True)
    cost = f"at most {dollars(known.bound)}" if known.bound is not None else known.review.estimate
    verb = f"Launch for {cost}" if cost else "Launch"
    return Button(known.key, verb, "launch", is_always_shown=True)


def waits_for(review: Review) -> str:
    """Return what a launch waits for; empty when nothing blocks."""
    blocks = len(review.blocks)
    if not blocks:
        return ""
    what = "problem is" if blocks == 1 else f"{blocks} problems are"
    return f"{LAUNCHES} once the {what} fixed"


def _verdict(known: KnownRun) -> TextLine:
    """Return the cost and the key in one line."""
    button = launch_button(known)
    return TextLine((*_cost_cells(known), Cell("  "), Cell(button.text, button.style)))


def _facts(known: KnownRun, width: int) -> list[TextLine]:
    run = known.run
    lines = [_fact("Job", run.name), _model(known), *_method(known), *_data(known), _instance(known)]
    if (batch := _batch(known)) is not None:
        lines.append(_fact("Batch", batch.explanation))
    lines += _search(known)
    lines += _changed(known)
    if run.role:
        lines.append(_fact("Role", run.role.rpartition("/")[2]))
    if run.output:
        lines += [_fact("Output", f"{run.output.rstrip('/')}/"), _fact("", _end_of_output(run, width - LABEL - 1))]
    return lines


def _model(known: KnownRun) -> TextLine:
    name = f"{shortest_model_id(known.run.model.id)} {known.spec.version if known.spec else ''}".rstrip()
    gated = (Cell(" gated", "warn"),) if known.spec is not None and known.spec.gated else ()
    return TextLine((_label("Model"), Cell(name), *gated), LABEL + 1)


def _method(known: KnownRun) -> list[TextLine]:
    """Return how it trains, where there is more than the model's training script."""
    wanted, spec = known.run.customization, known.spec
    if wanted is None and (spec is None or not spec.recipes):
        return []
    return [_fact("Method", known.run.method.label if wanted is None else f"recipe: {wanted.title}")]


def _data(known: KnownRun) -> list[TextLine]:
    content = [
        finding.told.headline
        for finding in known.review.findings
        if finding.check in ("data_format", "data_size") and finding.told.headline
    ]
    if known.run.uses_default_data and known.run.customization is not None:
        return [_fact("Data", "not chosen")]
    if known.run.uses_default_data:
        return [_fact("Data", f"default: {content[-1]}" if content else "the model's default dataset")]
    lines = [_fact("Data" if not number else "", uri) for number, uri in enumerate(known.run.data.values())]
    return [*lines, line(f"{'':{LABEL}} {', '.join(content)}", "muted", LABEL + 1)] if content else lines


def _instance(known: KnownRun) -> TextLine:
    has_no_quota = any(found.check == "quota" and found.level is Level.BLOCK for found in known.review.findings)
    if has_no_quota:
        choice = known.run.instance
        return TextLine(
            (_label("Instance"), Cell(f"{choice.count} × {choice.type}"), Cell(" no free quota", "bad")), LABEL + 1
        )
    return _fact("Instance", instance_words(known.run.instance))


def instance_words(choice: InstanceChoice) -> str:
    """Return the instances: `1 × ml.g4dn.12xlarge (4 × T4)`."""
    if choice.is_serverless:
        return "serverless: SageMaker's choice"
    hardware = instance_type(choice.type)
    gpus = f" ({hardware.gpus} × {hardware.gpu_model})" if hardware and hardware.gpus else ""
    return f"{choice.count} × {choice.type}{gpus}{', spot' if choice.spot else ''}"


def _changed(known: KnownRun) -> list[TextLine]:
    run, spec = known.run, known.spec
    changed = changed_values(run, spec) if spec is not None else {}
    if spec is None or not changed:
        return []
    cells = [_label("Changed"), Cell(", ".join(f"{name} {value}" for name, value in changed.items()))]
    defaults = {each.name: each.default_text for each in spec.hyperparameters_on(run.instance.type)}
    if len(changed) == 1 and (name := next(iter(changed))) in defaults:  # the model may not know the name
        cells.append(Cell(f" (was {defaults[name]})", "muted"))
    return [TextLine(tuple(cells), LABEL + 1)]


def _batch(known: KnownRun) -> BatchPlan | None:
    """Return the batch size; None where the model has none, or a search tries several."""
    plan, tuning = batch_plan(known.run, known.spec), known.run.tuning
    return None if plan is None or (tuning is not None and plan.rule.parameter in tuning.ranges) else plan


def _search(known: KnownRun) -> list[TextLine]:
    """Return what is searched, how, and for what."""
    run, spec, tuning = known.run, known.spec, known.run.tuning
    if spec is None or tuning is None:
        return []
    tried = [f"{name} {tried_words(each)}" for name, each in tuning.ranges.items()]
    tried += ["the other numbers, by autotune"] if tuning.autotune is not None else []
    return [
        _fact("Search", objective_words(tuning, spec, run.instance.type)),
        _fact("Tries", "; ".join(tried)),
        _fact("Trials", trial_words(run)),
    ]


def trial_words(run: Run) -> str:
    """Return how many trials a search has, and how it chooses them: `12, 2 at a time, bayesian`."""
    tuning = run.tuning
    if tuning is None:
        return ""
    words = [str(tuning.jobs)]
    words += [f"{run.parallel_jobs} at a time"] if run.parallel_jobs > 1 else []
    words.append(tuning.strategy.value)
    words += ["early stopping"] if tuning.early_stopping else []
    words += [f"learns from {', '.join(tuning.warm_start.parents)}"] if tuning.warm_start else []
    return ", ".join(words)


def _end_of_output(run: Run, room: int = 0) -> str:
    """Return the end of the place of the model, with the job's whole name where there is room for it."""
    end = f"/output/{'model/' if run.customization is not None else 'model.tar.gz'}"
    is_short = len(run.name) <= max(END_OF_NAME + 1, room - len(end))
    return f"{run.name if is_short else f'…{run.name[-END_OF_NAME:]}'}{end}"


def _limits(known: KnownRun) -> list[TextLine]:
    lines = [*_stops(known.run), TextLine((_label("Cost"), *_cost_cells(known)), LABEL + 1)]
    indent = Cell(" " * (LABEL + 1))
    if known.run.tuning is not None:
        likely = [found.told.detail for found in known.review.findings if found.check == LIKELY and found.told.detail]
        lines += [TextLine((indent, *with_money(text, "text")), LABEL + 1) for text in likely]
    elif (last := known.last) is not None and last.usd is not None:
        took = last.job.billable_seconds
        words = (Cell(f" (it took {duration_words(took)})", "muted"),) if took else ()
        lines.append(TextLine((indent, Cell("last time "), Cell(dollars(last.usd), "money"), *words), LABEL + 1))
    if known.run.max_cost_usd is not None:
        cap = Cell(dollars(known.run.max_cost_usd), "money")
        lines.append(TextLine((indent, Cell("your limit is ", "muted"), cap), LABEL + 1))
    return lines


def _stops(run: Run) -> list[TextLine]:
    after = f"after {duration_words(run.instance.max_runtime)}, whatever happens"
    if run.tuning is None:
        return [_fact("Stops", after)]
    limit = run.tuning.max_runtime
    whole = [_fact("", f"the whole search after {duration_words(limit)}")] if limit else []
    return [_fact("Stops", f"each trial {after}"), *whole]


def _cost_cells(known: KnownRun) -> tuple[Cell, ...]:
    if known.run.instance.is_serverless:
        unknown = UNKNOWN_COST if known.review.is_done else UNCHECKED_COST
        return tuple(with_money(known.review.estimate or unknown, "text"))
    if known.bound is None:
        return (Cell("! unknown: there is no price for this type", "warn"),)
    return Cell("at most "), Cell(dollars(known.bound), "money-strong")


def _changes(known: KnownRun) -> list[TextLine]:
    if known.last is None or known.spec is None:
        return []
    changes = changes_since(known.last.job, known.run, known.spec, known.data)
    shown = changes[:MOST_CHANGES]
    width = max((len(change.name) for change in shown), default=0) + 2
    width = max(width, LABEL + 5)
    lines = [
        TextLine(
            (Cell(change.name.ljust(width)), Cell(change.before), Cell(" → ", "muted"), Cell(change.now, "strong")),
            width,
        )
        for change in shown
    ]
    if len(changes) > len(shown):
        lines.append(line(f"and {plural(len(changes) - len(shown), 'value')} more", "muted"))
    told_by_recipe = known.last.job.is_recipe_job
    return lines or [line("its values are in its recipe" if told_by_recipe else "nothing is other than then", "muted")]


def _short_lines(known: KnownRun) -> list[TextLine]:
    """Return one line a subject; where something blocks, what is wrong is told by the list."""
    run = known.run
    is_blocked = bool(known.review.blocks)
    batch = _batch(known)
    instance = instance_words(run.instance)
    lines = [_fact("Instance", f"{instance}, batch {batch.explanation}" if is_blocked and batch else instance)]
    lines += _search(known)
    lines += _changed(known) if is_blocked else []
    if run.output:
        lines.append(_fact("Output", f"{run.output.rstrip('/')}/{_end_of_output(run)}"))
    if is_blocked or known.bound is None:
        limit = run.max_cost_usd
        what = "it stops" if run.tuning is None else "each trial stops"
        after = f": {what} after {duration_words(run.instance.max_runtime)}"
        cells = [_label("Cost"), *_cost_cells(known), Cell("" if run.instance.is_serverless else after)]
        cells += [Cell("; your limit is "), Cell(dollars(limit), "money")] if limit is not None else []
        return [*lines, TextLine(tuple(cells), LABEL + 1)]
    then = [cell for name in WHAT_HAPPENS[1:] for cell in (Cell(" ── ", "line"), Cell(name))]
    return [*lines, TextLine((_label("Then"), Cell(WHAT_HAPPENS[0]), *then), LABEL + 1), *_stops(run)]


def _label(label: str) -> Cell:
    return Cell(label.ljust(LABEL + 1), "muted")


def _fact(label: str, text: str) -> TextLine:
    return fact(label, text, width=LABEL)


def no_detail(sections: Sequence[Section] = ()) -> Detail:
    """Return what is told while there is no run."""
    return Detail(TITLE, sections)
