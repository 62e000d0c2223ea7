"""No text says of a model with recipes that it cannot be fine-tuned: the spec's own facts decide everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jsft_tui.core.catalog.cards import Facets
from jsft_tui.core.customization.recipes.choice import methods_of
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.checks import checks_for
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.core.sizing.model_card import RunsOn, card_notes
from jsft_tui.tui.screens.models.detail import KnownModel, model_detail
from jsft_tui.tui.screens.models.rows import note
from jsft_tui.tui.widgets.text.detail_view import Shape
from tests.common.shared_data import PLACE
from tests.core.customization.specs import customization_run, recipe_model
from tests.core.preflight.examples import inputs

PACKAGE = Path(__file__).resolve().parents[4] / "jsft_tui"
UNTRUE = re.compile(r'cannot be fine-tuned|not fine-tunable|"as is"|can not be trained', re.IGNORECASE)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("region", ["us-west-2", "eu-west-3"])
def test_a_model_with_recipes_only_is_never_said_to_be_untrainable(shape: Shape, region: str) -> None:
    spec = recipe_model()
    known = KnownModel(spec, RunsOn((), None, {}), (), "", is_sandbox=False, key="enter", region=region)
    told = model_detail(known, shape)
    texts = [each.text for part in told.sections for each in part.lines]
    assert not UNTRUE.search(" ".join([*texts, note(spec.card).text, card_notes(spec.card)]))
    assert note(spec.card).text == "recipes"
    assert Facets(fine_tunable=True).fit(spec.card)
    assert methods_of(spec)
    if region == "eu-west-3":
        assert any(re.search("not (offered )?in eu-west-3", text) for text in texts)


def test_a_run_without_a_recipe_is_told_of_the_recipes() -> None:
    run = customization_run(customization=None, instance=InstanceChoice("ml.g5.2xlarge"))
    plan = Plan(run, recipe_model(), PLACE)
    said = [found.message for check in checks_for(plan) for found in check.run(plan, inputs())]
    assert any("fine-tuned by recipes" in text for text in said)
    assert not any(UNTRUE.search(text) for text in said)


def test_every_text_that_says_so_stands_where_neither_script_nor_recipe_is() -> None:
    """The few places that say it, each behind a condition that recipes make false."""
    places = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "sandbox/seed" not in path.as_posix() and UNTRUE.search(path.read_text(encoding="utf-8"))
    }
    assert places == {
        "cli/commands/catalog/models.py",  # --all: also those
        "core/preflight/checks/model/state.py",  # not spec.fine_tunable
        "core/sizing/model_card.py",  # not card.fine_tunable
        "services/customization/first_run.py",  # no recipe either
        "tui/keymap/screens/models.py",  # all models
        "tui/screens/models/detail.py",  # not spec.fine_tunable
        "tui/screens/models/facets.py",  # all models
        "tui/screens/models/rows.py",  # not card.fine_tunable
        "tui/screens/models/screen.py",  # all models
    }
