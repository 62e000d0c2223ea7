"""The rows of the Models screen: models in groups, what can be trained here or was trained before first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Cell, Cut

if TYPE_CHECKING:
    from jsft_tui.core.catalog.cards import ModelCard

COLUMNS = (
    SIGN,
    Column("model", "MODEL", min_width=35, gap=1, cut=Cut.MIDDLE, pushes=True),
    Column("task", "TASK", width=22, priority=2),
    Column("framework", "FRAMEWORK", width=11, priority=3),
    Column("version", "VERSION", width=7, priority=4),
    Column("note", "NOTE", width=8, gap=1, priority=1),
)
NATURAL_WIDTH = 105
TRAINS_HERE = "▸"


@dataclass(frozen=True)
class ModelRows:
    """Models as rows of the table, in groups."""

    cards: Sequence[ModelCard]
    groups: Sequence[Group] = ()

    def __len__(self) -> int:
        return len(self.cards)

    def key(self, index: int) -> str:
        """Return the model id."""
        return self.cards[index].model_id

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of the row."""
        card = self.cards[index]
        return (
            Cell(TRAINS_HERE if card.sandbox_runnable else "", "good"),
            Cell(short_model_id(card.model_id), "" if card.fine_tunable else "muted"),
            Cell(card.task.label, "muted"),
            Cell(card.framework, "muted"),
            Cell(card.version, "muted"),
            note(card),
        )


def note(card: ModelCard) -> Cell:
    """Return what sets a model apart, in a word: the first that applies."""
    words = (
        (not card.fine_tunable, "as is", "muted"),
        (card.vulnerable, "unsafe", "warn"),
        (card.deprecated, "old", "warn"),
        (card.gated, "gated", "warn"),
        (card.has_recipes, "recipes", "accent"),
    )
    return next((Cell(word, style) for applies, word, style in words if applies), Cell(""))


def sandbox_rows(cards: Sequence[ModelCard]) -> ModelRows:
    """Return the models, those that the sandbox trains first."""
    here = [card for card in cards if card.sandbox_runnable]
    others = [card for card in cards if not card.sandbox_runnable]
    return _grouped(("Train in this sandbox", here), ("Need an AWS account", others))


def account_rows(cards: Sequence[ModelCard], used: Collection[str]) -> ModelRows:
    """Return the models, those that the person has used first."""
    ours = [card for card in cards if card.model_id in used]
    others = [card for card in cards if card.model_id not in used]
    return _grouped(("Used by you", ours), ("All others" if ours else "All models", others))


def by_task(cards: Sequence[ModelCard]) -> list[ModelCard]:
    """Return models by task, then by what they are called in the list."""
    return sorted(cards, key=lambda card: (card.task.label, short_model_id(card.model_id).lower()))


def _grouped(*parts: tuple[str, Sequence[ModelCard]]) -> ModelRows:
    cards: list[ModelCard] = []
    groups = []
    for title, some in parts:
        if some:
            groups.append(Group(len(cards), title, f"{len(some):,}"))
            cards += some
    return ModelRows(tuple(cards), tuple(groups))
