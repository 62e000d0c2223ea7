"""The one menu of facets on the Models screen, and what the title says of those that are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.cards import Facets
from jsft_tui.core.catalog.task import find_task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.tui.dialogs.choice import Choice

if TYPE_CHECKING:
    from jsft_tui.core.catalog.cards import CardIndex

CLEAR, TASK, FRAMEWORK, TECHNIQUE, GATED, ALL = "clear", "task", "framework", "technique", "gated", "all"


def facet_words(facets: Facets) -> str:
    """Return the facets that are on: `text generation, not gated`."""
    words = (
        facets.task.label if facets.task is not None else "",
        facets.framework or "",
        f"recipes for {facets.technique}" if facets.technique is not None else "",
        "not gated" if facets.not_gated else "",
        "" if facets.fine_tunable else "all models",
    )
    return ", ".join(filter(None, words))


def facet_choices(index: CardIndex, words: str, facets: Facets) -> Sequence[Choice]:
    """Return the facets to choose from, each with the number of models that it leaves."""

    def count(other: Facets) -> str:
        return f"{len(index.search(words, other)):,}"

    tasks = Counter(card.task for card in index.search(words, replace(facets, task=None)))
    frameworks = Counter(card.framework for card in index.search(words, replace(facets, framework=None)))
    by_technique = index.search(words, replace(facets, technique=None))
    techniques = Counter(name for card in by_technique for name in card.techniques)
    every = Facets(fine_tunable=True)
    gated = replace(facets, not_gated=not facets.not_gated)
    tunable = replace(facets, fine_tunable=not facets.fine_tunable)
    all_text = "Models that cannot be fine-tuned, too" if facets.fine_tunable else "Fine-tunable only"
    return (
        *([Choice(CLEAR, "Take all of these away", count(every))] if facets != every else []),
        *(Choice(f"{TASK} {task.value}", f"Task: {task.label}", f"{n:,}") for task, n in tasks.most_common()),
        *(Choice(f"{FRAMEWORK} {name}", f"Framework: {name}", f"{n:,}") for name, n in frameworks.most_common()),
        *(
            Choice(f"{TECHNIQUE} {each.value}", f"Recipes: {each.value}, {each.title}", f"{techniques[each.value]:,}")
            for each in Technique
            if techniques[each.value]
        ),
        Choice(GATED, "With a license to accept, too" if facets.not_gated else "No license to accept", count(gated)),
        Choice(ALL, all_text, count(tunable)),
    )


def with_facet(facets: Facets, key: str) -> Facets:
    """Return the facets after a choice."""
    kind, _, value = key.partition(" ")
    match kind:
        case "task":
            return replace(facets, task=find_task(value))
        case "framework":
            return replace(facets, framework=value)
        case "technique":
            return replace(facets, technique=value)
        case "gated":
            return replace(facets, not_gated=not facets.not_gated)
        case "all":
            return replace(facets, fine_tunable=not facets.fine_tunable)
        case _:
            return Facets(fine_tunable=True)
