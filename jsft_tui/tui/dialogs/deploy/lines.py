"""What the question before a deploy says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.mode import Asynchronous, Serverless
from jsft_tui.core.serving.listed.words import month_words
from jsft_tui.core.serving.offers import DeployOffer, HostingOffer
from jsft_tui.core.sizing.hardware_words import gpu_model_words
from jsft_tui.tui.dialogs.choice import Choice
from jsft_tui.tui.dialogs.deploy.mode import mode_words
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import MONEY_STRONG, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

LABEL = 10
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
_STARTS = "About 5 minutes until it answers."
# Not checked against AWS: how long an endpoint starts, which the design takes for granted (SCREENS.md §8).


@dataclass(frozen=True)
class Shown:
    """What the question tells.

    Attributes:
        offer: what the model can be deployed to.
        deployment: what is chosen.
        place: names the account and the region.
        delete_key: deletes an endpoint on its screen.
        findings: of the checks; None while they are made.
    """

    offer: DeployOffer
    deployment: Deployment
    place: Sequence[Cell]
    delete_key: str
    findings: Sequence[Finding] | None = None

    def checked(self, findings: Sequence[Finding]) -> Shown:
        """Return the same with findings."""
        return replace(self, findings=tuple(findings))

    @property
    def type(self) -> HostingOffer:
        """The chosen type."""
        return self.offer.get(self.deployment.instance_type)


def deploy_lines(shown: Shown) -> list[TextLine]:
    """Return what is chosen, what it costs, and what the checks say."""
    chosen = shown.deployment
    lines = [
        _changeable("Instance", _instance(shown), "i"),
        _changeable("Lifetime", _lifetime(chosen), "l"),
        _changeable("Answers", (Cell(mode_words(chosen.mode)),), "m"),
        _changeable("Name", (Cell(chosen.name),), "n"),
        TextLine((_label("In"), *shown.place), LABEL + 1),
        line(""),
        *_cost(shown),
        line(""),
        *_checks(shown.findings),
        line(""),
        *_caution(chosen),
        line(f"  {_STARTS} {shown.delete_key} deletes it any time.", Ink.MUTED, indent=2),
    ]
    if shown.offer.is_repacked:
        lines.append(line("  Before that, its code is packed into the model, which passes through here.", Ink.MUTED, 2))
    return lines


def _caution(chosen: Deployment) -> list[TextLine]:
    match chosen.mode:
        case None:
            return [line("! It costs from its creation on, called or not.", Ink.WARN, indent=2)]
        case Asynchronous():
            seen = "! jsft lets it scale once it is in service: its instances run until jsft is there to see that."
            then = "  From then on they stop after a while without requests, and cost nothing."
            return [line(seen, Ink.WARN, indent=2), line(then, Ink.MUTED, indent=2)]
        case _:
            return []


def _label(text: str) -> Cell:
    return Cell(text.ljust(LABEL + 1), Ink.MUTED)


def _changeable(label: str, value: Sequence[Cell], key: str) -> TextLine:
    return TextLine((_label(label), *value, Cell(f"   {key}", Ink.KEY), Cell(" change", Ink.MUTED)), LABEL + 1)


def _instance(shown: Shown) -> tuple[Cell, ...]:
    offer, chosen = shown.type, shown.deployment
    if isinstance(chosen.mode, Serverless):
        return (Cell("none of its own"),)
    hardware = instance_type(offer.name)
    gpus = f" {hardware.gpus} × {hardware.gpu_model}" if hardware is not None and hardware.gpus else ""
    count = f"{chosen.count} × " if chosen.count > 1 else ""
    quota = f", {offer.quota_text}" if offer.quota_text else ""
    several = (Cell("   c", Ink.KEY), Cell(" count", Ink.MUTED))
    return (
        Cell(f"{count}{offer.name}{gpus}"),
        Cell(quota, Ink.MUTED if offer.has_room_for(chosen.count) else Ink.BAD),
        *several,
    )


def _lifetime(chosen: Deployment) -> tuple[Cell, ...]:
    if chosen.lifetime_seconds is None:
        return (Cell("until somebody deletes it", Ink.WARN),)
    then = ", then it deletes itself" if chosen.scheduler_role else ", then jsft reminds you"
    return Cell(lifetime_words(chosen.lifetime_seconds)), Cell(then, Ink.MUTED)


def lifetime_words(seconds: int) -> str:
    """Return a lifetime for a sentence: `2 hours`, `1 day`, `1 h 30 min`."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return plural(seconds // size, unit)
    return duration_words(seconds)


def _cost(shown: Shown) -> Iterator[TextLine]:
    chosen, cost = shown.deployment, shown.type.cost(shown.deployment.count)
    if isinstance(chosen.mode, Serverless):
        yield TextLine((_label("Cost"), Cell("by its requests; nothing without them")), LABEL + 1)
        return
    if cost.per_hour is None:
        yield TextLine((_label("Cost"), Cell("! unknown: there is no price for this type", Ink.WARN)), LABEL + 1)
        return
    cells = [_label("Cost"), Cell(dollars(cost.per_hour), Ink.MONEY), Cell(" an hour")]
    if chosen.lifetime_seconds is not None:
        usd = Cell(dollars(cost.over(chosen.lifetime_seconds)), MONEY_STRONG)
        cells += [Cell(", "), usd, Cell(f" for {lifetime_words(chosen.lifetime_seconds)}")]
    yield TextLine(tuple(cells), LABEL + 1)
    month = (_label(""), Cell("left running: ", Ink.MUTED), Cell(month_words(cost.per_month), Ink.MONEY))
    yield TextLine((*month, Cell(" a month", Ink.MUTED)), LABEL + 1)


def _checks(findings: Sequence[Finding] | None) -> list[TextLine]:
    if findings is None:
        return [line("Checking …", Ink.MUTED)]
    told = [each for each in findings if each.level is not Level.PASS and each.check != "cost"]
    passed = sum(each.level is Level.PASS for each in findings)
    lines = [_finding(each) for each in sorted(told, key=lambda each: each.level.badness)]
    sign = glyph(Status.COMPLETED, os.environ)
    return lines or [TextLine((Cell(sign, Ink.GOOD), Cell(f" {plural(passed, 'check')} passed", Ink.MUTED)))]


def _finding(found: Finding) -> TextLine:
    status = found.level.as_status
    remedy = f" {found.remedy}" if found.level is Level.BLOCK and found.remedy else ""
    style = status.value if found.level is Level.BLOCK else ""
    sign = Cell(f"{glyph(status, os.environ)} ", status.value)
    return TextLine((sign, Cell(found.message, style), Cell(remedy, Ink.MUTED)), 2)


def type_choices(offer: DeployOffer, count: int) -> list[Choice]:
    """Return the types to choose from, each with its price and what its quota leaves."""
    return [Choice(each.name, _type_text(each), _price_text(each, count), _type_style(each)) for each in offer.types]


def _type_text(offer: HostingOffer) -> str:
    hardware = instance_type(offer.name)
    gpus = f"  {gpu_model_words(hardware)}" if hardware is not None and hardware.gpus else ""
    return f"{offer.name}{gpus}"


def _type_style(offer: HostingOffer) -> str:
    return "" if offer.has_room_for(1) else Ink.MUTED


def _price_text(offer: HostingOffer, count: int) -> str:
    cost = offer.cost(count)
    price = f"{dollars(cost.per_hour)}/h  {month_words(cost.per_month)}" if cost.per_hour is not None else "no price"
    return f"{price}  {offer.quota_text}".strip()
