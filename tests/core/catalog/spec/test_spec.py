"""JumpStart's catalog: reading specs, choosing versions, searching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from jsft_tui.core.catalog.cards import ModelCard, search
from jsft_tui.core.catalog.spec.hyperparameter import Scope
from jsft_tui.core.catalog.spec.spec import ManifestEntry, ModelSpec, newest, select, version_key
from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.core.common.errors import Problem, ProblemKind
from tests.common.effort import at_most
from tests.common.shared_data import load, needs_shared_data, spec, spec_files
from tests.core.catalog.specs import model_spec


def entry(model_id: str, version: str) -> ManifestEntry:
    return ManifestEntry(model_id, version, f"community_models/{model_id}/specs_v{version}.json")


def card(model_id: str) -> ModelCard:
    framework, task = framework_and_task(model_id)
    return ModelCard(model_id, "1.0.0", task, framework, True, False, False, False, None)


ENTRIES = [
    *(entry("tensorflow-ic-lite", version) for version in ("1.0.0", "2.0.9", "2.0.10", "2.0.2", "3.0.0", "10.0.0")),
    entry("huggingface-spc-bert-base-cased", "1.2.3"),
    entry("huggingface-tc-bert-base-cased", "1.0.0"),
]


# -- specs


@needs_shared_data
@pytest.mark.parametrize("path", spec_files(), ids=lambda path: path.parent.name)
def test_a_real_spec_is_read(path: Path) -> None:
    data = json.loads(path.read_text())
    found = ModelSpec.parse(data)
    assert (found.model_id, found.version) == (data["model_id"], data["version"])
    assert found.training_supported == bool(data["training_supported"])
    assert len(found.hyperparameters) == len(data.get("hyperparameters") or ())
    assert found.instance_types == tuple(data.get("supported_training_instance_types") or ())
    assert found.card.default_instance_type == data.get("default_training_instance_type")
    if found.training_supported:
        assert found.task is not Task.OTHER
        assert found.script_key
        assert all(declared.scope is Scope.ALGORITHM for declared in found.algorithm_hyperparameters)


@needs_shared_data
@pytest.mark.parametrize("path", spec_files(), ids=lambda path: path.parent.name)
def test_a_spec_that_lacks_a_field_or_has_null_there_is_read_all_the_same(path: Path) -> None:
    data = json.loads(path.read_text())
    for name in set(data) - {"model_id", "version"}:
        ModelSpec.parse({key: value for key, value in data.items() if key != name}).card  # noqa: B018
        ModelSpec.parse({**data, name: None}).card  # noqa: B018


@needs_shared_data
def test_the_sdks_artificial_spec_with_every_field_is_read() -> None:
    found = ModelSpec.parse(load("sdk_test_base_spec.json"))
    assert found.model_id == "pytorch-ic-mobilenet-v2"
    assert found.hyperparameter("epochs") is not None
    assert found.metrics[0].name == "pytorch-ic:val-accuracy"


@needs_shared_data
def test_gated_models_are_known_by_their_license_or_bucket() -> None:
    gated = {path.parent.name for path in spec_files() if spec(path.parent.name).gated}
    assert {"meta-textgeneration-llama-3-1-70b", "huggingface-llm-gemma-2b-instruct"} <= gated
    assert not gated & {
        "pytorch-ic-mobilenet-v2",
        "lightgbm-classification-model",
        "huggingface-text2text-flan-t5-base",
    }


@needs_shared_data
def test_a_model_without_a_script_is_fine_tunable_by_its_recipes() -> None:
    found = spec("openai-reasoning-gpt-oss-20b")
    assert found.card.fine_tunable
    assert not found.card.has_script
    assert found.card.techniques == ("SFT", "DPO", "RLVR", "RLAIF")
    assert found.card.techniques_in("eu-west-3") == ()


def test_a_spec_of_nothing_but_its_name_has_the_sdks_defaults() -> None:
    found = ModelSpec.parse({"model_id": "a-tc-b", "version": "1.0.0", "future_field": {"x": 1}})
    assert found == ModelSpec("a-tc-b", "1.0.0")
    assert not found.training_supported
    assert not found.gated


@pytest.mark.parametrize("data", [{}, {"model_id": "x"}, {"version": "1.0.0"}, {"model_id": "", "version": "1.0.0"}])
def test_a_spec_without_a_name_or_a_version_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        ModelSpec.parse(data)
    assert caught.value.code == "BadModelSpec"


def test_a_metric_of_an_instance_type_replaces_the_models_own_of_that_name() -> None:
    variants = {"g5": {"properties": {"metrics": [{"Name": "loss", "Regex": "new"}]}}}
    metrics = [{"Name": "loss", "Regex": "old"}, {"Name": "accuracy", "Regex": "a"}]
    found = model_spec(metrics=metrics, training_instance_type_variants={"variants": variants})
    assert {m.name: m.regex for m in found.metrics_on("ml.g5.xlarge")} == {"accuracy": "a", "loss": "new"}
    assert {m.name: m.regex for m in found.metrics_on("ml.m5.xlarge")} == {"accuracy": "a", "loss": "old"}


def test_the_weights_of_an_instance_type_win_over_the_models_own() -> None:
    variants = {"trn1": {"properties": {"training_artifact_key": "neuron.tar.gz"}}}
    found = model_spec(training_artifact_key="all.tar.gz", training_instance_type_variants={"variants": variants})
    assert found.artifact_key("ml.trn1.2xlarge") == "neuron.tar.gz"
    assert found.artifact_key("ml.g5.xlarge") == "all.tar.gz"


@needs_shared_data
def test_the_exact_type_wins_over_its_family_for_the_image() -> None:
    found = spec("pytorch-ic-mobilenet-v2", "3.0.25")
    assert "cpu" in (found.variants.image_uri("ml.m5.xlarge", "us-west-2") or "")
    assert found.variants.image_uri("ml.m5.xlarge", "mars-north-1") is None
    assert found.variants.image_uri("nonsense", "us-west-2") is None


# -- manifest and versions


@needs_shared_data
def test_the_manifest_is_read() -> None:
    entries = [ManifestEntry.parse(row) for row in load("catalogue/models_manifest.json")]
    assert len(newest(entries)) == 14
    assert newest(entries)["pytorch-ic-mobilenet-v2"].version == "3.0.25"


def test_the_newest_version_is_the_highest_number_not_the_last_word() -> None:
    assert {model_id: found.version for model_id, found in newest(ENTRIES).items()} == {
        "huggingface-spc-bert-base-cased": "1.2.3",
        "huggingface-tc-bert-base-cased": "1.0.0",
        "tensorflow-ic-lite": "10.0.0",
    }


def test_the_newest_of_each_model_come_in_the_order_of_their_ids() -> None:
    assert list(newest(reversed(ENTRIES))) == sorted({found.model_id for found in ENTRIES})


@pytest.mark.parametrize(
    ("asked", "given_"),
    [("*", "10.0.0"), ("2.*", "2.0.10"), ("2.0.*", "2.0.10"), ("1.*", "1.0.0"), ("2.0.2", "2.0.2"), ("3.0.0", "3.0.0")],
)
def test_a_version_is_selected_by_its_pattern(asked: str, given_: str) -> None:
    assert select(ENTRIES, "tensorflow-ic-lite", asked).version == given_


@pytest.mark.parametrize("asked", ["4.*", "2.0", "2", "", "2.0.1.*", "two", "(", "2.0.[29]"])
def test_a_version_that_does_not_exist_names_those_that_do_newest_first(asked: str) -> None:
    with pytest.raises(Problem) as caught:
        select(ENTRIES, "tensorflow-ic-lite", asked)
    assert caught.value.code == "UnknownModelVersion"
    assert caught.value.remedy == "Known: 10.0.0, 3.0.0, 2.0.10, 2.0.9, 2.0.2, 1.0.0."


def test_a_model_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(Problem) as caught:
        select(ENTRIES, "huggingface-tc-bert-base-casd")
    assert caught.value.code == "UnknownModel"
    assert caught.value.kind is ProblemKind.USAGE
    assert "huggingface-tc-bert-base-cased" in caught.value.remedy


def test_a_model_that_is_like_none_suggests_a_search() -> None:
    with pytest.raises(Problem) as caught:
        select(ENTRIES, "zzz")
    assert "jsft models" in caught.value.remedy


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_of_any_versions_the_newest_is_selected(numbers: list[tuple[int, int, int]]) -> None:
    entries = [entry("m", ".".join(map(str, number))) for number in numbers]
    assert select(entries, "m").version == ".".join(map(str, max(numbers)))


@given(st.text(max_size=10))
def test_any_text_sorts_as_a_version(text: str) -> None:
    assert isinstance(version_key(text), Version)
    assert version_key("nonsense!") < version_key("0.0.1")


# -- search


@needs_shared_data
def test_searching_the_whole_table_finds_every_model_by_its_own_id_first() -> None:
    cards = [card(row["model_id"]) for row in load("models_table_2025-06-23.json")]
    assert len(cards) == 1079
    with at_most(5, "searching the table"):
        for found in cards[::40]:
            assert search(cards, found.model_id)[0] == found


@needs_shared_data
def test_a_search_holds_every_word_in_any_order() -> None:
    cards = [card(row["model_id"]) for row in load("models_table_2025-06-23.json")]
    found = search(cards, "BERT spc")
    assert found
    assert found == search(cards, "spc bert")
    assert all("bert" in item.model_id and item.task is Task.SENTENCE_PAIR for item in found)


def test_a_whole_part_of_an_id_comes_before_a_mere_piece() -> None:
    cards = [card("huggingface-tc-roberta-base"), card("tensorflow-tc-albert"), card("tensorflow-tc-bert-small")]
    assert search(cards, "bert")[0].model_id == "tensorflow-tc-bert-small"


def test_the_beginning_of_an_id_comes_before_a_mere_piece() -> None:
    cards = [card("a-tc-xmeta"), card("meta-textgeneration-llama-2-7b")]
    assert search(cards, "met")[0].model_id == "meta-textgeneration-llama-2-7b"


def test_models_are_found_by_the_words_of_their_task() -> None:
    cards = [card("pytorch-ic-a"), card("pytorch-od1-b")]
    assert [item.model_id for item in search(cards, "image classification")] == ["pytorch-ic-a"]


def test_a_task_narrows_the_search() -> None:
    cards = [card("pytorch-ic-a"), card("pytorch-od1-b")]
    assert [item.model_id for item in search(cards, "pytorch", Task.OBJECT_DETECTION)] == ["pytorch-od1-b"]


def test_an_empty_search_gives_all_by_id() -> None:
    assert [item.model_id for item in search([card("b-ic-b"), card("a-ic-a")])] == ["a-ic-a", "b-ic-b"]
    assert search([card("a-ic-a")], "nothing like it") == []


def test_ten_thousand_models_are_searched_between_two_key_presses() -> None:
    cards = [card(f"tensorflow-ic-model-{number}-classification-{number % 7}") for number in range(10_000)]
    with at_most(5, "searching ten thousand models"):
        assert len(search(cards, "ic model 99")) > 100
