"""The checks of a search: its ranges, objective, limits, former searches, and cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.base.required_access import caller_access, role_access
from jsft_tui.core.preflight.checks import checks_for
from jsft_tui.core.run.file.run_file import parse_run
from jsft_tui.core.sizing.pricing import Price
from tests.common.shared_data import PLACE
from tests.core.catalog.specs import hyperparameter, model_spec
from tests.core.customization.specs import customization_run, customized
from tests.core.jobs.examples import answer
from tests.core.preflight.examples import DENIED, assert_says, chosen, findings, former_search, inputs, level, plan

METRICS = [{"Name": "ic:val-accuracy", "Regex": "acc: (.*)"}, {"Name": "ic:train-loss", "Regex": "loss: (.*)"}]
RANGE = "ranges: {learning_rate: 1e-5..1e-2:log}"


def search(text: str = "", *, model: Any = None, **run: Any) -> Plan:
    """A plan with a search, as a run file says it."""
    file = f"name: a\nmodel: b\ninstance: {{type: c}}\ntuning: {{{', '.join(filter(None, (RANGE, text)))}}}"
    tuning = parse_run(file).tuning
    return plan(model=model or model_spec(metrics=METRICS), tuning=tuning, **run)


def searched(ranges: str, text: str = "", **more: Any) -> Plan:
    file = (
        f"name: a\nmodel: b\ninstance: {{type: c}}\ntuning: {{{', '.join(filter(None, (f'ranges: {ranges}', text)))}}}"
    )
    return plan(model=model_spec(metrics=METRICS), tuning=parse_run(file).tuning, **more)


def test_a_good_search_passes_every_check() -> None:
    planned = search("max_jobs: 4")
    for check in checks_for(planned):
        found = check.run(planned, inputs())
        assert {finding.level for finding in found} == {Level.PASS}, found


WRONG = {
    "nothing to search": ("ranges", Level.BLOCK, searched("{}"), "nothing to search"),
    "outside": ("ranges", Level.BLOCK, searched("{learning_rate: 0.1..2}"), "learning_rate is 2"),
    "unknown": ("ranges", Level.BLOCK, searched("{lr: 0.1..0.2}"), "lr is not a hyperparameter"),
    "too many jobs": ("search_limits", Level.BLOCK, search("max_jobs: 751"), "750"),
    "more at a time than jobs": ("search_limits", Level.BLOCK, search("max_jobs: 2, parallel: 3"), "parallel 3"),
    "many at a time": ("search_limits", Level.WARN, search("max_jobs: 40, parallel: 11"), "usual quota of 10"),
    "too short": ("search_limits", Level.BLOCK, search("max_runtime: 60s"), "2m to 30d"),
    "no patience": ("search_limits", Level.BLOCK, search("completion: {not_improving: 2}"), "minimum is 3"),
    "Hyperband stops": (
        "search_limits",
        Level.BLOCK,
        search("strategy: hyperband, early_stopping: true"),
        "must be off",
    ),
    "no Hyperband": ("search_limits", Level.BLOCK, search("hyperband: {min_resource: 1}"), "for the strategy"),
    "a grid of a range": ("ranges", Level.BLOCK, search("strategy: grid"), "lists of values only"),
    "a part of a grid": (
        "search_limits",
        Level.BLOCK,
        searched("{epochs: [1, 2, 3]}", "strategy: grid, max_jobs: 2"),
        "every combination, 3",
    ),
    "keep what": ("search_limits", Level.BLOCK, search("autotune: {keep: [epoch]}"), "epoch is not"),
    "49 variables": (
        "search_limits",
        Level.BLOCK,
        search(environment={f"V{number}": "x" for number in range(49)}),
        "49 environment variables",
    ),
    "warm pool": ("search_limits", Level.WARN, search(instance=chosen(keep_alive=60)), "keep_alive"),
    "33 characters": ("name", Level.BLOCK, search(name="f" * 33), "1 to 32"),
    "no metric": ("objective", Level.BLOCK, search(model=model_spec()), "defines no metrics"),
    "unknown metric": ("objective", Level.BLOCK, search("objective: val-acuracy"), "val-accuracy"),
    "against its name": (
        "objective",
        Level.WARN,
        search("objective: {metric: train-loss, direction: maximize}"),
        "lower is better",
    ),
    "no regex": (
        "objective",
        Level.BLOCK,
        search("objective: {metric: m, direction: minimize, regex: '('}"),
        "cannot be",
    ),
    "no group": (
        "objective",
        Level.BLOCK,
        search("objective: {metric: m, direction: minimize, regex: 'a'}"),
        "no group",
    ),
    "one epoch": ("objective", Level.WARN, search("early_stopping: true", hyperparameters={"epochs": "1"}), "once"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_search_is_found(name: str) -> None:
    check, expected, planned, text = WRONG[name]
    assert_says(check, expected, text, planned=planned)


@pytest.mark.parametrize("value", ["no", "steps"])
def test_an_objective_that_is_not_printed_each_epoch_is_noticed(value: str) -> None:
    strategy = hyperparameter("evaluation_strategy", value, "text")
    epochs = hyperparameter("epochs", 3, min=1, max=1000)
    rate = hyperparameter("learning_rate", 0.001, "float", min=0, max=1)
    model = model_spec("huggingface-text2text-x", metrics=METRICS, hyperparameters=[strategy, epochs, rate])

    expected = Level.BLOCK if value == "no" else Level.WARN
    assert level("objective", search("early_stopping: true", model=model)) is expected


def test_every_batch_size_of_a_range_is_split_over_the_gpus() -> None:
    on_four = chosen("ml.g5.12xlarge")
    assert_says("ranges", Level.WARN, "6", "4 GPUs", planned=searched("{batch_size: [6, 8]}", instance=on_four))
    assert_says("ranges", Level.WARN, "8,16,32", planned=searched("{batch_size: 8..32}", instance=on_four))
    assert level("ranges", searched("{batch_size: [8, 16]}", instance=on_four)) is Level.PASS


def test_the_cost_bound_is_that_of_all_trials_and_is_held_against_the_cap() -> None:
    planned = search("max_jobs: 12", instance=chosen(max_runtime=3600), max_cost_usd=10.0)

    (found,) = findings("cost", planned)
    assert (found.level, "at most $18.00 (12 jobs x 1h x $1.50 x 1" in found.message) == (Level.BLOCK, True)
    limited = search("max_jobs: 12, parallel: 2, max_runtime: 2h", instance=chosen(max_runtime=3600), max_cost_usd=10.0)
    assert_says("cost", Level.PASS, "at most $6.00 (2 jobs at a time for 2h", planned=limited)


def test_parallel_trials_take_from_the_training_quota() -> None:
    quota = inputs(quota=QuotaFacts("ml.g5.2xlarge for training job usage", 3.0, 1))

    assert level("quota", search("max_jobs: 9, parallel: 2"), quota) is Level.PASS
    assert_says("quota", Level.BLOCK, "needs 3 (3 jobs at a time)", planned=search("parallel: 3"), known=quota)
    assert_says("quota", Level.BLOCK, "needs 4", "Lower parallel", planned=search("parallel: 4"), known=quota)


def past_run(seconds: int, **members: Any) -> TrainingJob:
    tags = {"sagemaker-sdk:jumpstart-model-id": "tensorflow-ic-lite", "sagemaker-sdk:jumpstart-model-version": "1.0.0"}
    resources = {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
    data = {**answer(), "TrainingJobStatus": "Completed", "TrainingTimeInSeconds": seconds, "ResourceConfig": resources}
    return TrainingJob.parse({**data, **members}, tags)


def test_earlier_runs_of_the_model_tell_the_likely_cost() -> None:
    planned = search("max_jobs: 10", instance=chosen(max_runtime=3600))
    known = inputs(past_runs=(past_run(600), past_run(1200), past_run(900)))

    assert_says("likely_cost", Level.PASS, "likely about $3.75: 3 earlier runs", planned=planned, known=known)
    assert findings("likely_cost", planned, inputs())[0].told.is_silent
    slow = inputs(past_runs=(past_run(7200),))
    assert_says("likely_cost", Level.WARN, "longer than max_runtime", planned=planned, known=slow)
    other = inputs(past_runs=(past_run(600),), prices={"ml.m5.xlarge": Price(1.0, "a test")})
    assert findings("likely_cost", planned, other)[0].told.is_silent


WARM: dict[str, tuple[dict[str, Any], str]] = {
    "running": ({"HyperParameterTuningJobStatus": "InProgress"}, "has not ended"),
    "too many trials": ({"TrainingJobStatusCounters": {"Completed": 501}}, "501 trials"),
}


@pytest.mark.parametrize("name", WARM)
def test_a_former_search_that_cannot_be_learned_from_blocks(name: str) -> None:
    members, text = WARM[name]
    known = inputs(parents={"former": former_search(search(), **members)})
    assert_says("warm_start", Level.BLOCK, text, planned=search("warm_start: former"), known=known)


UNLIKE = {
    "another objective": (search("objective: train-loss"), "another objective"),
    "another kind": (searched("{learning_rate: [0.1, 0.2]}"), "a list of values"),
    "another number": (
        plan(
            model=model_spec(metrics=METRICS, hyperparameters=[hyperparameter("learning_rate", 0.1, "float")]),
            tuning=search().run.tuning,
        ),
        "the number must be the same",
    ),
    "other data": (search(data={"training": "s3://my-data/trees/"}), "other data"),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_a_former_search_that_is_not_like_this_one_blocks(name: str) -> None:
    theirs, text = UNLIKE[name]
    planned = search("warm_start: {from: former, type: identical}")
    known = inputs(parents={"former": former_search(theirs)})
    assert_says("warm_start", Level.BLOCK, text, planned=planned, known=known)


def test_a_search_like_the_former_one_may_learn_from_it() -> None:
    planned = search("warm_start: {from: former, type: identical}")
    known = inputs(parents={"former": former_search(search())})

    assert level("warm_start", planned, known) is Level.PASS
    gone = Problem("NoSuchTuningJob", "there is no tuning job 'former'.", "List the searches.")
    assert level("warm_start", planned, inputs(parents={"former": gone})) is Level.BLOCK
    assert level("warm_start", planned, inputs(parents={"former": DENIED})) is Level.UNKNOWN


def test_a_search_needs_permissions_of_its_own() -> None:
    planned = search()
    (create, _) = caller_access(planned, "123456789012")
    outputs = [access.resources for access in role_access(planned) if "s3:PutObject" in access.actions]

    assert create.actions == ("sagemaker:CreateHyperParameterTuningJob", "sagemaker:AddTags")
    assert create.resources == ("arn:aws:sagemaker:us-west-2:123456789012:hyper-parameter-tuning-job/flowers-1",)
    assert outputs == [("arn:aws:s3:::my-output/flowers-1-*",)]


def test_a_search_by_a_recipe_blocks() -> None:
    with_recipe = replace(customization_run(Technique.SFT), tuning=search().run.tuning)
    planned = Plan(with_recipe, customized(Technique.SFT), PLACE)

    assert_says("search_limits", Level.BLOCK, "not by a recipe", planned=planned)
