"""What a way of fine-tuning means: what it does, what its data looks like, what it needs, what it costs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.catalog.spec.recipe import HOURS, Recipe
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.customization.about import ABOUT, sentence
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.matrix import Place, Way, WayMatrix
from jsft_tui.core.datasets.registry import technique_formats
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.request.recipe_job import refusal
from jsft_tui.tui.base.texts.sample_drawing import drawn
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
NOT_NEEDED = "an instance, quota, disk or VPC"
NO_LIMIT = "no limit can be set; jsft estimates it once your data is chosen"
TIME_LIMIT = "the time that you set bounds it"
GROUP, ROLE, ROLE_ACCESS, MLFLOW = "package_group", "role", "role_access", "mlflow"
ASKED = (GROUP, ROLE, ROLE_ACCESS, MLFLOW)
"""The checks of Review that are made here for what a way needs."""
_WORDS = {GROUP: "a model package group", ROLE: "the role", ROLE_ACCESS: "your role", MLFLOW: "the MLflow app"}


@dataclass(frozen=True)
class KnownWay:
    """What is known of the way under the cursor.

    Attributes:
        way: the way.
        matrix: all ways of the model.
        is_sandbox: whether only what the sandbox trains can be launched.
        choose_key, group_key: the keys that choose it, and that choose or create a group.
        group: the model package group of the run; empty if there is none.
        findings: of the checks in `ASKED`; None while they are not made.
        price: of the recipe; None while it is not known, or where the price list has none.
        is_priced: whether the price was asked for.
    """

    way: Way
    matrix: WayMatrix
    is_sandbox: bool
    choose_key: str
    group_key: str
    group: str = ""
    findings: Sequence[Finding] | None = None
    price: SkuPrice | None = None
    is_priced: bool = False

    @property
    def recipe(self) -> Recipe | None:
        """The recipe; None where the region offers none."""
        return self.matrix.recipe(self.way) if self.way.technique is not None else None


def way_title(way: Way) -> str:
    """Return the name of a way: `SFT LoRA, serverless`."""
    return f"{way.recipe_title}, {way.place.value}" if way.technique is not None else "JumpStart training job"


def way_detail(known: KnownWay, shape: Shape) -> Detail:
    """Return what is told about a way, for the room there is."""
    way, title = known.way, way_title(known.way)
    if way.technique is None:
        return Detail(title, _script_sections(), button=Button(known.choose_key, "Use the training script", "choose"))
    if why := not_offered(known.matrix, way):
        return Detail(title, [section(line(f"! {why}", Ink.WARN, 2))])
    if way.place is Place.INSTANCES:
        return _instance_detail(known, way.technique)
    button = Button(known.choose_key, f"Customize with {way.recipe_title}", "choose")
    if shape is Shape.LINE:
        return Detail(title, [section(line(f"{ABOUT[way.technique].teaches}, {_cost(known)[0]}"))])
    if shape is Shape.BELOW:
        return Detail(title, [section(*_short(known, way.technique))])
    sections = [
        section(line(sentence(way.technique, way.adapter))),
        Section(tuple(_data(way.technique))),
        section(line("You need", Ink.STRONG), *_needs(known)),
        section(line("You do not need", Ink.STRONG), line(NOT_NEEDED)),
        section(line("Cost", Ink.STRONG), *(line(text) for text in _cost(known)[:1]), line(_cost(known)[1], Ink.MUTED)),
    ]
    return Detail(title, sections, button=button)


def not_offered(matrix: WayMatrix, way: Way) -> str:
    """Return why a way cannot be had in the region; empty where it can."""
    if matrix.is_offered(way):
        return ""
    if elsewhere := matrix.elsewhere(way):
        return f"{matrix.region} does not offer it; {', '.join(elsewhere)} do{'es' if len(elsewhere) == 1 else ''}."
    return f"This model has no recipe for {way.recipe_title}, {way.place.value}."


def _script_sections() -> list[Section]:
    return [
        section(line("Trains with the model's own script on instances that you choose, as JumpStart always did.")),
        section(line("You need", Ink.STRONG), line("an instance type with quota, and data as the script reads it")),
        section(line("Cost", Ink.STRONG), line("by the hour of the instance; it stops after the time that you set")),
    ]


def _instance_detail(known: KnownWay, technique: Technique) -> Detail:
    title, sections = way_title(known.way), _instance_sections(known, technique)
    if why := refusal(known.matrix.spec, technique):
        return Detail(title, [*sections, section(line(f"! {why}", Ink.WARN, 2))])
    sections += [
        section(line("You need", Ink.STRONG), line("one of these types with quota, and data as for serverless")),
        section(line("You do not need", Ink.STRONG), line("to register anything: the model stays in your output")),
        section(line("Cost", Ink.STRONG), line("by the hour of the instances; it stops after the time that you set")),
    ]
    return Detail(title, sections, button=Button(known.choose_key, f"{known.way.recipe_title} on instances", "choose"))


def _instance_sections(known: KnownWay, technique: Technique) -> list[Section]:
    recipe = known.recipe
    types = ", ".join(name.removeprefix("ml.") for name in recipe.instance_types) if recipe is not None else ""
    count = f"{recipe.instance_count} × " if recipe is not None and recipe.instance_count > 1 else ""
    return [
        section(line(sentence(technique, known.way.adapter))),
        section(fact("Runs on", f"{count}{types or 'types that the recipe does not name'}", width=LABEL)),
    ]


def _data(technique: Technique) -> list[TextLine]:
    sample = technique_formats()[technique].sample
    if sample is None:
        return []
    first = TextLine((Cell("Your data ", Ink.MUTED), Cell(sample.title, Ink.STRONG)), LABEL + 1)
    return [first, *drawn(sample, 2), line(sample.limits, Ink.MUTED)]


def _needs(known: KnownWay) -> list[TextLine]:
    return [TextLine((Cell(f"{sign} ", style), Cell(text)), 2) for sign, style, text in _need_parts(known)]


def _need_parts(known: KnownWay, *, is_short: bool = False) -> list[tuple[str, str, str]]:
    """Return sign, its style, and the words of each thing that is needed."""
    spec, region = known.matrix.spec, known.matrix.region
    found = [_part(Level.PASS, "region" if is_short else f"region {region} offers it")]
    if known.is_sandbox and known.recipe is not None and not known.recipe.sandbox_runnable:
        found.append(_part(Level.WARN, "the sandbox does not train it"))
    if spec.gated:
        found.append(_part(Level.WARN, "a license to accept" if is_short else "a license to accept: Review shows it"))
    else:
        found.append(_part(Level.PASS, "license" if is_short else "no license to accept"))
    if known.findings is None:
        return [*found, ("·", Ink.MUTED, "role and group: asking …")]
    order = (ROLE_ACCESS, MLFLOW, GROUP) if is_short else (GROUP, ROLE_ACCESS, MLFLOW)  # the longest one last
    return [*found, *(_finding_part(known, name, is_short=is_short) for name in order)]


def _finding_part(known: KnownWay, name: str, *, is_short: bool) -> tuple[str, str, str]:
    found = [each for each in known.findings or () if each.check == name]
    if name == ROLE_ACCESS:
        found += [each for each in known.findings or () if each.check == ROLE]
    worst = min(found, key=lambda each: each.level.badness, default=None)
    if worst is None:
        return _part(Level.UNKNOWN, f"{_WORDS[name]}: not checked")
    if name == GROUP:
        return _group_part(known, worst, is_short=is_short)
    if worst.level is Level.PASS:
        return _passed_part(name, worst, is_short=is_short)
    if worst.level is Level.UNKNOWN:
        return _part(worst.level, f"{_WORDS[name]}: not checked")
    return _part(worst.level, worst.message.rstrip("."))


def _group_part(known: KnownWay, worst: Finding, *, is_short: bool) -> tuple[str, str, str]:
    if worst.level is Level.PASS:
        return _part(Level.PASS, "group" if is_short else f"model package group {known.group.rpartition('/')[2]}")
    if worst.level is not Level.BLOCK:
        return _part(worst.level, worst.message.rstrip("."))
    if known.group:
        return _part(Level.WARN, f"group {known.group} is missing: {known.group_key} creates it")
    return _part(Level.WARN, f"a model package group: {known.group_key} chooses one")


def _passed_part(name: str, worst: Finding, *, is_short: bool) -> tuple[str, str, str]:
    if name == MLFLOW:
        if worst.told.is_silent:
            return "·", Ink.MUTED, "no MLflow" if is_short else "no MLflow app: metrics are in the log"
        return _part(Level.PASS, "MLflow" if is_short else worst.message.rstrip("."))
    return _part(Level.PASS, "role" if is_short else "your role may use it")


def _part(level: Level, text: str) -> tuple[str, str, str]:
    status = level.as_status
    return glyph(status, os.environ), status.value, text


def _cost(known: KnownWay) -> tuple[str, str]:
    """Return what it is billed by, and what there is to say about a limit."""
    recipe = known.recipe
    is_hourly = recipe is not None and recipe.metering == HOURS
    by, limit = ("per hour", TIME_LIMIT) if is_hourly else ("per token trained", NO_LIMIT)
    if known.price is not None:
        return known.price.text, limit
    return f"{by}: {'price unknown' if known.is_priced else '…'}", limit


def _short(known: KnownWay, technique: Technique) -> list[TextLine]:
    """Return one line a subject."""
    sample = technique_formats()[technique].sample
    needs: list[Cell] = [Cell("Needs".ljust(LABEL + 1), Ink.MUTED)]
    for number, (sign, style, text) in enumerate(_need_parts(known, is_short=True)):
        needs += [Cell("  " if number else ""), Cell(f"{sign} ", style), Cell(text)]
    cost, limit = _cost(known)
    return [
        line(sentence(technique, known.way.adapter)),
        fact("Data", f"{sample.title}, {sample.limits.partition(';')[0]}" if sample is not None else "", width=LABEL),
        TextLine(tuple(needs), LABEL + 1),
        fact("Not", NOT_NEEDED, width=LABEL),
        fact("Cost", f"{cost}; {limit.partition(';')[0]}", width=LABEL),
        line(""),
        line(f"{technique.value}: {ABOUT[technique].fits}.", Ink.MUTED),
    ]
