"""Runs of the artificial model's recipes on instances."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.recipes.choice import choose_recipe, recipe_spec
from jsft_tui.core.customization.recipes.parameters import parse_parameters
from jsft_tui.core.run.run import InstanceChoice, Run
from tests.core.customization.specs import customization_run, recipe_model
from tests.core.customization.templates import template

TYPE = "ml.g5.12xlarge"
WEIGHTS = "tiny/artifacts/training/v1.0.0/"
IMAGE = "image:1"


def on_instances(
    technique: Technique = Technique.SFT, adapter: Adapter = Adapter.LORA, more: str = "", **fields: Any
) -> ModelSpec:
    """The model as a recipe trains it on instances."""
    spec = recipe_model(**{"training_artifact_key": WEIGHTS, **fields})
    made = template(technique, adapter, more)
    recipe = choose_recipe(spec, Customization(technique, adapter))
    return recipe_spec(spec, recipe, parse_parameters(made.parameters, technique), made)


def instance_run(technique: Technique = Technique.SFT, **fields: Any) -> Run:
    """A run on an instance."""
    return customization_run(technique, **{"instance": InstanceChoice(TYPE, max_runtime=3600), **fields})
