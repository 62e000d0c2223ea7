"""What a batch size means for each family, and how it follows the GPUs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.hyperparameters.batch import BatchPlan, BatchRule, batch_given, batch_rule, plan_batch
from jsft_tui.core.instances.types import instance_types
from tests.common.shared_data import needs_shared_data, spec
from tests.core.catalog.specs import hyperparameter, model_spec


def spec_with(model_id: str, **defaults: Any) -> ModelSpec:
    """A spec with batch hyperparameters of these defaults and a maximum of 1024."""
    declared = [hyperparameter(name.replace("__", "-"), default, min=1, max=1024) for name, default in defaults.items()]
    return model_spec(model_id, hyperparameters=declared)


def rule_of(model_id: str, **defaults: Any) -> BatchRule:
    rule = batch_rule(spec_with(model_id, **defaults))
    assert rule is not None
    return rule


def plan(rule: BatchRule, instance: str, count: int = 1, apply_suggestion: bool = False, **values: str) -> BatchPlan:
    return plan_batch(rule, instance_types()[instance], count, values, apply_suggestion=apply_suggestion)


VISION = rule_of("tensorflow-ic-lite", batch_size=32)
LLM = rule_of("meta-textgeneration-llama-2-7b", per_device_train_batch_size=4)
UNDOCUMENTED = rule_of("pytorch-ic-mobilenet-v2", batch_size=4)


@pytest.mark.parametrize(
    ("model_id", "defaults", "parameter", "meaning", "base"),
    [
        ("tensorflow-ic-lite", {"batch_size": 32}, "batch_size", BatchMeaning.GLOBAL, 32),
        ("tensorflow-tc-bert", {"batch_size": 32}, "batch_size", BatchMeaning.GLOBAL, 32),
        ("tensorflow-od1-ssd", {"batch_size": 3}, "batch_size", BatchMeaning.UNKNOWN, 3),
        ("tensorflow-spc-bert", {"batch_size": 8}, "batch_size", BatchMeaning.UNKNOWN, 8),
        ("pytorch-ic-mobilenet-v2", {"batch_size": 4}, "batch_size", BatchMeaning.UNKNOWN, 4),
        ("pytorch-od1-fasterrcnn", {"batch__size": 4}, "batch-size", BatchMeaning.UNKNOWN, 4),
        ("mxnet-od-ssd-512", {"batch__size": 2}, "batch-size", BatchMeaning.UNKNOWN, 2),
        ("mxnet-semseg-fcn", {"batch__size": 2}, "batch-size", BatchMeaning.UNKNOWN, 2),
        ("huggingface-spc-bert", {"batch__size": 8}, "batch-size", BatchMeaning.UNKNOWN, 8),
        ("huggingface-eqa-bert", {"batch__size": 4}, "batch-size", BatchMeaning.UNKNOWN, 4),
        ("huggingface-tc-bert", {"batch_size": 4}, "batch_size", BatchMeaning.UNKNOWN, 4),
        ("huggingface-text2text-flan", {"batch_size": 64}, "batch_size", BatchMeaning.UNKNOWN, 64),
        (
            "meta-textgeneration-llama-2-7b",
            {"per_device_train_batch_size": 4, "per_device_eval_batch_size": 1},
            "per_device_train_batch_size",
            BatchMeaning.PER_DEVICE,
            4,
        ),
        (
            "meta-textgenerationneuron-llama-2-7b",
            {"per_device_train_batch_size": 1, "global_train_batch_size": 256},
            "global_train_batch_size",
            BatchMeaning.FIXED,
            256,
        ),
        ("model-txt2img-stable-diffusion", {"batch_size": 1}, "batch_size", BatchMeaning.FIXED, 1),
        ("pytorch-tabtransformerclassification-model", {"batch_size": 256}, "batch_size", BatchMeaning.FIXED, 256),
        ("pytorch-tabtransformerregression-model", {"batch_size": 256}, "batch_size", BatchMeaning.FIXED, 256),
    ],
)
def test_each_family_has_its_own_meaning_of_the_batch(
    model_id: str, defaults: dict[str, int], parameter: str, meaning: BatchMeaning, base: int
) -> None:
    rule = rule_of(model_id, **defaults)
    assert (rule.parameter, rule.meaning, rule.base) == (parameter, meaning, base)


@pytest.mark.parametrize(
    "model_id", ["lightgbm-classification-model", "catboost-regression-model", "sklearn-classification-linear"]
)
def test_tree_and_linear_models_have_no_batch(model_id: str) -> None:
    assert batch_rule(spec_with(model_id, num_boost_round=100)) is None


@needs_shared_data
@pytest.mark.parametrize(
    ("model_id", "parameter", "meaning"),
    [
        ("tensorflow-ic-bit-m-r101x1-ilsvrc2012-classification-1", "batch_size", BatchMeaning.GLOBAL),
        ("pytorch-ic-mobilenet-v2", "batch_size", BatchMeaning.UNKNOWN),
        ("huggingface-text2text-flan-t5-base", "batch_size", BatchMeaning.UNKNOWN),
        ("huggingface-llm-gemma-2b-instruct", "per_device_train_batch_size", BatchMeaning.PER_DEVICE),
        ("meta-textgeneration-llama-3-1-70b", "per_device_train_batch_size", BatchMeaning.PER_DEVICE),
    ],
)
def test_real_specs_have_the_meaning_of_their_family(model_id: str, parameter: str, meaning: BatchMeaning) -> None:
    rule = batch_rule(spec(model_id))
    assert rule is not None
    assert (rule.parameter, rule.meaning) == (parameter, meaning)


@pytest.mark.parametrize(
    ("instance", "value"),
    [
        ("ml.p3.2xlarge", 32),
        ("ml.p3.8xlarge", 128),
        ("ml.g5.12xlarge", 128),
        ("ml.p3.16xlarge", 256),
        ("ml.g5.48xlarge", 256),
        ("ml.p2.16xlarge", 512),
        ("ml.g5.16xlarge", 32),
        ("ml.g7.12xlarge", 64),
        ("ml.m5.xlarge", 32),
        ("ml.trn1.32xlarge", 32),
    ],
)
def test_a_global_batch_is_the_base_times_the_gpus(instance: str, value: int) -> None:
    """4 GPUs 128, then 8 GPUs 256 and not 1024: always from the base."""
    assert plan(VISION, instance).value == value


def test_the_scaling_is_shown() -> None:
    assert plan(VISION, "ml.p3.8xlarge").explanation == "32 per GPU × 4 GPUs = 128"
    assert plan(VISION, "ml.p3.2xlarge").explanation == "32 per GPU × 1 GPU = 32"
    assert plan(VISION, "ml.m5.xlarge").explanation == "32 on the CPU"


def test_more_instances_do_not_multiply_a_global_batch() -> None:
    assert plan(VISION, "ml.p3.8xlarge", count=4).value == 128
    assert plan(VISION, "ml.p3.8xlarge", count=4).effective == 128


def test_a_scaled_batch_is_cut_to_the_maximum_and_says_so() -> None:
    found = plan(rule_of("tensorflow-ic-lite", batch_size=300), "ml.p3.8xlarge")
    assert (found.value, found.clamped) == (1024, True)
    assert "maximum 1024" in found.explanation


def test_a_value_that_was_typed_is_never_scaled() -> None:
    found = plan(VISION, "ml.p3.8xlarge", batch_size="100")
    assert (found.value, found.held, found.clamped, found.effective) == (100, True, False, 100)
    assert found.explanation == "100, as typed"


@pytest.mark.parametrize("word", ["auto", "scaled", "", "many", "1.5"])
def test_a_batch_that_is_no_number_is_not_held(word: str) -> None:
    assert not plan(VISION, "ml.p3.8xlarge", batch_size=word).held


@pytest.mark.parametrize("instance", ["ml.g5.2xlarge", "ml.g5.12xlarge", "ml.g5.48xlarge", "ml.m5.xlarge"])
def test_a_batch_per_device_is_never_multiplied(instance: str) -> None:
    assert plan(LLM, instance).value == 4
    assert plan(LLM, instance, apply_suggestion=True).value == 4
    assert plan(LLM, instance).suggested is None


def test_the_effective_batch_counts_devices_instances_and_accumulation() -> None:
    found = plan(LLM, "ml.g5.12xlarge", count=2, gradient_accumulation_steps="8")
    assert (found.value, found.effective) == (4, 4 * 4 * 2 * 8)
    assert found.explanation == "4 per device, effective batch 256"


def test_the_effective_batch_counts_the_accumulation_that_the_model_has_by_default() -> None:
    rule = rule_of("huggingface-llm-gemma-2b-instruct", per_device_train_batch_size=1, gradient_accumulation_steps=4)
    assert plan(rule, "ml.g5.12xlarge").effective == 1 * 4 * 4
    assert plan(rule, "ml.g5.12xlarge", gradient_accumulation_steps="2").effective == 1 * 4 * 2


def test_a_typed_batch_per_device_shows_its_effective_batch() -> None:
    assert plan(LLM, "ml.g5.12xlarge", per_device_train_batch_size="2").explanation == "2, as typed; effective batch 8"


def test_neuron_devices_count_as_devices() -> None:
    assert plan(LLM, "ml.trn1.32xlarge").effective == 4 * 16


def test_a_batch_that_already_counts_all_devices_is_left_alone() -> None:
    rule = rule_of("meta-textgenerationneuron-llama", global_train_batch_size=256, per_device_train_batch_size=1)
    found = plan(rule, "ml.trn1.32xlarge", count=2, apply_suggestion=True)
    assert (found.value, found.effective, found.suggested) == (256, 256, None)


def test_an_undocumented_batch_is_scaled_on_request_only() -> None:
    left = plan(UNDOCUMENTED, "ml.g4dn.12xlarge")
    assert (left.value, left.suggested, left.effective) == (4, 16, None)
    assert "16 would be 4 × 4 GPUs" in left.explanation
    asked = plan(UNDOCUMENTED, "ml.g4dn.12xlarge", apply_suggestion=True)
    assert (asked.value, asked.suggested) == (16, None)
    assert "4 per GPU × 4 GPUs = 16" in asked.explanation


def test_an_undocumented_batch_that_is_scaled_is_cut_and_says_so() -> None:
    found = plan(rule_of("mxnet-semseg-fcn", batch__size=600), "ml.g4dn.12xlarge", apply_suggestion=True)
    assert (found.value, found.clamped) == (1024, True)
    assert "maximum 1024" in found.explanation


def test_an_undocumented_batch_has_no_suggestion_on_one_gpu_or_none() -> None:
    assert plan(UNDOCUMENTED, "ml.g5.2xlarge").suggested is None
    assert plan(UNDOCUMENTED, "ml.m5.xlarge").suggested is None


@pytest.mark.parametrize(("default", "base"), [("16", 16), (16.0, 16), (None, 32), ("auto", 32)])
def test_the_base_of_a_vision_model_is_its_own_default_or_thirty_two(default: Any, base: int) -> None:
    assert rule_of("tensorflow-ic-lite", batch_size=default).base == base


def test_the_base_of_a_text_model_without_a_default_is_sixty_four() -> None:
    assert rule_of("tensorflow-tc-bert", batch_size=None).base == 64


def test_the_base_per_device_without_a_default_is_one() -> None:
    """64 records on each GPU of a language model would end out of memory."""
    assert rule_of("meta-textgeneration-x", per_device_train_batch_size=None).base == 1


@given(st.sampled_from(sorted(instance_types())), st.sampled_from(sorted(instance_types())), st.integers(1, 8))
def test_the_way_to_an_instance_does_not_matter(first: str, second: str, count: int) -> None:
    """The batch is derived anew from the base, whatever was chosen before."""
    for rule in (VISION, LLM, UNDOCUMENTED):
        plan(rule, first, count)
        found = plan(rule, second, count)
        assert found == plan(rule, second, count)
        assert found.value <= 1024
        assert found.value in (rule.base, rule.base * instance_types()[second].gpus, 1024)


@pytest.mark.parametrize(
    ("rule", "given_values", "instance", "count", "says"),
    [
        (VISION, {"batch_size": "128"}, "ml.g4dn.12xlarge", 1, "32 per GPU × 4 GPUs = 128"),
        (VISION, {"batch_size": "130"}, "ml.g4dn.12xlarge", 1, "130"),
        (VISION, {"batch_size": "32"}, "ml.g4dn.xlarge", 1, "32"),
        (LLM, {"per_device_train_batch_size": "2"}, "ml.g5.12xlarge", 2, "2 per GPU × 8 GPUs = 16"),
        (LLM, {}, "ml.g5.2xlarge", 1, "4"),
        (UNDOCUMENTED, {"batch_size": "16"}, "ml.g4dn.12xlarge", 1, "16"),
    ],
)
def test_the_batch_of_a_job_is_told_as_it_is_spread(
    rule: BatchRule, given_values: dict[str, str], instance: str, count: int, says: str
) -> None:
    assert batch_given(rule, given_values, instance_types()[instance], count) == says
