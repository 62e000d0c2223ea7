"""Changing the instance of a draft, and what is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.hyperparameters.values import batch_plan, with_hyperparameter
from jsft_tui.core.run.run import AUTO, InstanceChoice, Run
from jsft_tui.core.sizing import choice as instance_choice
from jsft_tui.core.sizing.choice import batch_change, parse_count, parse_volume_gb
from tests.core.catalog.specs import hyperparameter, model_spec, training_run

SPEC = model_spec()
FOUR, EIGHT = "ml.g5.12xlarge", "ml.g5.48xlarge"
LLM = model_spec("meta-textgeneration-llama-2-7b", hyperparameters=[hyperparameter("per_device_train_batch_size", 4)])


def draft(type_: str = FOUR, batch: str | None = AUTO, name: str = "batch_size") -> Run:
    return with_hyperparameter(training_run(instance=InstanceChoice(type_)), name, batch)


def value(run: Run) -> int:
    plan = batch_plan(run, SPEC)
    assert plan is not None
    return plan.value


def test_the_batch_is_made_anew_from_its_base_however_often_the_instance_changes() -> None:
    run, seen = draft(), []
    for type_ in [EIGHT, FOUR] * 4 + [EIGHT]:
        run = instance_choice.with_type(run, type_)
        seen.append(value(run))

    assert seen == [256, 128] * 4 + [256]
    assert run.hyperparameters["batch_size"] == AUTO


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (AUTO, "batch 128 -> 256"),
        ("100", "batch stays 100, as you typed it"),
        (None, "batch stays 32, the model's default"),
    ],
)
def test_what_another_instance_did_to_the_batch_is_said(batch: str | None, said: str) -> None:
    before = draft(batch=batch)
    after = instance_choice.with_type(before, EIGHT)

    assert batch_change(before, after, SPEC) == said
    assert after.hyperparameters == before.hyperparameters


def test_a_batch_per_device_stays_and_the_effective_one_grows() -> None:
    before = draft(batch=AUTO, name="per_device_train_batch_size")
    after = instance_choice.with_type(before, EIGHT)

    assert batch_change(before, after, LLM) == "batch 4 per device, effective 16 -> 32"
    assert batch_change(before, before, LLM) == "batch 4 per device, effective 16"


def test_nothing_is_said_where_there_is_no_batch_or_no_change() -> None:
    trees = model_spec(hyperparameters=[hyperparameter("iterations", 500)])

    assert batch_change(draft(), draft(EIGHT), trees) == ""
    assert batch_change(draft(), draft(), SPEC) == "batch 128"
    assert batch_change(draft(type_=""), draft(), SPEC) == "batch 128"
    assert batch_change(draft(), draft(), None) == ""


def test_spot_always_waits_at_least_as_long_as_it_runs() -> None:
    spot = instance_choice.with_spot(draft())
    longer = instance_choice.with_max_runtime(spot, 50_000)

    assert spot.instance.max_wait == spot.instance.max_runtime
    assert longer.instance.max_wait == 50_000
    assert instance_choice.with_max_runtime(longer, 60).instance.max_wait == 50_000
    back = instance_choice.on_demand(longer)
    assert (back.instance.spot, back.instance.max_wait) == (False, None)
    assert instance_choice.with_max_runtime(back, 60).instance.max_wait is None


def test_spot_instances_are_not_kept_warm() -> None:
    warm = instance_choice.with_keep_alive(draft(), 600)
    assert (warm.instance.keep_alive, instance_choice.with_spot(warm).instance.keep_alive) == (600, None)


@pytest.mark.parametrize(("text", "seconds"), [("10m", 600), ("6h", 21_600), ("", None), (" Off", None)])
def test_instances_are_kept_for_a_time_or_not_at_all(text: str, seconds: int | None) -> None:
    assert instance_choice.parse_keep_alive(text) == seconds


@pytest.mark.parametrize("text", ["7h", "soon", "0"])
def test_instances_are_not_kept_longer_than_the_service_does(text: str) -> None:
    with pytest.raises(ValueError, match=r"6h|duration"):
        instance_choice.parse_keep_alive(text)


def test_a_wait_shorter_than_the_run_is_refused() -> None:
    assert instance_choice.parse_max_wait("7h", draft()) == 25_200
    with pytest.raises(ValueError, match="shorter than max run, 6h"):
        instance_choice.parse_max_wait("5h", draft())


def test_a_run_longer_than_the_service_takes_is_refused() -> None:
    assert instance_choice.parse_max_runtime("28d") == 28 * 86_400
    with pytest.raises(ValueError, match="28d"):
        instance_choice.parse_max_runtime("29d")


def test_a_disk_is_a_size_the_models_or_the_types_own() -> None:
    big = model_spec(training_volume_size=256)
    disk = instance_choice.disk_text

    assert (parse_volume_gb("200 GB"), parse_volume_gb(" ")) == (200, None)
    with pytest.raises(ValueError, match="16,384 GB"):
        parse_volume_gb("99999")
    assert disk(draft(FOUR), big) == "3,800 GB NVMe"
    assert disk(draft("ml.m5.xlarge"), big) == "256 GB"
    assert disk(instance_choice.with_volume(draft("ml.m5.xlarge"), 500), big) == "500 GB"
    assert instance_choice.fixed_disk(FOUR) == "3,800 GB of local NVMe"
    assert instance_choice.fixed_disk("ml.p6e-gb200.36xlarge") == "local NVMe"
    assert instance_choice.fixed_disk("ml.m5.xlarge") == instance_choice.fixed_disk("") == ""


@given(st.text(max_size=30))
def test_a_count_is_a_whole_number_from_one_on_or_refused(text: str) -> None:
    try:
        count = parse_count(text)
    except ValueError as error:
        assert "whole number" in str(error)
    else:
        assert count == int(text.strip().replace(",", "")) >= 1
