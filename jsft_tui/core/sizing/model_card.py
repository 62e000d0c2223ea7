"""What a model is known by in lists, and what it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jsft_tui.core.catalog.cards import ModelCard
    from jsft_tui.core.catalog.spec.recipe import Recipe
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.sizing.pricing import Price

_TRAINS_HERE, _TO_LOOK_AT = "trains here", "to look at"
"""What the sandbox does with a model."""


def card_notes(card: ModelCard) -> str:
    """Return the distinguishing properties of a model in a few words."""
    only = "" if card.has_script else "only "
    notes = {
        "not fine-tunable": not card.fine_tunable,
        f"{only}by recipe: {' '.join(card.techniques)}": bool(card.recipes),
        "gated": card.gated,
        "deprecated": card.deprecated,
        "vulnerable": card.vulnerable,
        _TRAINS_HERE: bool(card.sandbox_runnable),
        _TO_LOOK_AT: card.is_to_look_at,
    }
    return ", ".join(note for note, applies in notes.items() if applies)


def recipe_row(recipe: Recipe, region: str) -> tuple[str, str, str, str, str]:
    """Return a recipe as a row: technique, adapter, length, ways in a region, instance types."""
    ways = ", ".join(recipe.ways_in(region)) or "not in this region"
    types = ", ".join(name.removeprefix("ml.") for name in recipe.instance_types)
    return recipe.technique.value, recipe.adapter.value, recipe.sequence_length or "–", ways, types or "–"


_FRAMEWORKS = {
    "tensorflow": "TensorFlow",
    "pytorch": "PyTorch",
    "huggingface": "Hugging Face",
    "mxnet": "MXNet",
    "sklearn": "scikit-learn",
    "lightgbm": "LightGBM",
    "catboost": "CatBoost",
    "xgboost": "XGBoost",
    "autogluon": "AutoGluon",
    "meta": "Meta",
}
"""First part of a model id -> the framework's own spelling."""


def framework_name(framework: str) -> str:
    """Return a framework as it spells itself."""
    return _FRAMEWORKS.get(framework, framework)


_TELLING = ("epochs", "epoch", "num_train_epochs", "learning_rate", "learning-rate", "batch_size", "batch-size")


def telling_first(names: Sequence[str]) -> list[str]:
    """Return hyperparameters, those first that people know: epochs, learning rate, batch size."""
    rank = {name: number for number, name in enumerate(_TELLING)}
    return sorted(names, key=lambda name: rank.get(name, len(rank)))


@dataclass(frozen=True)
class RunsOn:
    """The instance types that a model supports.

    Attributes:
        types: all of them.
        with_quota: those on which a job may start; None while quotas are not known.
        cheapest: GPUs of one instance -> USD of an hour of the cheapest type, fewest GPUs first; of the types with
            quota, where there are any.
    """

    types: tuple[str, ...]
    with_quota: tuple[str, ...] | None
    cheapest: Mapping[int, float]


def runs_on(spec: ModelSpec, quotas: Mapping[str, float] | None, prices: Mapping[str, Price] | None) -> RunsOn:
    """Return what a model runs on, and from what price.

    Args:
        spec: the model.
        quotas: instances that may run at once, by instance type; None while they are not known.
        prices: by instance type; None while they are not known.
    """
    from jsft_tui.core.instances.types import instance_type

    types = spec.instance_types
    allowed = None if quotas is None else tuple(name for name in types if quotas.get(name, 0) >= 1)
    cheapest: dict[int, float] = {}
    for name in allowed or types:
        known, price = instance_type(name), (prices or {}).get(name)
        if known is not None and price is not None:
            usd = price.usd_per_hour
            cheapest[known.gpus] = min(cheapest.get(known.gpus, usd), usd)
    return RunsOn(types, allowed, dict(sorted(cheapest.items())))
