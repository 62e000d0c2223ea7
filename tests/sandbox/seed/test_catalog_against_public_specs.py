"""Compare the catalog with real specs and AWS's public table of models, where those are next to the checkout."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jsft_tui.sandbox.seed.deploy_only_models import DEPLOY_ONLY_MODELS
from jsft_tui.sandbox.seed.manifest import catalog_objects
from jsft_tui.sandbox.seed.models import MODELS
from tests.common.shared_data import load, needs_shared_data, spec_files

pytestmark = needs_shared_data

# Newer than the table, or no longer in it; both are from public specs.
NOT_IN_THE_TABLE = {
    "pytorch-ic-mobilenet-v2",
    "meta-textgeneration-llama-3-1-70b",
    "meta-textgenerationneuron-llama-2-7b",
}
SAME = (
    "training_supported",
    "incremental_training_supported",
    "metrics",
    "default_training_instance_type",
    "supported_training_instance_types",
    "estimator_kwargs",
    "training_volume_size",
    "training_enable_network_isolation",
    "validation_supported",
    "fine_tuning_supported",
    "training_script_key",
    "training_prepacked_script_key",
    "training_ecr_specs",
    "gated_bucket",
    "hosting_eula_key",
    "url",
)


def ours() -> dict[str, dict[str, Any]]:
    return {key: json.loads(body) for key, body in catalog_objects("us-west-2") if key.startswith("community_models/")}


def compared() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return (public spec, ours) per version, without the runnable models, which differ deliberately."""
    seeded = ours()
    pairs = []
    for path in spec_files():
        key = f"community_models/{path.parent.name}/{path.name}"
        if key in seeded and not seeded[key]["sandbox_runnable"]:
            pairs.append((json.loads(path.read_text(encoding="utf-8")), seeded[key]))
    return pairs


def parameters(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in spec["hyperparameters"]}


def test_several_versions_can_be_compared() -> None:
    assert len(compared()) >= 6


@pytest.mark.parametrize(("public", "seeded"), compared(), ids=lambda spec: f"{spec['model_id']}-{spec['version']}")
def test_a_seeded_spec_says_what_the_public_one_of_that_version_says(
    public: dict[str, Any], seeded: dict[str, Any]
) -> None:
    assert parameters(seeded) == parameters(public)
    assert {name: seeded.get(name) for name in SAME} == {name: public.get(name) for name in SAME}


def test_ids_versions_links_and_sdk_versions_are_those_of_the_public_table() -> None:
    table = {row["model_id"]: row for row in load("models_table_2025-06-23.json")}
    for model in MODELS:
        if model.model_id not in NOT_IN_THE_TABLE:
            row = table[model.model_id]
            assert row["fine_tunable"]
            assert (row["latest_version"], row["url"], row["min_sdk_version"]) == (
                model.version,
                model.url,
                model.min_sdk,
            )
    for other in DEPLOY_ONLY_MODELS:
        row = table[other.model_id]
        assert not row["fine_tunable"]
        assert (row["latest_version"], row["url"], row["min_sdk_version"]) == (
            other.version,
            other.url,
            other.min_sdk,
        )
