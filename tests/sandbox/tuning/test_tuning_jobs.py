"""Tuning jobs of the sandbox through boto3 and the AWS CLI, unmodified."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.clients.test_training_aws_cli import aws
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import until
from tests.sandbox.tuning.searches import HILL, KIND, RATE, Searches, unique

pytestmark = pytest.mark.sandbox

ENDLESS = "import time\nprint('loss: 1.0', flush=True)\ntime.sleep(600)"


@pytest.fixture(scope="module")
def searches(sandbox: RunningSandbox) -> Searches:
    return Searches(sandbox)


def test_a_search_runs_its_trials_and_tells_the_best(searches: Searches) -> None:
    name = unique("random")
    ranges = {"ContinuousParameterRanges": [RATE], "CategoricalParameterRanges": [KIND]}
    request = searches.request(name, ranges=ranges)
    del request["TrainingJobDefinition"]["StaticHyperParameters"]["kind"]
    searches.start({**request, "Tags": [{"Key": "who", "Value": "me"}]})

    found = searches.finish(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed", found
    assert found["TrainingJobStatusCounters"]["Completed"] == 3
    assert found["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 0, "Failed": 0}
    rows = searches.trials(name, SortBy="FinalObjectiveMetricValue", SortOrder="Ascending")
    values = [row["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for row in rows]
    assert values == sorted(values)
    assert found["BestTrainingJob"]["TrainingJobName"] == rows[0]["TrainingJobName"]
    job = searches.training.describe(rows[0]["TrainingJobName"])
    assert job["TuningJobArn"] == found["HyperParameterTuningJobArn"]
    assert {name: job["HyperParameters"][name] for name in ("rate", "kind")} == rows[0]["TunedHyperParameters"]
    assert job["HyperParameters"]["_tuning_objective_metric"] == "loss"
    tags = searches.client.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
    assert tags == [{"Key": "who", "Value": "me"}]


def test_a_grid_tries_every_combination_and_no_more_at_once_than_asked(searches: Searches) -> None:
    name = unique("grid")
    ranges = {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "0.01", "0.001"]}]}
    limits = {"MaxParallelTrainingJobs": 2}
    searches.start(searches.request(name, ranges=ranges, Strategy="Grid", ResourceLimits=limits))

    found = searches.finish(name)

    assert {row["TunedHyperParameters"]["rate"] for row in searches.trials(name)} == {"0.1", "0.01", "0.001"}
    assert found["BestTrainingJob"]["TunedHyperParameters"] == {"rate": "0.001"}
    rows = searches.trials(name)
    moments = sorted((row["TrainingStartTime"], row["TrainingEndTime"]) for row in rows)
    most = max(sum(start <= moment < end for start, end in moments) for moment, _ in moments)
    assert most <= min(2, os.cpu_count() or 1)


def test_a_stopped_search_stops_its_trials(searches: Searches) -> None:
    name = unique("stopped")
    searches.start(searches.request(name, ENDLESS))
    until(lambda: [row for row in searches.trials(name) if "TrainingStartTime" in row])

    searches.client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)

    assert searches.describe(name)["HyperParameterTuningJobStatus"] in ("Stopping", "Stopped")
    found = searches.finish(name)
    assert found["HyperParameterTuningJobStatus"] == "Stopped"
    assert [row["TrainingJobStatus"] for row in searches.trials(name)] == ["Stopped"]
    with pytest.raises(ClientError, match="is in status Stopped"):
        searches.client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)


def test_a_search_ends_when_its_target_is_reached(searches: Searches) -> None:
    name = unique("target")
    limits = {"MaxNumberOfTrainingJobs": 50, "MaxParallelTrainingJobs": 1}
    criteria = {"TargetObjectiveMetricValue": 9.0}
    searches.start(searches.request(name, ResourceLimits=limits, TuningJobCompletionCriteria=criteria))

    found = searches.finish(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert len(searches.trials(name)) < 5


def test_a_search_of_failing_trials_fails_with_the_reason_of_aws(searches: Searches) -> None:
    name = unique("failing")
    searches.start(searches.request(name, "raise SystemExit('no')"))

    found = searches.finish(name)

    assert found["HyperParameterTuningJobStatus"] == "Failed"
    assert found["FailureReason"].startswith("No training job succeeded after 3 attempts.")
    assert found["TrainingJobStatusCounters"]["NonRetryableError"] == 3


BAD_ONES_GO_ON = (
    "import json, os, time\nrate = json.loads(os.environ['SM_HPS'])['rate']\n"
    "bad = str(rate) == '0.9'\n"
    "for epoch in range(100000 if bad else 3):\n"
    "    print('loss: 9.0' if bad else 'loss: 1.0', flush=True)\n    time.sleep(0.02)\n"
)
"""A trial with a rate of 0.9 is bad, and ends only if it is stopped."""

EARLY: dict[str, tuple[dict[str, Any], list[str]]] = {
    "median": (
        {"Strategy": "Grid", "TrainingJobEarlyStoppingType": "Auto", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
        ["Completed", "Completed", "Stopped"],
    ),
    "Hyperband": (
        {
            "Strategy": "Hyperband",
            "StrategyConfig": {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 1},
            "RandomSeed": 6,  # draws 0.2, 0.2, 0.9, 0.2
        },
        ["Completed", "Completed", "Stopped", "Completed"],
    ),
}


@pytest.mark.parametrize("rule", EARLY)
def test_trials_that_lose_are_stopped_early(searches: Searches, rule: str) -> None:
    config, expected = EARLY[rule]
    name = unique(rule)
    ranges = {"CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "0.2", "0.9"]}]}
    searches.start(searches.request(name, BAD_ONES_GO_ON, ranges=ranges, **config))

    found = searches.finish(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    rows = searches.trials(name, SortBy="CreationTime")
    assert [row["TrainingJobStatus"] for row in rows] == expected
    assert found["TrainingJobStatusCounters"]["Stopped"] == 1


def test_a_search_learns_from_a_former_one(searches: Searches) -> None:
    former, name = unique("former"), unique("warm")
    limits = {"MaxNumberOfTrainingJobs": 6, "MaxParallelTrainingJobs": 1}
    searches.start(searches.request(former, Strategy="Bayesian", ResourceLimits=limits))
    best = searches.finish(former)["BestTrainingJob"]
    request = searches.request(name, Strategy="Bayesian")
    request["TrainingJobDefinition"]["InputDataConfig"] = searches.describe(former)["TrainingJobDefinition"][
        "InputDataConfig"
    ]
    parents = [{"HyperParameterTuningJobName": former}]
    warm = {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "IdenticalDataAndAlgorithm"}
    searches.start({**request, "WarmStartConfig": warm})

    found = searches.finish(name)

    values = [
        each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for each in (best, found["BestTrainingJob"], found["OverallBestTrainingJob"])
    ]
    assert values[2] == min(values)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "metric": ({"HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "x"}}, "MetricDefinitions"),
    "range": ({"ParameterRanges": {"ContinuousParameterRanges": [{**RATE, "MinValue": "2"}]}}, "less than"),
    "scale": ({"ParameterRanges": {"ContinuousParameterRanges": [{**RATE, "MinValue": "0"}]}}, "greater than 0"),
    "static": ({"ParameterRanges": {"CategoricalParameterRanges": [KIND]}}, "static or have one range"),
    "nothing": ({"ParameterRanges": {}}, "at least one"),
    "grid": ({"Strategy": "Grid"}, "categorical parameters only"),
    "parallel": (
        {"ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 3}},
        "must not be greater",
    ),
    "quota": (
        {"ResourceLimits": {"MaxNumberOfTrainingJobs": 99, "MaxParallelTrainingJobs": 90}},
        "service limit",
    ),
    "not finite": ({"ParameterRanges": {"ContinuousParameterRanges": [{**RATE, "MaxValue": "inf"}]}}, "not finite"),
    "too wide": (
        {"ParameterRanges": {"ContinuousParameterRanges": [{**RATE, "MinValue": "1e-300", "MaxValue": "1e300"}]}},
        "too wide",
    ),
    "no number": ({"ParameterRanges": {"ContinuousParameterRanges": [{**RATE, "MaxValue": "much"}]}}, "not numeric"),
    "a huge grid": (
        {
            "Strategy": "Grid",
            "ParameterRanges": {
                "CategoricalParameterRanges": [
                    {"Name": f"p{number}", "Values": [str(value) for value in range(30)]} for number in range(30)
                ]
            },
        },
        "combinations",
    ),
    "Hyperband": ({"Strategy": "Hyperband", "TrainingJobEarlyStoppingType": "Auto"}, "must be Off"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_search_that_aws_would_refuse_is_refused(searches: Searches, name: str) -> None:
    changes, text = REFUSED[name]

    with pytest.raises(ClientError, match=text):
        searches.start(searches.request(unique("refused"), **changes))


def test_an_unknown_search_and_a_name_in_use_are_refused(searches: Searches) -> None:
    name = unique("twice")
    request = searches.request(name)
    searches.start(request)

    with pytest.raises(ClientError) as caught:
        searches.start(request)
    assert caught.value.response["Error"]["Code"] == "ResourceInUse"
    with pytest.raises(searches.client.exceptions.ResourceNotFound):
        searches.describe("no-such-search")
    searches.finish(name)


def test_the_aws_cli_creates_describes_lists_and_stops(searches: Searches) -> None:
    sandbox, name = searches.training.sandbox, unique("cli")
    request = searches.request(name, ENDLESS)
    by_name = ("--hyper-parameter-tuning-job-name", name)
    create = ("sagemaker", "create-hyper-parameter-tuning-job", "--cli-input-json", json.dumps(request))
    assert aws(sandbox, *create)["HyperParameterTuningJobArn"].endswith(name)
    until(lambda: [row for row in searches.trials(name) if "TrainingStartTime" in row])

    described = aws(sandbox, "sagemaker", "describe-hyper-parameter-tuning-job", *by_name)
    listed = aws(sandbox, "sagemaker", "list-hyper-parameter-tuning-jobs", "--name-contains", name)
    trials = aws(sandbox, "sagemaker", "list-training-jobs-for-hyper-parameter-tuning-job", *by_name)
    aws(sandbox, "sagemaker", "stop-hyper-parameter-tuning-job", *by_name)

    assert described["HyperParameterTuningJobConfig"] == request["HyperParameterTuningJobConfig"]
    assert [row["HyperParameterTuningJobName"] for row in listed["HyperParameterTuningJobSummaries"]] == [name]
    assert [row["TrainingJobStatus"] for row in trials["TrainingJobSummaries"]] == ["InProgress"]
    assert searches.finish(name)["HyperParameterTuningJobStatus"] == "Stopped"


def test_a_search_goes_on_after_kill_9(own_sandbox: RunningSandbox) -> None:
    searches, name = Searches(own_sandbox), unique("killed")
    limits = {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 1}
    slow = HILL + "import time\ntime.sleep(0.5)\n"
    searches.start(searches.request(name, slow, ResourceLimits=limits))
    until(lambda: len(searches.trials(name)) == 2)
    before = [row["TunedHyperParameters"] for row in searches.trials(name)]

    own_sandbox.kill()
    own_sandbox.start()
    searches.client = own_sandbox.client("sagemaker")
    found = searches.finish(name)

    assert found["HyperParameterTuningJobStatus"] == "Completed"
    rows = searches.trials(name)
    assert len({row["TrainingJobName"] for row in rows}) == 4
    assert [row["TunedHyperParameters"] for row in rows][:2] == before
    assert found["TrainingJobStatusCounters"]["Completed"] >= 3
