"""A job compared with the best earlier run of the same model and data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jsft_tui.core.jobs.metrics.objective import Best
from jsft_tui.core.jobs.reports.gain import Gain, earlier_runs, gain
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import CREATED, answer

MODEL = {"sagemaker-sdk:jumpstart-model-id": "tensorflow-ic-lite", "sagemaker-sdk:jumpstart-model-version": "1.0.0"}


def job(name: str, value: float | None, hours: int, tags: dict[str, str] | None = None, **changes: Any) -> TrainingJob:
    metrics = [] if value is None else [{"MetricName": "val-accuracy", "Value": value}]
    changes = {"TrainingJobName": name, "FinalMetricDataList": metrics, **changes}
    created = CREATED + timedelta(hours=hours)
    return TrainingJob.parse({**answer(), "CreationTime": created, **changes}, MODEL if tags is None else tags)


def channel(uri: str) -> list[dict[str, Any]]:
    return [{"ChannelName": "training", "DataSource": {"S3DataSource": {"S3Uri": uri}}}]


NOW = job("now", 0.9, 10)
OTHERS = (
    job("good", 0.8, 1),
    job("better", 0.85, 2),
    job("later", 0.99, 11),
    job("failed", 0.99, 3, TrainingJobStatus="Failed"),
    job("no value", None, 3),
    job("other data", 0.99, 3, InputDataConfig=channel("s3://my-data/others/")),
    job("other model", 0.99, 3, {"sagemaker-sdk:jumpstart-model-id": "tensorflow-ic-other"}),
    job("other metric", None, 3, FinalMetricDataList=[{"MetricName": "val-f1", "Value": 0.99}]),
    NOW,
)


def test_earlier_runs_are_of_the_same_model_data_and_metric_the_best_first() -> None:
    assert [each.name for each in earlier_runs(NOW, OTHERS)] == ["better", "good"]
    assert earlier_runs(job("no model", 0.9, 10, {}), OTHERS) == []


def test_a_slash_at_the_end_makes_no_other_data() -> None:
    other = job("same", 0.8, 1, InputDataConfig=channel("s3://my-data/flowers"))
    assert earlier_runs(NOW, [other]) == [other]


def test_a_lower_loss_is_better() -> None:
    def of(name: str, value: float, hours: int) -> TrainingJob:
        return job(name, None, hours, FinalMetricDataList=[{"MetricName": "val-loss", "Value": value}])

    assert [each.name for each in earlier_runs(of("c", 0.1, 9), [of("a", 0.3, 1), of("b", 0.2, 2)])] == ["b", "a"]


@pytest.mark.parametrize(
    ("metric", "value", "before", "text", "is_better"),
    [
        ("val-accuracy", 0.9643, 0.9412, "+2.3 points over old", True),
        ("val-accuracy", 0.93, 0.95, "2.0 points below old", False),
        ("val-accuracy", 0.9412, 0.9412, "as good as old", None),
        ("val-accuracy", 96.4, 94.1, "+2.3 points over old", True),
        ("val-loss", 0.25, 0.31, "0.06 lower than old", True),
        ("val-loss", 0.5, 0.25, "0.25 higher than old", False),
        ("val-loss", 0.5, 0.50001, "as good as old", None),
        ("rouge", 31.0, 30.0, "1 higher than old", True),
    ],
)
def test_texts(metric: str, value: float, before: float, text: str, is_better: bool | None) -> None:
    found = Gain(metric, value, "old", before)
    assert (found.text, found.is_better) == (text, is_better)


def test_different_metrics_are_not_compared() -> None:
    one, other = Best("val-accuracy", 0.9, 0), Best("val-loss", 0.2, 0)
    assert gain(one, "old", other) is None
    assert gain(None, "old", other) is None
    assert gain(one, "old", one) == Gain("val-accuracy", 0.9, "old", 0.9)
