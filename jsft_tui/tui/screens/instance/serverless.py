"""Where a recipe runs: "serverless" as a row of its own, above the instance types that the recipe names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jsft_tui.core.catalog.spec.recipe import HOURS, Recipe
from jsft_tui.core.common.durations import duration_words
from jsft_tui.core.common.status import Status
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.offers import InstanceOffer
from jsft_tui.tui.screens.instance.rows import OfferRows, amount
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Section, Shape, section
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LABEL = 9
SETTING_LABEL = 14
CHOSEN_BY = "SageMaker chooses the instances"
NOT_HERE = "jsft does not launch on them"
NOT_NEEDED = "an instance type, quota, disk, or a batch per GPU"


@dataclass(frozen=True)
class KnownServerless:
    """What is known of running a recipe serverless.

    Attributes:
        run: the run.
        recipe: its recipe.
        region: where it would run.
        price: of the recipe; None while it is not known, or where the price list has none.
        is_priced: whether the price was asked for.
        estimate: of this run's cost, by the last check: `about $0.02`; empty without one.
        is_selected: whether the cursor is on the setting in the detail.
        keys: action -> its key.
    """

    run: Run
    recipe: Recipe
    region: str
    price: SkuPrice | None = None
    is_priced: bool = False
    estimate: str = ""
    is_selected: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_offered(self) -> bool:
        """Whether the region offers it."""
        return bool(self.recipe.sku_in(self.region))

    @property
    def billing(self) -> str:
        """What it is billed by."""
        return "per hour" if self.recipe.metering == HOURS else "per token"

    @property
    def usd_per_hour(self) -> float | None:
        """The price of an hour; None while it is not known, or where it is billed by something else."""
        return self.price.usd_per_hour if self.price is not None else None

    @property
    def bound(self) -> float | None:
        """USD that it costs at most; None where the time does not bound it."""
        hour = self.usd_per_hour
        return None if hour is None else hour * self.run.instance.max_runtime / 3600

    @property
    def price_text(self) -> str:
        """The price in words."""
        if self.price is not None:
            return self.price.text
        return f"{self.billing}: price unknown" if self.is_priced else f"{self.billing}: …"


@dataclass(frozen=True)
class RecipeRows:
    """The row of its own, then the types of the recipe in their groups."""

    known: KnownServerless
    offers: OfferRows
    why_not: str = ""
    """Why jsft does not run the recipe on the types; empty where it does."""

    def __len__(self) -> int:
        return 1 + len(self.offers)

    def key(self, index: int) -> str:
        """Return `serverless`, or the name of the instance type."""
        return self.offers.key(index - 1) if index else SERVERLESS

    def offer(self, index: int) -> InstanceOffer | None:
        """Return the type of a row; None for the first one."""
        return self.offers.at(index - 1)[1] if index else None

    @property
    def groups(self) -> Sequence[Group]:
        """The headings."""
        types = [group._replace(start=group.start + 1, note=self._note(group)) for group in self.offers.groups]
        return [Group(0, CHOSEN_BY, "" if self.known.is_offered else f"not offered in {self.known.region}"), *types]

    def _note(self, group: Group) -> str:
        return f"{group.note.partition(',')[0]}, {NOT_HERE}" if self.why_not else group.note

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of the row."""
        if index:
            cells = self.offers.cells(index - 1)
            return tuple(replace(cell, style=Ink.MUTED) for cell in cells) if self.why_not else cells
        known, ink = self.known, "" if self.known.is_offered else Ink.MUTED
        is_chosen = known.run.instance.is_serverless
        hour, bound = known.usd_per_hour, known.bound
        cost = known.estimate.rpartition("$")[2] if "$" in known.estimate else "?"
        cost = cost if bound is None else amount(bound)
        return (
            Cell(glyph(Status.RUNNING, os.environ) if is_chosen else "", Ink.ACCENT),
            Cell(SERVERLESS, ink),
            Cell(known.billing, ink),
            Cell(""),
            Cell(""),
            Cell("" if hour is None else amount(hour), ink),
            Cell(cost, Ink.MONEY if cost != "?" else Ink.MUTED),
            Cell("–", Ink.MUTED),
            Cell("–", Ink.MUTED),
        )


def serverless_detail(known: KnownServerless, shape: Shape) -> Detail:
    """Return what is told about running a recipe serverless."""
    is_chosen = known.run.instance.is_serverless
    state = (Cell("● chosen", Ink.ACCENT),) if is_chosen else ()
    if not known.is_offered:
        why = f"! {known.region} does not offer {known.recipe.title} serverless."
        return Detail(SERVERLESS, [section(line(why, Ink.WARN, 2))], state)
    cost = [fact("Price", known.price_text, width=LABEL)]
    cost += [fact("Cost", f"{known.estimate}, as last checked", width=LABEL)] if known.estimate else []
    stops = _stops(known)
    if shape is Shape.LINE:
        return Detail(SERVERLESS, [section(line(known.price_text))], state)
    if shape is Shape.BELOW:
        lines = [line(f"{CHOSEN_BY}."), *cost, fact("Not", NOT_NEEDED, width=LABEL), stops]
        return Detail(SERVERLESS, [section(*lines)], state)
    sections = [
        section(line(f"{known.recipe.title}, serverless", Ink.STRONG), line(f"{CHOSEN_BY}.", Ink.MUTED)),
        Section(tuple(cost)),
        section(line("You do not need", Ink.STRONG), line(NOT_NEEDED)),
        section(line("How it runs", Ink.STRONG), stops, line(_limit(known), Ink.MUTED)),
    ]
    verb = "Change: stop after" if known.is_selected else "Keep it and go on" if is_chosen else "Run serverless, go on"
    return Detail(SERVERLESS, sections, state, Button(known.keys["choose_instance"], verb, "choose"))


def _stops(known: KnownServerless) -> TextLine:
    mark = Glyph.CURSOR if known.is_selected else " "
    label = Cell("stop after".ljust(SETTING_LABEL), Ink.STRONG if known.is_selected else Ink.MUTED)
    value = Cell(duration_words(known.run.instance.max_runtime))
    return TextLine((Cell(f"{known.keys['max_runtime']} ", Ink.KEY), Cell(mark, Ink.ACCENT), label, value))


def _limit(known: KnownServerless) -> str:
    if known.recipe.metering == HOURS:
        return "Billed by the hour: the time bounds the cost."
    return "Billed by tokens: the time does not bound the cost, max_epochs and the data do."
