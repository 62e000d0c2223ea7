"""What a model is known by, and what it runs on from what price."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.model_name import short_model_id
from jsft_tui.core.sizing.model_card import card_notes, runs_on, telling_first
from jsft_tui.core.sizing.pricing import Price
from tests.core.catalog.specs import model_spec

PRICES = {"ml.g5.2xlarge": Price(1.5, "price list"), "ml.g5.12xlarge": Price(7.0, "price list")}


def test_prices_are_those_of_the_types_with_quota() -> None:
    where = runs_on(model_spec(), {"ml.g5.12xlarge": 1.0, "ml.g5.2xlarge": 0.0}, PRICES)
    assert where.with_quota == ("ml.g5.12xlarge",)
    assert where.cheapest == {4: 7.0}


def test_without_any_quota_the_prices_are_those_of_all_types() -> None:
    where = runs_on(model_spec(), {}, PRICES)
    assert where.with_quota == ()
    assert where.cheapest == {1: 1.5, 4: 7.0}
    assert runs_on(model_spec(), None, None).with_quota is None


def test_what_sets_a_model_apart_is_named() -> None:
    spec = model_spec(hosting_eula_key="eula.txt", deprecated=True, deprecated_message="Use the next one.")
    assert card_notes(spec.card) == "gated, deprecated"
    assert card_notes(replace(model_spec().card, fine_tunable=False)) == "not fine-tunable"


def test_a_model_says_what_the_sandbox_does_with_it() -> None:
    here, elsewhere, aws = (model_spec(sandbox_runnable=runnable) for runnable in (True, False, None))

    assert [card_notes(spec.card) for spec in (here, elsewhere, aws)] == ["trains here", "to look at", ""]
    assert card_notes(replace(elsewhere.card, fine_tunable=False)) == "not fine-tunable"


def test_a_short_id_says_more_than_model() -> None:
    assert short_model_id("pytorch-tabtransformerclassification-model") == "tabtransformerclassification-model"


def test_hyperparameters_that_people_know_come_first() -> None:
    assert telling_first(["dropout_rate", "batch_size", "epochs"]) == ["epochs", "batch_size", "dropout_rate"]
