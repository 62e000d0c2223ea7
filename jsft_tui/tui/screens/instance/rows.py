"""The table of the Instance screen: instance types as rows, and the texts around it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.choice import batch_line, cost_line, disk_text, hardware_text
from jsft_tui.core.sizing.offers import InstanceOffer, Order, QuotaState, Supply
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.themes import QUIET, STRONG, Status, glyph
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.text.cell_text import Align, Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

ANY = "any"

_QUOTA_SIGNS = {QuotaState.ZERO: Status.FAILED, QuotaState.SHORT: Status.WARNING}


def columns(offers: Sequence[InstanceOffer]) -> tuple[Column, ...]:
    """The columns, the types' names and GPUs in full; the least important go first where there is no room."""
    type_ = max((len(offer.name) for offer in offers), default=0)
    gpu = max((len(offer.accelerator) for offer in offers), default=0)
    return (
        Column("type", "TYPE", width=max(14, type_)),
        Column("gpus", "GPUS", width=4, align=Align.RIGHT),
        Column("gpu", "GPU", width=max(4, gpu), priority=1),
        Column("memory", "MEM GiB", width=7, align=Align.RIGHT, priority=3),
        Column("vcpus", "vCPU", width=4, align=Align.RIGHT, priority=5),
        Column("ram", "RAM GiB", width=7, align=Align.RIGHT, priority=4),
        Column("price", "$/HOUR", width=6, align=Align.RIGHT),
        Column("quota", "QUOTA", width=7),
        Column("batch", "BATCH", width=5, align=Align.RIGHT, priority=6),
        Column("note", "NOTE", min_width=8, priority=2),
    )


@dataclass(frozen=True)
class OfferRows:
    """The types that are shown, and which of them the draft has."""

    offers: Sequence[InstanceOffer]
    chosen: str

    def __len__(self) -> int:
        return len(self.offers)

    def key(self, index: int) -> str:
        """The type's name."""
        return self.offers[index].name

    def cells(self, index: int) -> Sequence[Cell]:
        """The row."""
        offer = self.offers[index]
        is_chosen = offer.name == self.chosen
        style = QUIET if offer.supported is False else STRONG if is_chosen else ""
        gpus, memory, vcpus, ram = offer.hardware_texts
        notes = (*(("chosen",) if is_chosen else ()), *offer.notes)
        sign = None if style else _QUOTA_SIGNS.get(offer.quota_state)
        return (
            Cell(offer.name, style),
            Cell(gpus, style),
            Cell(offer.accelerator, style),
            Cell(memory, style),
            Cell(vcpus, style),
            Cell(ram, style),
            Cell(offer.price_text, style if offer.price else Status.UNKNOWN.value),
            quota_cell(offer, style),
            Cell(offer.batch_text, style),
            Cell(", ".join(notes), sign.value if sign else style or QUIET),
        )


def quota_cell(offer: InstanceOffer, style: str) -> Cell:
    """Used and limit, with the sign of what is wrong with it."""
    sign = _QUOTA_SIGNS.get(offer.quota_state)
    if sign is not None:
        return Cell(f"{offer.quota_text} {glyph(sign, os.environ)}", sign.value)
    return Cell(offer.quota_text, style if offer.quota_state is QuotaState.FREE else Status.UNKNOWN.value)


def narrowing_cells(counts: Sequence[int], gpus: int | None, order: Order) -> list[Cell]:
    """The filter by GPUs, the one that is on in brackets, and the order."""
    every = [None, *counts]
    words = [f"[{_word(count)}]" if count == gpus else _word(count) for count in every]
    mark = "▼" if order is Order.GPU_MEMORY else "▲"
    return [Cell("GPUs ", QUIET), Cell(" ".join(words)), Cell("  by ", QUIET), Cell(f"{order.value} {mark}")]


def _word(count: int | None) -> str:
    return ANY if count is None else str(count)


def setting_cells(run: Run, spec: ModelSpec | None) -> list[Cell]:
    """The rest of the instance choice: count, spot, times, disk."""
    choice = run.instance
    settings = [
        ("count", str(choice.count)),
        ("spot", "on" if choice.spot else "off"),
        ("max run", format_duration(choice.max_runtime)),
        *((("max wait", format_duration(choice.max_wait or choice.max_runtime)),) if choice.spot else ()),
        ("disk", disk_text(run, spec)),
    ]
    return [
        cell
        for label, value in settings
        for cell in (Cell(f"  {label} " if label != "count" else f" {label} ", QUIET), Cell(value))
    ]


def meaning_lines(offer: InstanceOffer, run: Run, spec: ModelSpec | None, supply: Supply, key: KeyOf) -> list[TextLine]:
    """What choosing the type under the cursor would mean, in a line each: batch, cost."""
    return [_batch(offer, spec, key), line(cost_line(run, offer.name, supply.prices))]


def about_lines(offer: InstanceOffer) -> list[TextLine]:
    """What the type under the cursor is: hardware, notes."""
    lines = []
    if hardware := hardware_text(offer.hardware):
        lines.append(line(hardware, QUIET))
    if offer.notes:
        grave = offer.supported is False or offer.quota_state in _QUOTA_SIGNS
        lines.append(line(", ".join(offer.notes), Status.WARNING.value if grave else QUIET))
    return lines


def _batch(offer: InstanceOffer, spec: ModelSpec | None, key: KeyOf) -> TextLine:
    if offer.batch is not None:
        label = Cell(f"{offer.batch.rule.parameter}  ", STRONG)
        return TextLine((label, Cell(batch_line(offer.batch))))
    if spec is None:
        return line(f"No model is chosen, so there is no batch size: {key('go_models')} chooses one.", QUIET)
    if not offer.is_known:
        said = f"Its GPUs are not known to this version: type a batch size ({key('go_hyperparameters')})."
        return line(said, Status.UNKNOWN.value)
    return line("This model has no batch size.", QUIET)
