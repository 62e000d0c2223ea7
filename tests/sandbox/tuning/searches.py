"""Searches over a function of two hyperparameters, by scripts that take no time."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.test_training_jobs import Training
from tests.sandbox.sagemaker.training_bench import until

HILL = """
import json, math, os
given = json.loads(os.environ["SM_HPS"])
rate = float(given["rate"])
loss = abs(math.log10(rate) + 3)
for epoch in range(int(given.get("epochs", 3))):
    print(f"loss: {loss + 1 / (epoch + 1):.6f}", flush=True)
print(f"seen {given['kind']} {rate!r}")
"""
"""Its loss is lowest at a rate of 0.001."""

RATE = {"Name": "rate", "MinValue": "1e-6", "MaxValue": "1.0", "ScalingType": "Logarithmic"}
KIND = {"Name": "kind", "Values": ["a", "b"]}


class Searches:
    """Tuning jobs in a running sandbox."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.training = Training(sandbox)
        self.client = sandbox.client("sagemaker")

    def request(self, name: str, script: str = HILL, ranges: Any = None, **config: Any) -> dict[str, Any]:
        """A request for a search; `config` are members of its HyperParameterTuningJobConfig."""
        training = self.training.request(name, script)
        algorithm = copy.deepcopy(training["AlgorithmSpecification"])
        algorithm["MetricDefinitions"] = [{"Name": "loss", "Regex": r"loss: ([0-9.]+)"}]
        kept = ("RoleArn", "InputDataConfig", "OutputDataConfig", "StoppingCondition")
        limits = {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 1}
        return {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
                "ResourceLimits": limits,
                "ParameterRanges": ranges or {"ContinuousParameterRanges": [RATE]},
                "TrainingJobEarlyStoppingType": "Off",
                "RandomSeed": 7,
                **config,
            },
            "TrainingJobDefinition": {
                **{member: training[member] for member in kept if member in training},
                "StaticHyperParameters": {**training.get("HyperParameters", {}), "kind": json.dumps("a")},
                "AlgorithmSpecification": algorithm,
                "HyperParameterTuningResourceConfig": training["ResourceConfig"],
            },
        }

    def start(self, request: dict[str, Any]) -> str:
        """Create a tuning job; return its name."""
        self.client.create_hyper_parameter_tuning_job(**request)
        return str(request["HyperParameterTuningJobName"])

    def describe(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        return found

    def finish(self, name: str) -> dict[str, Any]:
        """Wait for the end of a tuning job."""
        until(lambda: self.describe(name)["HyperParameterTuningJobStatus"] in ("Completed", "Failed", "Stopped"))
        return self.describe(name)

    def trials(self, name: str, **options: Any) -> list[dict[str, Any]]:
        """The trials, by name."""
        pages = self.client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
            HyperParameterTuningJobName=name, **options
        )
        return [row for page in pages for row in page["TrainingJobSummaries"]]


def unique(word: str) -> str:
    return f"{word[:10]}-{time.time_ns()}"[:32]
