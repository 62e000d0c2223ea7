"""The rows of the Instance screen: the types in groups, with what each costs this run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.facets import OfferFacets
from jsft_tui.core.sizing.groups import OfferGroup
from jsft_tui.core.sizing.hardware_words import gpu_model_words
from jsft_tui.core.sizing.offers import InstanceOffer, Order
from jsft_tui.core.sizing.pricing import Price, max_cost
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

NATURAL_WIDTH = 92
CENTS_BELOW = 10_000
"""USD from which an amount has no cents, to fit into its column."""

NO_CHOICE = InstanceChoice("")
_TYPE, _GPU, _GPU_MOST = 18, 14, 16


def columns(offers: Sequence[InstanceOffer]) -> tuple[Column, ...]:
    """Return the columns, wide enough for the names; the least important are hidden first."""
    type_ = max((len(offer.name) for offer in offers), default=0)
    gpu = max((len(offer.gpu_text) for offer in offers), default=0)
    return (
        SIGN,
        Column("type", "TYPE", min_width=max(_TYPE, type_), gap=1),
        Column("gpu", "GPU", min_width=_GPU, max_width=max(_GPU_MOST, gpu), gap=1),
        Column("vcpus", "VCPU", width=4, align=Align.RIGHT, priority=4, gap=3),
        Column("ram", "RAM GB", width=6, align=Align.RIGHT, priority=3, gap=1),
        Column("price", "$/H", min_width=6, max_width=7, align=Align.RIGHT, priority=2, gap=1),
        Column("cost", "AT MOST", min_width=7, max_width=8, align=Align.RIGHT, gap=1),
        Column("quota", "QUOTA", width=5, align=Align.RIGHT),
        Column("batch", "BATCH", width=5, align=Align.RIGHT, priority=1, gap=1),
    )


@dataclass(frozen=True)
class OfferRows:
    """Instance types as rows of the table, in groups.

    Attributes:
        grouped: the types of each group.
        choice: of the run.
        prices: by instance type; None while they are not known.
        recommended: name of the type to take without further thought; empty if there is none.
    """

    grouped: Sequence[tuple[OfferGroup, Sequence[InstanceOffer]]] = ()
    choice: InstanceChoice = NO_CHOICE
    prices: Mapping[str, Price] | None = None
    recommended: str = ""

    @property
    def offers(self) -> list[InstanceOffer]:
        """The types in the order of the rows."""
        return [offer for _, offers in self.grouped for offer in offers]

    @property
    def groups(self) -> Sequence[Group]:
        """The headings."""
        found, start = [], 0
        for group, offers in self.grouped:
            found.append(Group(start, group.value, ", ".join(filter(None, (str(len(offers)), group.advice)))))
            start += len(offers)
        return found

    def __len__(self) -> int:
        return sum(len(offers) for _, offers in self.grouped)

    def at(self, index: int) -> tuple[OfferGroup, InstanceOffer]:
        """Return the group and the type of a row."""
        for group, offers in self.grouped:
            if index < len(offers):
                return group, offers[index]
            index -= len(offers)
        raise IndexError(index)

    def offer(self, index: int) -> InstanceOffer | None:
        """Return the type of a row."""
        return self.at(index)[1]

    def key(self, index: int) -> str:
        """Return the name of the instance type."""
        return self.at(index)[1].name

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of the row; all muted where no instance may run."""
        group, offer = self.at(index)
        known = offer.hardware if offer.is_known else None
        cells = (
            self._sign(offer),
            Cell(offer.name),
            Cell(offer.gpu_text, "" if known and known.gpus else Ink.MUTED, shorter=_short_gpu(offer)),
            Cell(str(known.vcpus) if known else "?", Ink.MUTED),
            Cell(f"{known.memory_gib:g}" if known else "?", Ink.MUTED),
            Cell(offer.price_text, "" if offer.price else Ink.MUTED),
            self._cost(offer),
            Cell(quota_text(offer), Ink.WARN if group is OfferGroup.IN_USE else Ink.MUTED),
            Cell(offer.batch_text if offer.batch else "–"),
        )
        return tuple(_muted(cell) for cell in cells) if group is OfferGroup.NO_QUOTA else cells

    def _sign(self, offer: InstanceOffer) -> Cell:
        if offer.name == self.choice.type:
            return Cell(glyph(Status.RUNNING, os.environ), Ink.ACCENT)
        return Cell(Glyph.RECOMMENDED if offer.name == self.recommended else "", Ink.ACCENT)

    def _cost(self, offer: InstanceOffer) -> Cell:
        usd = max_cost(replace(self.choice, type=offer.name), self.prices or {})
        return Cell("?" if usd is None else amount(usd), Ink.MUTED if usd is None else Ink.MONEY)


def _muted(cell: Cell) -> Cell:
    """Return a cell in muted ink; what is chosen stays as it is."""
    return cell if cell.style == Ink.ACCENT else replace(cell, style=Ink.MUTED)


def _short_gpu(offer: InstanceOffer) -> Cell | None:
    return Cell(gpu_model_words(offer.hardware)) if offer.is_known and offer.hardware.gpus else None


def amount(usd: float) -> str:
    """Return USD without their sign."""
    return dollars(usd).removeprefix("$") if usd < CENTS_BELOW else f"{usd:,.0f}"


def quota_text(offer: InstanceOffer) -> str:
    """Return instances in use and how many may run: `0/4`; `0` if none may."""
    return "0" if offer.quota is not None and offer.quota < 1 else offer.quota_text


def state_cells(facets: OfferFacets, order: Order, *, shows_all: bool) -> list[Cell]:
    """Return the facets that are on, and what the types are sorted by."""
    mark = "▼" if order is Order.GPU_MEMORY else "▲"
    every = [Cell("all types  ", Ink.ACCENT)] if shows_all else []
    return [
        *every,
        Cell("GPUs ", Ink.MUTED),
        Cell(facets.words, Ink.ACCENT),
        Cell("  by ", Ink.MUTED),
        Cell(f"{order.value} {mark}", Ink.ACCENT),
    ]
