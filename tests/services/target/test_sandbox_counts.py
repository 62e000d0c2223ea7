"""What is said of the sandbox before it is started."""

from __future__ import annotations

from jsft_tui.sandbox.seed.deploy_only_models import DEPLOY_ONLY_MODELS
from jsft_tui.sandbox.seed.models import MODELS as SEEDED
from jsft_tui.sandbox.seed.models import RUNNABLE_MODEL_IDS
from jsft_tui.sandbox.seed.recipes.models import RECIPE_MODEL_IDS
from jsft_tui.services.target.sandbox import MODELS, TRAINED_MODELS


def test_the_counts_of_models_are_those_of_its_catalog() -> None:
    seeded = {model.model_id for model in SEEDED} | set(RECIPE_MODEL_IDS)
    assert len(seeded) + len(DEPLOY_ONLY_MODELS) == MODELS
    assert len({*RUNNABLE_MODEL_IDS, *RECIPE_MODEL_IDS}) == TRAINED_MODELS
