from __future__ import annotations

import io
import json
import re
import tarfile
from typing import Any

import pytest

from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.sandbox.seed import QUOTAS, RECIPE_MODEL_IDS, RUNNABLE_MODEL_IDS
from jsft_tui.sandbox.seed.models import MODELS
from jsft_tui.sandbox.trainers.program import TRAINERS
from tests.sandbox.seed.seeded import REGION, content

PREFIXES_OF_FINE_TUNABLE_FAMILIES = (
    "tensorflow-ic-",
    "pytorch-ic-",
    "tensorflow-od1-",
    "mxnet-od-",
    "pytorch-od1-",
    "mxnet-semseg-",
    "tensorflow-tc-",
    "huggingface-tc-",
    "tensorflow-spc-",
    "huggingface-spc-",
    "huggingface-eqa-",
    "pytorch-eqa-",
    "huggingface-sentencesimilarity-",
    "huggingface-text2text-flan-t5-",
    "huggingface-llm-gemma-",
    "huggingface-llm-mistral-",
    "huggingface-llm-falcon-",
    "huggingface-textgeneration1-",
    "meta-textgeneration-llama-2-",
    "meta-textgeneration-llama-3-",
    "meta-textgenerationneuron-",
    "model-txt2img-",
    "lightgbm-classification-",
    "lightgbm-regression-",
    "catboost-classification-",
    "catboost-regression-",
    "xgboost-classification-",
    "xgboost-regression-",
    "sklearn-classification-",
    "sklearn-regression-",
    "pytorch-tabtransformerclassification-",
    "pytorch-tabtransformerregression-",
    "autogluon-classification-",
    "autogluon-regression-",
)


def manifest() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(content()["models_manifest.json"])
    return entries


def specs() -> list[dict[str, Any]]:
    return [json.loads(content()[entry["spec_key"]]) for entry in manifest()]


def trainable() -> list[dict[str, Any]]:
    return [spec for spec in specs() if spec["training_supported"]]


def newest(model_id: str) -> dict[str, Any]:
    entry = next(entry for entry in manifest() if entry["model_id"] == model_id)
    document: dict[str, Any] = json.loads(content()[entry["spec_key"]])
    return document


def family_of(instance: str) -> str:
    return instance.split(".")[1]


def test_the_manifest_has_one_entry_for_each_version_of_each_model() -> None:
    versions = [(entry["model_id"], entry["version"]) for entry in manifest()]
    assert len(versions) == len(set(versions))
    assert len({model_id for model_id, _ in versions}) >= 60
    assert sum(1 for model_id, _ in versions if model_id == "pytorch-ic-mobilenet-v2") == 2


def test_each_manifest_entry_points_to_the_spec_it_names() -> None:
    for entry in manifest():
        spec = json.loads(content()[entry["spec_key"]])
        assert entry["spec_key"] == f"community_models/{entry['model_id']}/specs_v{entry['version']}.json"
        assert (spec["model_id"], spec["version"]) == (entry["model_id"], entry["version"])
        assert spec["min_sdk_version"] == entry["min_version"]
        assert spec["deprecated"] == entry["deprecated"]


def test_there_is_no_spec_that_the_manifest_does_not_name() -> None:
    seeded = {key for key in content() if key.startswith("community_models/")}
    assert seeded == {entry["spec_key"] for entry in manifest()}


def test_the_proprietary_manifest_is_empty() -> None:
    assert json.loads(content()["proprietary-sdk-manifest.json"]) == []


def test_all_families_that_can_be_fine_tuned_are_there() -> None:
    ids = {spec["model_id"] for spec in trainable()}
    assert len(ids) >= 45
    for prefix in PREFIXES_OF_FINE_TUNABLE_FAMILIES:
        assert any(model_id.startswith(prefix) for model_id in ids), prefix


def test_at_least_fifteen_models_cannot_be_fine_tuned() -> None:
    assert len([spec for spec in specs() if not spec["training_supported"]]) >= 15


def test_two_models_are_deprecated_and_one_has_a_vulnerable_training_script() -> None:
    assert len({spec["model_id"] for spec in specs() if spec["deprecated"]}) == 2
    vulnerable = [spec for spec in specs() if spec["training_vulnerable"]]
    assert len(vulnerable) == 1
    assert vulnerable[0]["training_vulnerabilities"]


@pytest.mark.parametrize("spec", trainable(), ids=lambda spec: f"{spec['model_id']}-{spec['version']}")
def test_a_trainable_spec_is_whole(spec: dict[str, Any]) -> None:
    supported = spec["supported_training_instance_types"]
    variants = spec["training_instance_type_variants"]
    assert spec["default_training_instance_type"] in supported
    for instance in supported:
        assert f"{instance} for training job usage" in QUOTAS
        alias = variants["variants"][family_of(instance)]["regional_properties"]["image_uri"]
        for region in (REGION, "us-west-2", "us-east-1", "eu-central-1"):
            image = variants["regional_aliases"][region][alias.removeprefix("$")]
            assert re.fullmatch(rf"\d{{12}}\.dkr\.ecr\.{region}\.amazonaws\.com/[a-z-]+:[\w.-]+", image)
    names = [parameter["name"] for parameter in spec["hyperparameters"]]
    assert len(names) == len(set(names))
    assert [entry["name"] for entry in spec["hyperparameters"] if entry["scope"] == "container"] == [
        "sagemaker_submit_directory",
        "sagemaker_program",
        "sagemaker_container_log_level",
    ]
    for metric in spec["metrics"]:
        assert re.compile(metric["Regex"]).groups == 1
    assert 0 < len(spec["resource_name_base"]) <= 39


@pytest.mark.parametrize("spec", trainable(), ids=lambda spec: f"{spec['model_id']}-{spec['version']}")
def test_every_default_lies_within_its_own_bounds(spec: dict[str, Any]) -> None:
    types: dict[str, type | tuple[type, ...]] = {"int": int, "float": (int, float), "text": str}
    for parameter in spec["hyperparameters"]:
        default = parameter["default"]
        assert isinstance(default, types[parameter["type"]]), parameter
        if "options" in parameter:
            assert default in parameter["options"], parameter
        if "min" in parameter:
            assert default >= parameter["min"], parameter
        if "max" in parameter:
            assert default <= parameter["max"], parameter


@pytest.mark.parametrize("spec", trainable(), ids=lambda spec: f"{spec['model_id']}-{spec['version']}")
def test_the_default_dataset_of_a_spec_is_seeded_with_a_readme_beside_it(spec: dict[str, Any]) -> None:
    prefix = spec["default_training_dataset_key"]
    assert prefix.startswith("training-datasets/sandbox_")
    assert prefix.endswith("/")
    assert any(key.startswith(prefix) for key in content())
    assert content()[f"{prefix.rstrip('/')}.README.txt"]
    assert not [key for key in content() if key.startswith(prefix) and "README" in key]


def test_a_gated_spec_has_a_license_and_weights_for_each_supported_family_but_no_other() -> None:
    gated = [spec for spec in trainable() if spec.get("gated_bucket")]
    assert len(gated) >= 8
    for spec in gated:
        assert b"SANDBOX PLACEHOLDER" in content()[spec["hosting_eula_key"]]
        variants = spec["training_instance_type_variants"]["variants"]
        with_weights = {family for family, variant in variants.items() if "properties" in variant}
        assert {family_of(instance) for instance in spec["supported_training_instance_types"]} <= with_weights
        if "g5" in variants:
            assert "p5" in variants.keys() - with_weights
        for family in with_weights:
            key = variants[family]["properties"]["gated_model_key_env_var_value"]
            assert family in key
            assert spec["model_id"] in key


def test_a_spec_that_is_not_gated_has_neither_license_nor_gated_weights() -> None:
    for spec in trainable():
        if not spec.get("gated_bucket"):
            assert "hosting_eula_key" not in spec
            variants = spec["training_instance_type_variants"]["variants"].values()
            assert not any("properties" in variant for variant in variants)


COMMON_TASKS = {
    Task.IMAGE_CLASSIFICATION,
    Task.TEXT_CLASSIFICATION,
    Task.SENTENCE_PAIR,
    Task.QUESTION_ANSWERING,
    Task.SENTENCE_SIMILARITY,
    Task.TABULAR_CLASSIFICATION,
    Task.TABULAR_REGRESSION,
    Task.TEXT_GENERATION,
}


def trainer_of(model_id: str) -> str:
    """Return the trainer that a runnable model's script starts."""
    with tarfile.open(fileobj=io.BytesIO(content()[newest(model_id)["training_script_key"]]), mode="r:gz") as tar:
        script = tar.extractfile("transfer_learning.py")
        assert script is not None
        found = re.fullmatch(
            r'from jsft_tui\.sandbox\.trainers\.program import main\n\nmain\("([a-z-]+)"\)\n', script.read().decode()
        )
    assert found
    return found[1]


def test_each_common_task_has_a_model_that_the_sandbox_trains() -> None:
    runnable = {spec["model_id"] for spec in specs() if spec["sandbox_runnable"]}
    assert runnable == {*RUNNABLE_MODEL_IDS, *RECIPE_MODEL_IDS}
    assert {framework_and_task(model_id)[1] for model_id in RUNNABLE_MODEL_IDS} == COMMON_TASKS


def test_a_gated_and_an_open_language_model_are_trained() -> None:
    models = [
        model for model in MODELS if model.runnable and framework_and_task(model.model_id)[1] is Task.TEXT_GENERATION
    ]
    assert {bool(model.eula_key) for model in models} == {True, False}


def test_each_trainer_has_one_model() -> None:
    assert sorted(trainer_of(model_id) for model_id in RUNNABLE_MODEL_IDS) == sorted(TRAINERS)


@pytest.mark.parametrize("model_id", RUNNABLE_MODEL_IDS)
def test_a_runnable_spec_offers_exactly_what_its_trainer_declares(model_id: str) -> None:
    declarations = TRAINERS[trainer_of(model_id)].hyperparameters
    offered = [entry for entry in newest(model_id)["hyperparameters"] if entry["scope"] == "algorithm"]
    assert [
        (
            entry["name"],
            entry["type"],
            entry["default"],
            entry.get("min"),
            entry.get("max"),
            tuple(entry.get("options", ())),
        )
        for entry in offered
    ] == [(one.name, one.type, one.default, one.min, one.max, one.options) for one in declarations]


@pytest.mark.parametrize("model_id", RUNNABLE_MODEL_IDS)
def test_a_runnable_model_s_script_and_artifact_are_seeded(model_id: str) -> None:
    spec = newest(model_id)
    assert content()[spec["training_script_key"]] == content()[spec["training_prepacked_script_key"]]
    with tarfile.open(fileobj=io.BytesIO(content()[spec["training_artifact_key"]]), mode="r:gz") as tar:
        assert tar.getnames() == ["README.txt"]


def test_no_other_model_shares_a_runnable_model_s_script() -> None:
    runnable = {model.family.scripts.plain for model in MODELS if model.runnable}
    others = {model.family.scripts.plain for model in MODELS if not model.runnable}
    assert len(runnable) == len(RUNNABLE_MODEL_IDS)
    assert not runnable & others


@pytest.mark.parametrize("model_id", RUNNABLE_MODEL_IDS)
def test_a_runnable_model_s_default_instance_can_be_had(model_id: str) -> None:
    default = newest(model_id)["default_training_instance_type"]
    assert QUOTAS[f"{default} for training job usage"] > 0


def test_the_image_model_can_be_tried_on_one_four_and_eight_gpus() -> None:
    supported = newest("tensorflow-ic-efficientnet-lite0-classification-2")["supported_training_instance_types"]
    assert {
        "ml.g4dn.xlarge",
        "ml.g4dn.12xlarge",
        "ml.g5.xlarge",
        "ml.g5.12xlarge",
        "ml.g5.48xlarge",
        "ml.p3.2xlarge",
        "ml.p3.8xlarge",
        "ml.p3.16xlarge",
        "ml.m5.xlarge",
    } <= set(supported)


def test_names_that_aws_misspells_are_not_corrected() -> None:
    names = {parameter["name"] for spec in trainable() for parameter in spec["hyperparameters"]}
    assert {"evalaution_strategy", "layer_norm_epilson"} <= names
