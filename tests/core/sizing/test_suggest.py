"""A first run for a model: its name, its instance, its hyperparameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.file.run_file import dump_run, parse_run
from jsft_tui.core.run.name import GRAMMAR, job_name, next_job_name
from jsft_tui.core.run.run import AUTO, DEFAULT_MAX_RUNTIME
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.sizing.suggest import Market, choose_instance, first_run, main_hyperparameters
from tests.common.shared_data import needs_shared_data, spec, spec_files
from tests.core.catalog.specs import hyperparameter, model_spec

NOW = 1_795_402_800.0  # 2026-11-23 03:00:00 UTC


def supporting(*types: str, default: str = "") -> ModelSpec:
    return model_spec(default_training_instance_type=default or types[0], supported_training_instance_types=list(types))


def prices(**usd: float) -> dict[str, Price]:
    return {f"ml.{name.replace('_', '.')}": Price(value, "a test") for name, value in usd.items()}


@given(st.text(max_size=100), st.floats(0, 4e9))
def test_any_base_gives_a_name_that_the_service_takes(base: str, now: float) -> None:
    name = job_name(base, now)
    assert len(name) <= 63
    assert GRAMMAR.fullmatch(name)


def test_a_name_says_what_it_is_of_and_when_it_was_made() -> None:
    assert job_name("pt-ic-mobilenet-v2", NOW) == "pt-ic-mobilenet-v2-20261123-030000"
    assert job_name("My model: v2.0_a", NOW) == "My-model-v2-0-a-20261123-030000"
    assert job_name("日本", NOW) == "job-20261123-030000"


def test_the_next_job_has_another_name_also_in_the_same_second() -> None:
    first = job_name("bert", NOW)
    assert first == "bert-20261123-030000"
    assert next_job_name("bert", NOW + 0.9, first) == "bert-20261123-030001"
    assert next_job_name("bert", NOW, "other") == first


@needs_shared_data
@pytest.mark.parametrize("path", spec_files(), ids=lambda path: path.parent.name)
def test_a_first_run_of_a_real_model_can_be_written_and_read(path: Any) -> None:
    model = spec(path.parent.name)
    if not model.training_supported:
        pytest.skip("it cannot be fine-tuned")
    run = first_run(model, Defaults(output="s3://out", role="arn"), Market(), NOW)
    assert parse_run(dump_run(run)) == run
    assert GRAMMAR.fullmatch(run.name)
    assert run.instance.type in model.instance_types
    assert run.instance.max_runtime <= DEFAULT_MAX_RUNTIME
    assert run.uses_default_data
    assert not run.accept_eula


def test_a_first_run_takes_the_name_and_the_defaults_that_are_given() -> None:
    run = first_run(model_spec(), Defaults(role="r", output="s3://out", max_cost_usd=5.0), Market(), NOW, "mine")
    assert (run.name, run.role, run.output, run.max_cost_usd) == ("mine", "r", "s3://out", 5.0)
    assert (run.model.id, run.model.version) == ("tensorflow-ic-lite", "1.0.0")


def test_a_first_run_is_not_longer_than_the_model_says() -> None:
    short = model_spec(estimator_kwargs={"max_run": 600})
    assert first_run(short, Defaults(), Market(), NOW).instance.max_runtime == 600
    assert first_run(model_spec(), Defaults(), Market(), NOW).instance.max_runtime == DEFAULT_MAX_RUNTIME


def test_the_main_hyperparameters_have_their_defaults_and_the_batch_follows_the_instance() -> None:
    assert main_hyperparameters(model_spec()) == {"epochs": "3", "learning_rate": "0.001", "batch_size": AUTO}


def test_a_model_without_a_batch_has_none_among_its_main_hyperparameters() -> None:
    declared = [hyperparameter("num_boost_round", 5000), hyperparameter("learning_rate", 0.009, "float")]
    found = main_hyperparameters(model_spec("lightgbm-classification-model", hyperparameters=declared))
    assert found == {"num_boost_round": "5000", "learning_rate": "0.009"}


# -- the instance


def test_the_models_own_default_is_chosen_when_it_can_be_started() -> None:
    assert choose_instance(supporting("ml.g5.12xlarge", "ml.g5.2xlarge"), Market()) == "ml.g5.12xlarge"
    free = Market(free={"ml.g5.12xlarge": 1.0})
    assert choose_instance(supporting("ml.g5.12xlarge", "ml.g5.2xlarge"), free) == "ml.g5.12xlarge"


def test_a_legacy_default_is_replaced_by_one_with_as_many_gpus() -> None:
    assert (
        choose_instance(supporting("ml.p3.2xlarge", "ml.g5.12xlarge", "ml.g4dn.xlarge"), Market()) == "ml.g4dn.xlarge"
    )
    assert choose_instance(supporting("ml.p3.8xlarge", "ml.g5.2xlarge", "ml.g5.12xlarge"), Market()) == "ml.g5.12xlarge"
    assert (
        choose_instance(supporting("ml.p3.16xlarge", "ml.g5.12xlarge", "ml.g5.48xlarge"), Market()) == "ml.g5.48xlarge"
    )


def test_of_those_with_as_many_gpus_the_cheapest_is_chosen() -> None:
    model = supporting("ml.p3.2xlarge", "ml.g5.2xlarge", "ml.g4dn.2xlarge", "ml.g5.xlarge")
    market = Market(prices=prices(g5_2xlarge=1.5, g4dn_2xlarge=0.9, g5_xlarge=1.4))
    assert choose_instance(model, market) == "ml.g4dn.2xlarge"


def test_a_type_with_a_price_comes_before_one_without() -> None:
    model = supporting("ml.p3.2xlarge", "ml.g5.xlarge", "ml.g5.2xlarge")
    assert choose_instance(model, Market(prices=prices(g5_2xlarge=1.5))) == "ml.g5.2xlarge"


def test_without_prices_the_smallest_is_chosen() -> None:
    assert choose_instance(supporting("ml.p3.2xlarge", "ml.g5.16xlarge", "ml.g5.xlarge"), Market()) == "ml.g5.xlarge"


def test_a_type_without_quota_is_not_chosen() -> None:
    model = supporting("ml.g5.2xlarge", "ml.g4dn.xlarge", "ml.g5.4xlarge")
    market = Market(prices=prices(g5_4xlarge=2, g4dn_xlarge=0.7), free={"ml.g5.2xlarge": 0.0, "ml.g4dn.xlarge": 0.0})
    assert choose_instance(model, market) == "ml.g5.4xlarge"


def test_when_nothing_can_be_started_the_default_stands() -> None:
    model = supporting("ml.g5.2xlarge", "ml.g4dn.xlarge")
    assert choose_instance(model, Market(free={"ml.g5.2xlarge": 0.0, "ml.g4dn.xlarge": 0.0})) == "ml.g5.2xlarge"
    assert choose_instance(supporting("ml.p3.2xlarge", "ml.p2.xlarge"), Market()) == "ml.p3.2xlarge"


def test_a_default_that_this_version_does_not_know_is_trusted() -> None:
    assert choose_instance(supporting("ml.zz9.48xlarge", "ml.m5.xlarge"), Market()) == "ml.zz9.48xlarge"
    without = Market(free={"ml.zz9.48xlarge": 0.0})
    assert choose_instance(supporting("ml.zz9.48xlarge", "ml.m5.xlarge"), without) == "ml.m5.xlarge"


def test_a_model_for_gpus_is_not_put_on_a_processor_while_there_are_gpus() -> None:
    model = supporting("ml.g5.2xlarge", "ml.m5.xlarge", "ml.g5.12xlarge")
    market = Market(prices=prices(m5_xlarge=0.2, g5_12xlarge=7), free={"ml.g5.2xlarge": 0.0})
    assert choose_instance(model, market) == "ml.g5.12xlarge"


def test_a_model_without_a_default_takes_its_first_type() -> None:
    found = choose_instance(model_spec(default_training_instance_type=None), Market())
    assert found == "ml.g5.2xlarge"


def test_a_model_without_types_has_none_to_choose() -> None:
    none = model_spec(default_training_instance_type=None, supported_training_instance_types=None)
    assert choose_instance(none, Market()) == ""
