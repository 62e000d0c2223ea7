"""Suggest the first customization of a model."""

from __future__ import annotations

import time

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.recipes.choice import suggested
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.customization import first_customization
from jsft_tui.services.catalog import Catalog


def first_customization_run(
    catalog: Catalog, region: str, spec: ModelSpec, defaults: Defaults, wanted: Customization | None, name: str = ""
) -> tuple[Run, ModelSpec]:
    """Return a run with defaults, and the spec with the recipe's hyperparameters.

    Args:
        catalog: the models of the region.
        region: what it offers is suggested first.
        spec: the model.
        defaults: role, output and so on.
        wanted: the customization; None for the simplest that the region offers.
        name: the job's name; empty to make one.

    Raises:
        Problem: the model has no recipes (code `NotFineTunable`), or not the wanted one (`NoSuchRecipe`).
    """
    if wanted is None:
        recipe = suggested(spec.recipes, region)
        if recipe is None:
            why = f"{spec.model_id} cannot be fine-tuned: it has neither a training script nor recipes."
            raise usage("NotFineTunable", why, Remedy("Find one that can", RemedyCommand.MODELS))
        wanted = Customization(recipe.technique, recipe.adapter)
    customized = catalog.customized_spec(spec, wanted)
    return first_customization(customized, wanted, defaults, time.time(), name), customized
