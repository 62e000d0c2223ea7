"""What a model's card says."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.sizing.model_card import card_facts, card_notes
from tests.core.specs import model_spec

QUOTA = "{} for training job usage"


def test_the_card_says_what_the_model_wants_and_where_it_runs() -> None:
    quotas = {"ml.g5.12xlarge for training job usage": 1.0, "ml.g5.2xlarge for training job usage": 0.0}
    facts = {fact.label: fact.text for fact in card_facts(model_spec(), quotas, QUOTA)}

    assert "folder" in facts["Data"]
    assert facts["Default"] == "dataset flowers"
    assert facts["Batch"] == "batch_size 32: global, across the GPUs (documented)"
    assert facts["Runs on"] == "g5 p3 m5 (quota: g5.12xlarge)"
    assert facts["Tunes"] == "3 hyperparameters"


def test_without_any_quota_it_says_so_and_unknown_quotas_say_nothing() -> None:
    runs_on = {fact.label: fact.text for fact in card_facts(model_spec(), {}, QUOTA)}["Runs on"]
    unknown = {fact.label: fact.text for fact in card_facts(model_spec(), None, QUOTA)}["Runs on"]

    assert runs_on == "g5 p3 m5 (no quota for any)"
    assert unknown == "g5 p3 m5"


def test_what_sets_a_model_apart_is_named() -> None:
    spec = model_spec(hosting_eula_key="eula.txt", deprecated=True, deprecated_message="Use the next one.")
    labels = [fact.label for fact in card_facts(spec, None, QUOTA)]

    assert "License" in labels
    assert "Note" in labels
    assert card_notes(spec.card) == "gated, deprecated"
    assert card_notes(replace(model_spec().card, fine_tunable=False)) == "not fine-tunable"
