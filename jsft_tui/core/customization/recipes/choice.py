"""Choose a model's recipe for a customization, and give the model's spec the recipe's hyperparameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.spec.variants import InstanceVariants
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.customization import SERVERLESS, Customization
from jsft_tui.core.customization.method import Method


def choose_recipe(spec: ModelSpec, wanted: Customization) -> Recipe:
    """Return the recipe that the SDK would choose: technique, length if given, adapter, no subscription first.

    Source: sagemaker-train 1.27, `_get_fine_tuning_options_and_model_arn`, `_select_recipe_by_training_type`.

    Raises:
        Problem: the model has no such recipe (code `NoSuchRecipe`); the remedy lists those that it has.
    """
    found = [
        recipe
        for recipe in spec.recipes
        if recipe.technique is wanted.technique
        and recipe.adapter is wanted.adapter
        and (not wanted.sequence_length or _tokens(recipe.sequence_length) == _tokens(wanted.sequence_length))
    ]
    if not found:
        raise _no_recipe(spec, wanted)
    return next((recipe for recipe in found if not recipe.needs_subscription), found[0])


def _tokens(length: str) -> int | str:
    """Return a length as a number of K, so that `4k` and `4K` are the same."""
    digits = length.strip().upper().removesuffix("K")
    return int(digits) if digits.isdecimal() else length


def _no_recipe(spec: ModelSpec, wanted: Customization) -> Problem:
    if not spec.recipes:
        remedy: str = Remedy("Find models that have them", RemedyCommand.TECHNIQUE, wanted.technique.value)
        return usage("NoSuchRecipe", f"{spec.model_id} {spec.version} has no recipes.", remedy)
    known = ", ".join(dict.fromkeys(recipe.title for recipe in spec.recipes))
    return usage("NoSuchRecipe", f"{spec.model_id} {spec.version} has no recipe {wanted.title}.", f"It has: {known}.")


def suggested(recipes: Sequence[Recipe], region: str, wanted: Iterable[Technique] = ()) -> Recipe | None:
    """Return the recipe to start with: offered in the region, serverless, simple techniques and LoRA first."""
    order = list(Technique)
    techniques = set(wanted) or set(order)
    fitting = [recipe for recipe in recipes if recipe.technique in techniques]
    fitting.sort(
        key=lambda recipe: (
            not recipe.sku_in(region),
            not recipe.image_in(region),
            order.index(recipe.technique),
            recipe.adapter is not Adapter.LORA,
            recipe.needs_subscription,
        )
    )
    return fitting[0] if fitting else None


def methods_of(spec: ModelSpec) -> tuple[Method, ...]:
    """Return the ways to fine-tune a model; none for one that is only deployed."""
    has = ((Method.SCRIPT, spec.training_supported), (Method.RECIPE, bool(spec.recipes)))
    return tuple(method for method, there in has if there)


def is_spec_for(spec: ModelSpec, wanted: Customization | None) -> bool:
    """Return whether a spec is that of the recipe for a customization; for None, of the classical script."""
    recipe = spec.recipe
    if wanted is None or recipe is None:
        return wanted is None and recipe is None
    return (recipe.technique, recipe.adapter) == (wanted.technique, wanted.adapter) and (
        not wanted.sequence_length or _tokens(recipe.sequence_length) == _tokens(wanted.sequence_length)
    )


def recipe_spec(
    spec: ModelSpec,
    recipe: Recipe,
    parameters: Sequence[HyperparameterSpec],
    template: RecipeTemplate | None = None,
) -> ModelSpec:
    """Return the spec of a model as a recipe trains it: the recipe's hyperparameters and instance types.

    What belongs to the classical training script (image, metrics, default dataset, code) is not the recipe's.
    """
    return replace(
        spec,
        recipe=replace(recipe, template=template),
        hyperparameters=tuple(parameters),
        metrics=(),
        variants=InstanceVariants(),
        instance_types=recipe.instance_types,
        default_instance_type=SERVERLESS,
        training_ecr=None,
        training_script_key="",
        training_prepacked_script_key="",
        training_vulnerable=False,
        default_dataset_key="",
        training_volume_gb=None,
        network_isolation=None,
        encrypt_traffic=False,
        uncompressed_output=True,
        validation_supported=True,  # every trainer of the SDK takes a validation channel
        incremental_training_supported=False,
        model_package_artifacts={},
    )


def lengths_of(spec: ModelSpec) -> tuple[str, ...]:
    """Return the sequence lengths of the recipes that differ from a spec's own recipe in nothing else."""
    own = spec.recipe
    if own is None:
        return ()
    alike = [each for each in spec.recipes if (each.technique, each.adapter) == (own.technique, own.adapter)]
    return tuple(dict.fromkeys(each.sequence_length for each in alike if each.sequence_length))


def recipe_ways(recipes: Iterable[Recipe], region: str) -> tuple[str, ...]:
    """Return how a region runs any of these recipes: `serverless`, `instances`."""
    return tuple(dict.fromkeys(way for recipe in recipes for way in recipe.ways_in(region)))
