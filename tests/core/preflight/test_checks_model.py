"""Preflight of the model: hyperparameters, license, state, and whether the sandbox can train it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.run.run import AUTO, SCALED, ModelChoice
from tests.common.shared_data import PLACE
from tests.core.catalog.specs import hyperparameter, model_spec, training_run
from tests.core.preflight.examples import assert_says, chosen, findings, level, plan

# -- hyperparameters


def test_all_wrong_values_block_at_once() -> None:
    values = {"epochs": "-5", "learning_rate": "fast", "batch_sise": "32"}
    found = findings("hyperparameters", plan(hyperparameters=values))
    assert [finding.level for finding in found] == [Level.BLOCK] * 3
    assert "Did you mean batch_size?" in found[2].message


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_not_finite_blocks(value: str) -> None:
    model = model_spec(hyperparameters=[hyperparameter("learning_rate", 0.001, "float")])
    assert_says(
        "hyperparameters", Level.BLOCK, "finite", planned=plan(model=model, hyperparameters={"learning_rate": value})
    )


def test_the_scaled_batch_is_explained() -> None:
    planned = plan(instance=chosen("ml.g5.12xlarge"), hyperparameters={"batch_size": AUTO})
    assert_says("hyperparameters", Level.PASS, "batch_size 32 per GPU × 4 GPUs = 128", planned=planned)


def test_an_undocumented_batch_is_scaled_only_when_that_is_asked_for() -> None:
    model = model_spec("pytorch-ic-mobilenet", hyperparameters=[hyperparameter("batch_size", 4)])
    four = chosen("ml.g5.12xlarge")
    left = plan(model=model, instance=four, hyperparameters={"batch_size": AUTO})
    asked = plan(model=model, instance=four, hyperparameters={"batch_size": SCALED})
    assert_says("hyperparameters", Level.PASS, "batch_size 4, meaning not documented", planned=left)
    assert_says("hyperparameters", Level.PASS, "4 per GPU × 4 GPUs = 16", planned=asked)


def test_a_batch_that_does_not_divide_over_the_gpus_warns() -> None:
    planned = plan(instance=chosen("ml.g5.12xlarge"), hyperparameters={"batch_size": "30"})
    assert_says("hyperparameters", Level.WARN, "does not divide evenly over 4 GPUs", planned=planned)


def test_an_automatic_batch_on_a_type_that_is_not_known_blocks_in_words() -> None:
    model = model_spec(supported_training_instance_types=["ml.zz9.48xlarge"])
    planned = plan(model=model, instance=chosen("ml.zz9.48xlarge"), hyperparameters={"batch_size": AUTO})
    assert_says("hyperparameters", Level.BLOCK, "batch_size auto", "ml.zz9.48xlarge", "number", planned=planned)


@pytest.mark.parametrize(
    ("int8", "fsdp", "expected"),
    [
        ("True", "False", Level.PASS),
        ("False", "True", Level.PASS),
        ("True", "True", Level.BLOCK),
        ("False", "False", Level.BLOCK),
    ],
)
def test_exactly_one_of_int8_and_fsdp_must_be_chosen(int8: str, fsdp: str, expected: Level) -> None:
    declared = [
        hyperparameter(name, "False", "text", options=["True", "False"])
        for name in ("int8_quantization", "enable_fsdp")
    ]
    model = model_spec("meta-textgeneration-llama", hyperparameters=declared)
    values = {"int8_quantization": int8, "enable_fsdp": fsdp}
    assert level("hyperparameters", plan(model=model, hyperparameters=values)) is expected


def test_instructions_and_chat_together_block() -> None:
    declared = [
        hyperparameter(name, "False", "text", options=["True", "False"])
        for name in ("instruction_tuned", "chat_dataset")
    ]
    model = model_spec("meta-textgeneration-llama", hyperparameters=declared)
    both = {"instruction_tuned": "True", "chat_dataset": "True"}
    assert level("hyperparameters", plan(model=model, hyperparameters=both)) is Level.BLOCK
    assert level("hyperparameters", plan(model=model, hyperparameters={"chat_dataset": "True"})) is Level.PASS


# -- license


def test_a_gated_model_blocks_until_its_license_is_accepted() -> None:
    model = model_spec(gated_bucket=True, hosting_eula_key="fmhMetadata/eula/x.txt")
    assert_says("eula", Level.BLOCK, "fmhMetadata/eula/x.txt", "accept_eula: true", planned=plan(model=model))
    assert level("eula", plan(model=model, accept_eula=True)) is Level.PASS
    assert level("eula", plan()) is Level.PASS


# -- the model


def test_a_model_that_cannot_be_fine_tuned_blocks() -> None:
    assert_says(
        "model_state", Level.BLOCK, "cannot be fine-tuned", planned=plan(model=model_spec(training_supported=False))
    )


def test_a_deprecated_or_vulnerable_model_warns_with_the_reason() -> None:
    old = model_spec(deprecated=True, deprecated_message="Use another.")
    assert_says("model_state", Level.WARN, "deprecated. Use another.", planned=plan(model=old))
    weak = model_spec(training_vulnerable=True, training_vulnerabilities=["CVE-2024-1", "CVE-2024-2"])
    assert_says("model_state", Level.WARN, "CVE-2024-1, CVE-2024-2.", planned=plan(model=weak))
    assert_says(
        "model_state", Level.WARN, "known vulnerabilities.", planned=plan(model=model_spec(training_vulnerable=True))
    )


def test_going_on_from_a_former_job_needs_a_model_that_can() -> None:
    former = ModelChoice("tensorflow-ic-lite", artifact="s3://my-output/old/output/model.tar.gz")
    able = model_spec(incremental_training_supported=True)
    assert level("model_state", plan(model=able, **{})) is Level.PASS
    with_artifact = Plan(training_run(model=former), able, PLACE)
    assert level("model_state", with_artifact) is Level.PASS
    assert_says(
        "model_state", Level.BLOCK, "incremental", planned=Plan(training_run(model=former), model_spec(), PLACE)
    )
    nowhere = training_run(model=replace(former, artifact="old/model.tar.gz"))
    assert level("model_state", Plan(nowhere, able, PLACE)) is Level.BLOCK


# -- the sandbox


@pytest.mark.parametrize(
    ("sandbox", "runnable", "expected"),
    [
        (False, None, Level.PASS),
        (False, False, Level.PASS),
        (True, True, Level.PASS),
        (True, False, Level.BLOCK),
        (True, None, Level.WARN),
    ],
)
def test_the_sandbox_trains_only_what_it_can(sandbox: bool, runnable: bool | None, expected: Level) -> None:
    assert level("sandbox", plan(sandbox=sandbox, model=model_spec(sandbox_runnable=runnable))) is expected
