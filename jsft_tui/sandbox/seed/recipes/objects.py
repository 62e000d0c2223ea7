"""Build the objects of recipes in the content bucket: override parameters, templates, and the base model's texts."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.datasets.formats import json_bytes
from jsft_tui.sandbox.seed.recipes import museum
from jsft_tui.sandbox.seed.recipes.models import Recipe, all_recipes
from jsft_tui.sandbox.seed.recipes.template import template_of
from jsft_tui.sandbox.trainers.customization.parameters import parameters_of

_BASE_MODEL_README = """\
Sandbox artifact of all models that are customized by recipes.

This folder holds no weights. The first customization in a sandbox pretrains a transformer of about 160,000 parameters
from pretraining.jsonl, which later ones start from. It is not the model of any name in the catalog.
"""


def recipe_objects() -> Iterator[tuple[str, bytes]]:
    """Yield the objects, as (key, body)."""
    for recipe in all_recipes():
        yield recipe.parameters_key, json_bytes(_parameters(recipe))
        yield recipe.template_key, template_of(recipe).encode()
    yield f"{locations.BASE_MODEL}pretraining.jsonl", museum.pretraining_texts()
    yield f"{locations.BASE_MODEL}README.txt", _BASE_MODEL_README.encode()


def _parameters(recipe: Recipe) -> dict[str, object]:
    declared = parameters_of(recipe.technique, has_adapter=recipe.has_adapter)
    return {each.name: each.entry() for each in declared}
