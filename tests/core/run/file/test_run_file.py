"""Run files: round trip, and literal reading of what people write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.run.file.run_file import dump_run, parse_run, run_document
from jsft_tui.core.run.run import AUTO, DEFAULT_MAX_RUNTIME, SCALED, InstanceChoice, KmsKeys, ModelChoice, Run, Vpc
from tests.core.run.examples import MINIMAL, NASTY, SCALARS, SECONDS, WORDS, parsed

RUNS = st.builds(
    Run,
    name=WORDS,
    model=st.builds(ModelChoice, WORDS, WORDS, st.none() | WORDS),
    instance=st.builds(
        InstanceChoice, WORDS, st.integers(1, 100), st.booleans(), SECONDS, st.none() | SECONDS, st.none() | SECONDS
    ),
    output=WORDS,
    data=st.dictionaries(WORDS, WORDS, max_size=3),
    hyperparameters=SCALARS,
    role=st.none() | WORDS,
    vpc=st.none() | st.builds(Vpc, st.lists(WORDS, max_size=3).map(tuple), st.lists(WORDS, max_size=3).map(tuple)),
    kms=st.builds(KmsKeys, st.none() | WORDS, st.none() | WORDS),
    tags=SCALARS,
    environment=SCALARS,
    encrypt_traffic=st.none() | st.booleans(),
    network_isolation=st.none() | st.booleans(),
    volume_gb=st.none() | st.integers(1, 10_000),
    checkpoint=st.none() | WORDS,
    max_cost_usd=st.none() | st.floats(0, 1e9),
    accept_eula=st.booleans(),
    customization=st.none()
    | st.builds(Customization, st.sampled_from(Technique), st.sampled_from(Adapter), *[st.just("") | WORDS] * 8),
)


def run_with(**changes: Any) -> Run:
    return replace(Run("flowers", ModelChoice("m"), InstanceChoice("ml.g5.2xlarge"), "s3://bucket"), **changes)


# -- what is written is read back


@settings(max_examples=40)
@given(RUNS)
def test_a_run_written_and_read_is_the_same(run: Run) -> None:
    assert parse_run(dump_run(run)) == run


@pytest.mark.parametrize("value", NASTY, ids=lambda text: repr(text[:20]))
def test_a_nasty_value_survives_in_hyperparameters_tags_and_environment(value: str) -> None:
    run = run_with(hyperparameters={"h": value}, tags={"t": value}, environment={"E": value})
    assert parse_run(dump_run(run)) == run


@pytest.mark.parametrize("name", NASTY, ids=lambda text: repr(text[:20]))
def test_a_nasty_name_survives_too(name: str) -> None:
    run = run_with(hyperparameters={name: "1"}, tags={name: "x"})
    assert parse_run(dump_run(run)) == run


@settings(max_examples=30)
@given(RUNS)
def test_a_written_run_is_plain_yaml_with_the_document_in_it(run: Run) -> None:
    assert list(yaml.safe_load(dump_run(run))) == list(run_document(run))


def test_numbers_are_written_without_quotes() -> None:
    text = dump_run(run_with(hyperparameters={"epochs": "5", "learning_rate": "0.001", "batch_size": AUTO}))
    assert "\n  epochs: 5\n" in text
    assert "\n  learning_rate: 0.001\n" in text
    assert "\n  batch_size: auto\n" in text


def test_the_times_are_written_as_people_write_them() -> None:
    text = dump_run(run_with(instance=InstanceChoice("ml.g5.2xlarge", spot=True, max_runtime=5400, max_wait=86_400)))
    assert "max_runtime: 1h30m" in text
    assert "max_wait: 1d" in text


# -- what people write


def test_what_is_left_out_has_its_default() -> None:
    run = parse_run(MINIMAL)
    assert run == Run("flowers", ModelChoice("tensorflow-ic-x"), InstanceChoice("ml.g5.2xlarge"), "s3://bucket")
    assert run.instance.max_runtime == DEFAULT_MAX_RUNTIME
    assert run.uses_default_data


def test_the_example_of_the_product_is_read() -> None:
    run = parse_run(
        """\
version: 1
name: flowers-lite0
model: {id: tensorflow-ic-efficientnet-lite0-classification-2, version: "*"}
data: {training: s3://bucket/flowers/}          # or: default
output: s3://bucket
instance: {type: ml.g5.2xlarge, count: 1, spot: false, max_runtime: 6h}
hyperparameters: {epochs: 5, batch_size: auto}
role: arn:aws:iam::123456789012:role/Train      # optional: vpc, kms, tags, environment, volume_gb, checkpoint
max_cost_usd: 20
accept_eula: false
"""
    )
    assert run.data == {"training": "s3://bucket/flowers/"}
    assert run.hyperparameters == {"epochs": "5", "batch_size": "auto"}
    assert run.instance.max_runtime == 21_600
    assert run.max_cost_usd == 20.0


def test_the_model_may_be_named_in_short() -> None:
    assert parse_run(MINIMAL.replace("{id: tensorflow-ic-x}", "tensorflow-ic-x")).model == ModelChoice(
        "tensorflow-ic-x"
    )


def test_the_default_data_is_asked_for_by_its_word_or_by_no_key_at_all() -> None:
    assert parsed(data="default").uses_default_data
    assert parse_run(MINIMAL).uses_default_data


@pytest.mark.parametrize("written", ["", "~", "{}"])
def test_a_key_without_data_is_an_error_and_not_the_default(written: str) -> None:
    with pytest.raises(Problem, match="data: default"):
        parsed(data=written)


def test_data_in_one_place_is_the_training_channel() -> None:
    assert parsed(data="s3://bucket/flowers/").data == {"training": "s3://bucket/flowers/"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", "5"),
        ("0.001", "0.001"),
        ("1e-4", "1e-4"),
        ("5e-05", "5e-05"),
        ("true", "True"),
        ("True", "True"),
        ("false", "False"),
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("null", "None"),
        ("None", "None"),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-11-23", "2026-11-23"),
        ("'5'", "5"),
        ("'true'", "true"),
        ('" spaced"', " spaced"),
        ('""', ""),
        ("q_proj,v_proj", "q_proj,v_proj"),
        ("scaled", SCALED),
    ],
)
def test_a_hyperparameter_is_taken_as_it_is_written(written: str, read: str) -> None:
    """`save_strategy: no` is an option of real models, and YAML 1.1 would make it False."""
    assert parsed(hyperparameters=f"\n  value: {written}").hyperparameters == {"value": read}


@pytest.mark.parametrize(
    ("written", "read"), [("true", "true"), ("1", "1"), ("", ""), ("'True'", "True"), ("off", "off")]
)
def test_a_tag_or_variable_is_taken_as_it_is_written(written: str, read: str) -> None:
    run = parsed(tags=f"{{Value: {written}}}", environment=f"{{VALUE: {written}}}")
    assert run.tags == {"Value": read}
    assert run.environment == {"VALUE": read}


@pytest.mark.parametrize(("written", "read"), [("2.0.4", "2.0.4"), ("'*'", "*"), ("2.*", "2.*"), ("3", "3")])
def test_a_version_is_taken_as_it_is_written(written: str, read: str) -> None:
    assert parse_run(MINIMAL.replace("x}", f"x, version: {written}}}")).model.version == read


# -- customizations


def test_a_customization_is_three_words_and_serverless_is_one() -> None:
    run = parsed(customization="{technique: sft}", instance="serverless")
    assert run.customization == Customization(Technique.SFT, Adapter.LORA)
    assert run.instance == InstanceChoice(SERVERLESS, max_runtime=SERVERLESS_RUNTIME)
    assert run_document(run)["instance"] == "serverless"
    assert run_document(run)["customization"] == {"technique": "SFT", "adapter": "LoRA"}


def test_a_serverless_time_limit_survives() -> None:
    run = parsed(customization="{technique: DPO, adapter: full}", instance="{type: serverless, max_runtime: 2h}")
    assert run.instance.max_runtime == 7200
    assert parse_run(dump_run(run)) == run


def test_an_instance_type_alone_is_enough() -> None:
    assert parsed(instance="ml.g5.2xlarge").instance == InstanceChoice("ml.g5.2xlarge")
