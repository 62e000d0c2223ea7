"""The steps of a run say what is chosen, what is missing and what blocks, in the fewest words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.status import Status
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.run.draft import EMPTY
from jsft_tui.core.run.run import AUTO, InstanceChoice, Run
from jsft_tui.core.run.steps import CHOOSE, NOTHING
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.session.steps import Surroundings, run_steps
from tests.core.catalog.specs import model_spec, training_run

PRICES = {"ml.g5.2xlarge": Price(1.5, "price list"), "ml.g5.12xlarge": Price(7.0, "price list")}
KNOWN = Surroundings(model_spec(), PRICES)


def reviewed(*levels: Level) -> Review:
    return Review(tuple(Finding("data", level, "") for level in levels), is_done=True)


def test_an_empty_draft_asks_for_a_model_and_nothing_else() -> None:
    steps = run_steps(EMPTY, Surroundings())
    assert (steps.model, steps.data, steps.instance, steps.review) == (CHOOSE, NOTHING, NOTHING, NOTHING)


def test_each_step_says_its_value_shortest_last() -> None:
    instance = InstanceChoice("ml.g5.12xlarge", max_runtime=7200)
    run = training_run(instance=instance, hyperparameters={"epochs": "10", "batch_size": AUTO})
    steps = run_steps(run, replace(KNOWN, running=2))
    assert steps.data.forms == ("my-data/flowers", "flowers")
    assert steps.instance.forms == ("g5.12xlarge 4×A10G", "g5.12xlarge")
    assert steps.hyperparameters.forms == ("epochs 10, batch 128", "batch 128")
    assert (steps.review.text, steps.review.mark, steps.review.is_cost) == ("≤ $14.00", None, True)
    assert (steps.jobs.text, steps.jobs.mark) == ("2", Status.RUNNING)
    assert steps.endpoints is NOTHING


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (InstanceChoice("ml.g5.12xlarge", count=2, spot=True), "2 × g5.12xlarge spot"),
        (InstanceChoice("ml.m5.xlarge"), "m5.xlarge"),
    ],
    ids=["two-spot", "cpu"],
)
def test_the_instance_says_how_many_and_how_they_are_bought(choice: InstanceChoice, text: str) -> None:
    assert run_steps(training_run(instance=choice), KNOWN).instance.text == text


def test_nothing_changed_is_as_the_model() -> None:
    run = training_run(instance=InstanceChoice("ml.g5.2xlarge"), hyperparameters={})
    assert run_steps(run, KNOWN).hyperparameters.text == "as the model"


def test_what_is_missing_is_said_where_it_is_chosen() -> None:
    run = training_run(instance=InstanceChoice(""), data={})
    steps = run_steps(run, replace(KNOWN, spec=model_spec(default_training_dataset_key="")))
    assert (steps.data, steps.instance, steps.review) == (CHOOSE, CHOOSE, NOTHING)
    assert run_steps(training_run(output=""), KNOWN).review.mark is Status.WARNING


def test_a_cost_that_is_not_known_says_why_in_short() -> None:
    serverless = training_run(instance=InstanceChoice("serverless"))
    assert run_steps(serverless, KNOWN).review.forms == ("billed by use", "by use")
    estimated = run_steps(serverless, replace(KNOWN, estimate="about $0.02")).review
    assert (estimated.text, estimated.is_cost) == ("$0.02", True)
    unpriced = training_run(instance=InstanceChoice("ml.p4d.24xlarge"))
    assert run_steps(unpriced, KNOWN).review.text == "no price"
    assert run_steps(unpriced, Surroundings(model_spec())).review.text == "…"


@pytest.mark.parametrize(
    ("levels", "mark"),
    [
        ((Level.BLOCK, Level.WARN), Status.FAILED),
        ((Level.PASS, Level.WARN), Status.WARNING),
        ((Level.PASS,), Status.COMPLETED),
    ],
    ids=["blocks", "warns", "passed"],
)
def test_a_check_shows_its_verdict(levels: tuple[Level, ...], mark: Status) -> None:
    run = training_run(instance=InstanceChoice("ml.g5.2xlarge"))
    assert run_steps(run, replace(KNOWN, review=reviewed(*levels))).review.mark is mark


def test_what_the_sandbox_cannot_train_blocks_at_once() -> None:
    run: Run = training_run(instance=InstanceChoice("ml.g5.2xlarge"))
    steps = run_steps(run, replace(KNOWN, is_sandbox=True))
    assert (steps.model.mark, steps.review.mark) == (Status.FAILED, Status.FAILED)
    trained = replace(KNOWN, spec=replace(model_spec(), sandbox_runnable=True), is_sandbox=True)
    assert run_steps(run, trained).model.mark is None


@pytest.mark.parametrize(
    ("model_id", "short"),
    [
        ("tensorflow-ic-efficientnet-lite0-classification-2", "efficientnet-lite0"),
        ("sklearn-classification-linear", "sklearn-classification-linear"),
        ("huggingface-llm-qwen3-8b", "qwen3-8b"),
    ],
    ids=["task-number", "framework-tells", "family"],
)
def test_a_model_has_a_name_of_few_letters(model_id: str, short: str) -> None:
    assert shortest_model_id(model_id) == short
