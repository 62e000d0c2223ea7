"""The list of models: a card for each, narrowed by facets and searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsft_tui.core.catalog.task import Task


@dataclass(frozen=True)
class RecipeCard:
    """The summary of a recipe: technique, adapter, and the regions that offer it serverless and on instances."""

    technique: str
    adapter: str
    serverless_regions: tuple[str, ...] = ()
    instance_regions: tuple[str, ...] = ()

    def is_in(self, region: str) -> bool:
        """Return whether a region offers it."""
        return region in self.serverless_regions or region in self.instance_regions


@dataclass(frozen=True)
class ModelCard:
    """The summary of a model in lists.

    Attributes:
        fine_tunable: by its script or by a recipe.
        has_script: whether it has a classical training script.
        recipes: how else it can be trained.
    """

    model_id: str
    version: str
    task: Task
    framework: str
    fine_tunable: bool
    gated: bool
    deprecated: bool
    vulnerable: bool
    default_instance_type: str | None
    sandbox_runnable: bool | None = None
    """Whether this sandbox has a trainer for it; None for models of AWS."""
    has_script: bool = False
    recipes: tuple[RecipeCard, ...] = ()

    @property
    def techniques(self) -> tuple[str, ...]:
        """Return the techniques of its recipes, each once."""
        return tuple(dict.fromkeys(recipe.technique for recipe in self.recipes))

    def techniques_in(self, region: str) -> tuple[str, ...]:
        """Return the techniques that a region offers."""
        return tuple(dict.fromkeys(recipe.technique for recipe in self.recipes if recipe.is_in(region)))

    def is_trainable_in(self, region: str) -> bool:
        """Return whether a region offers any way to fine-tune it."""
        return self.has_script or bool(self.techniques_in(region))

    @property
    def has_recipes(self) -> bool:
        """Whether it can be customized by recipes."""
        return bool(self.recipes)

    @property
    def is_to_look_at(self) -> bool:
        """Whether it could be fine-tuned, but not in this sandbox."""
        return self.fine_tunable and self.sandbox_runnable is False


def trains_here(cards: Iterable[ModelCard], task: Task) -> ModelCard | None:
    """Return the model to take instead of one that the sandbox cannot train: of its task, else of any."""
    here = [card for card in cards if card.sandbox_runnable]
    return min(here, key=lambda card: (card.task is not task, card.gated), default=None)


@dataclass(frozen=True)
class Facets:
    """Filters of a list of models. None: no filter."""

    task: Task | None = None
    framework: str | None = None
    fine_tunable: bool = False
    technique: str | None = None
    not_gated: bool = False

    def fit(self, card: ModelCard) -> bool:
        """Return whether a card matches."""
        return (
            (self.task is None or card.task is self.task)
            and (self.framework is None or card.framework == self.framework)
            and (not self.fine_tunable or card.fine_tunable)
            and (self.technique is None or self.technique in card.techniques)
            and not (self.not_gated and card.gated)
        )


class CardIndex:
    """Cards prepared for repeated searches while the user types."""

    def __init__(self, cards: Iterable[ModelCard]) -> None:
        self.cards = tuple(cards)
        self._texts = [
            (f"{card.model_id} {card.task.value} {card.task.label} {card.framework}".lower(), card)
            for card in self.cards
        ]

    def search(self, query: str = "", facets: Facets = Facets()) -> list[ModelCard]:
        """Return the cards that contain every word of the query in id, task or framework, best first.

        A card whose id starts with a word or has it as a whole part comes before one that merely contains it.
        """
        words = query.lower().split()
        found = [card for text, card in self._texts if all(word in text for word in words) and facets.fit(card)]
        return sorted(found, key=lambda card: (_rank(card.model_id.lower(), words), card.model_id))


def search(cards: Iterable[ModelCard], query: str = "", task: Task | None = None) -> list[ModelCard]:
    """Return the cards of a task that contain every word of the query, best first."""
    return CardIndex(cards).search(query, Facets(task))


def _rank(model_id: str, words: list[str]) -> int:
    if not words:
        return 0
    parts = set(model_id.split("-"))
    return -sum((2 if word in parts else 0) + (1 if model_id.startswith(word) else 0) for word in words)
