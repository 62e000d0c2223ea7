"""What is told about a model: whether one can use it, what its data looks like, what it runs on, one's own runs."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.customization.recipes.choice import recipe_ways
from jsft_tui.core.datasets.registry import format_of
from jsft_tui.core.hyperparameters.batch import batch_rule, plan_batch
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.sizing.model_card import framework_name, telling_first
from jsft_tui.tui.base.texts.sample_drawing import drawn
from jsft_tui.tui.screens.models.rows import TRAINS_HERE, note
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, Side, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

if TYPE_CHECKING:
    from jsft_tui.core.catalog.cards import ModelCard
    from jsft_tui.core.catalog.spec.recipe import Recipe
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.jobs.history import PastRun
    from jsft_tui.core.sizing.model_card import RunsOn

LABEL = 9
"""Cells of a label; a blank follows."""
MOST_RUNS = 2
MOST_PRICES = 2
MOST_NAMES = {Shape.BESIDE: 2, Shape.BELOW: 3}


@dataclass(frozen=True)
class KnownModel:
    """What is known of a model, and where it is shown.

    Attributes:
        spec: the model.
        runs_on: its instance types.
        runs: its jobs, the newest first.
        instance_type: where the batch size is derived for.
        is_sandbox: whether only what the sandbox trains can be launched.
        key: that chooses it.
        region: where it would be trained.
    """

    spec: ModelSpec
    runs_on: RunsOn
    runs: Sequence[PastRun]
    instance_type: str
    is_sandbox: bool
    key: str
    region: str = ""


def unread_detail(card: ModelCard, why: str = "") -> Detail:
    """Return what the list alone tells of a model; `why` its spec cannot be read, if so."""
    about = [
        line(f"{card.model_id} · {framework_name(card.framework)} · {card.version}", "muted"),
        line(card.task.label),
    ]
    if why:
        about.append(line(f"The card cannot be read: {why}", "warn"))
    return Detail(short_model_id(card.model_id), [Section(tuple(about))])


def model_detail(model: KnownModel, shape: Shape) -> Detail:
    """Return what is told about a model, for the room there is."""
    spec = model.spec
    title = short_model_id(spec.model_id)
    state = (Cell(spec.version, "muted"),)
    button = Button(model.key, "Choose how to customize it" if spec.recipes else "Fine-tune this model", "pick")
    verdict = _verdict(model)
    if shape is Shape.LINE:
        return Detail(title, [section(verdict)], state)
    if shape is Shape.BELOW:
        return Detail(title, [Section(tuple(_short_lines(model)))], state)
    about = line(f"{spec.model_id} · {framework_name(spec.framework)} · {spec.version}", "muted")
    sections = [
        section(about, verdict),
        Section((*_data_lines(spec), _default_data(spec)), Side.PREVIEW),
        Section(tuple(_facts(model, shape))),
        *([Section(tuple(_runs(model)))] if model.runs else []),
    ]
    return Detail(title, [*sections, *(_notes(spec) if shape is Shape.WHOLE else [])], button=button)


def _verdict(model: KnownModel) -> TextLine:
    """Whether one can use it."""
    spec = model.spec
    if model.is_sandbox:
        if spec.sandbox_runnable:
            return line(f"{TRAINS_HERE} trains in this sandbox, on your CPU", "good")
        return line("! the sandbox cannot train it", "warn")
    if not spec.fine_tunable:
        return line("! it cannot be fine-tuned", "warn")
    if not spec.training_supported and not recipe_ways(spec.recipes, model.region):
        return line(f"! its recipes are not offered in {model.region}", "warn")
    if spec.gated:
        return line("! a license to accept", "warn")
    return line(f"{glyph(Status.COMPLETED, os.environ)} can be fine-tuned in this region", "good")


def _data_lines(spec: ModelSpec) -> list[TextLine]:
    expected = format_of(spec)
    sample = expected.sample
    if sample is None:
        return [_fact("Your data", expected.summary)]
    first = TextLine((Cell("Your data ", "muted"), Cell(sample.title, "strong")), LABEL + 1)
    return [first, *drawn(sample, LABEL + 1), line(f"{'':{LABEL}} {sample.limits}", "muted", LABEL + 1)]


def _default_data(spec: ModelSpec) -> TextLine:
    name = spec.default_dataset_key.strip("/").rpartition("/")[2]
    return _fact("No data?", f"its own: {name}" if name else "it has none: bring your own")


def _facts(model: KnownModel, shape: Shape) -> list[TextLine]:
    if not model.spec.training_supported and model.spec.recipes:
        return _recipes(model)
    found = [_fact("Batch", batch)] if (batch := _batch(model)) else []
    return [*found, *_types(model, shape), _fact("Settings", _settings(model.spec, shape)), *_recipes(model)]


def _recipes(model: KnownModel) -> list[TextLine]:
    """Return how it can be customized, and where that is offered."""
    recipes = model.spec.recipes
    if not recipes:
        return []
    techniques = " ".join(dict.fromkeys(recipe.technique.value for recipe in recipes))
    adapters = " or ".join(dict.fromkeys(recipe.adapter.value for recipe in recipes))
    here = recipe_ways(recipes, model.region)
    where = f"{' or on '.join(here)}, in {model.region}" if here else f"not in {model.region}: {_elsewhere(recipes)}"
    return [_fact("Recipes", f"{techniques}: {adapters}"), line(f"{'':{LABEL}} {where}", "muted", LABEL + 1)]


def _elsewhere(recipes: Sequence[Recipe]) -> str:
    regions = dict.fromkeys(name for each in recipes for name in (*each.serverless_regions, *each.instance_regions))
    return ", ".join(regions) or "in no region yet"


def _batch(model: KnownModel) -> str:
    rule, machine = batch_rule(model.spec), instance_type(model.instance_type)
    if rule is None:
        return ""
    return plan_batch(rule, machine).explanation if machine is not None else f"{rule.parameter} {rule.base}"


def _types(model: KnownModel, shape: Shape) -> list[TextLine]:
    where = model.runs_on
    quota = "" if where.with_quota is None else f", {len(where.with_quota)} with quota"
    lines = [_fact("Runs on", f"{plural(len(where.types), 'instance type')}{quota}")]
    for gpus, usd in _shown_prices(model):
        what = _gpus(gpus)
        lines.append(
            TextLine((Cell(f"{'':{LABEL}} {what:6} from ", "text"), Cell(f"{dollars(usd)}/h", "money")), LABEL + 1)
        )
    if shape is Shape.WHOLE:
        names = ", ".join(name.removeprefix("ml.") for name in where.types)
        lines.append(line(f"{'':{LABEL}} {names}", "muted", LABEL + 1))
    return lines


def _types_line(model: KnownModel) -> TextLine:
    """Return the types and their prices in one line."""
    where = model.runs_on
    known = where.with_quota is not None
    count = len(where.types if where.with_quota is None else where.with_quota)
    cells = [
        Cell("Runs on".ljust(LABEL + 1), "muted"),
        Cell(f"{plural(count, 'type')}{' with quota' if known else ''}"),
    ]
    for number, (gpus, usd) in enumerate(_shown_prices(model)):
        cells += [Cell(f"{', ' if number else ': '}{_gpus(gpus)} from "), Cell(f"{dollars(usd)}/h", "money")]
    return TextLine(tuple(cells), LABEL + 1)


def _shown_prices(model: KnownModel) -> list[tuple[int, float]]:
    """Return the fewest GPUs that any type has, and the next more; CPUs only where nothing else is."""
    prices = model.runs_on.cheapest
    with_gpus = [(gpus, usd) for gpus, usd in prices.items() if gpus]
    return (with_gpus or list(prices.items()))[:MOST_PRICES]


def _gpus(count: int) -> str:
    return plural(count, "GPU") if count else "CPU"


def _settings(spec: ModelSpec, shape: Shape) -> str:
    names = telling_first([each.name for each in spec.algorithm_hyperparameters])
    shown = names[: MOST_NAMES.get(shape)]
    more = ", …" if len(shown) < len(names) else ""
    return f"{len(names)}: {', '.join(shown)}{more}" if names else "none"


def _runs(model: KnownModel) -> list[TextLine]:
    return [line("Your runs of it", "strong"), *(_run_line(run) for run in model.runs[:MOST_RUNS])]


def _run_line(run: PastRun) -> TextLine:
    name = f"{run.metric} " if run.metric else ""
    return TextLine((*_run_start(run), Cell(f"{name}{run.value}"), *_cost("  ", run.usd)), 2)


def _run_start(run: PastRun) -> tuple[Cell, Cell]:
    sign = run.job.status.as_status
    return Cell(f"{glyph(sign, os.environ)} ", sign.value), Cell(f"{_day(run.job.created)}  ")


def _cost(gap: str, usd: float | None) -> list[Cell]:
    return [Cell(gap), Cell(dollars(usd), "money")] if usd is not None else []


def _day(seconds: float) -> str:
    """Return a date as `26 Nov`, in local time."""
    moment = time.localtime(seconds)
    return f"{moment.tm_mday} {time.strftime('%b', moment)}"


def _short_lines(model: KnownModel) -> list[TextLine]:
    """Return one line for each subject."""
    spec, sample = model.spec, format_of(model.spec).sample
    cannot_train = model.is_sandbox and not spec.sandbox_runnable
    lines = [_verdict(model)] if cannot_train else []
    if sample is not None:
        lines.append(
            TextLine(
                (Cell("Your data ", "muted"), Cell(sample.title, "strong"), Cell(f", {sample.limits}", "muted")), 10
            )
        )
        lines.append(TextLine((Cell(f"{'':{LABEL}} {sample.line}", "muted"),), is_drawing=True))
    else:
        lines += _data_lines(spec)
    lines.append(_default_data(spec))
    if batch := _batch(model):
        lines.append(_fact("Batch", batch))
    if spec.training_supported or not spec.recipes:
        lines.append(_types_line(model))
        lines.append(_fact("Settings", _settings(spec, Shape.BELOW)))
    lines += _recipes(model)
    if model.runs:
        cells: list[Cell] = [Cell("Your runs ", "muted")]
        for run in model.runs[:MOST_RUNS]:
            cells += [*_run_start(run), Cell(run.value), *_cost(" ", run.usd), Cell("   ")]
        lines.append(TextLine(tuple(cells), LABEL + 1))
    return lines


def _notes(spec: ModelSpec) -> list[Section]:
    """Return what only the whole card tells."""
    texts = [text for text in (spec.deprecated_message, spec.usage_info_message) if text]
    if spec.gated:
        texts.append("Its license must be accepted in Review.")
    if spec.training_vulnerable:
        known = ", ".join(spec.training_vulnerabilities) or "see the model's page"
        texts.append(f"The training code has known vulnerabilities: {known}")
    word = note(spec.card).text
    lines = [_fact("Note", text, "warn" if word else "") for text in texts]
    return [Section(tuple(lines))] if lines else []


def _fact(label: str, text: str, style: str = "") -> TextLine:
    return fact(label, text, style, LABEL)
