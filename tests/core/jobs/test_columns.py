"""The columns of a job: texts, JSON keys, and layouts."""

from __future__ import annotations

from typing import Any

import pytest

from jsft_tui.core.jobs.columns import COLUMNS, PRINTED, JobRow, job_row_document
from jsft_tui.core.jobs.training_job import JobSummary, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from tests.core.jobs.examples import STARTED, answer

NOW = STARTED.timestamp() + 1000
PRICES = {"ml.g5.2xlarge": Price(1.5, "bundled")}


def row(prices: dict[str, Price] | None = None, **changes: Any) -> JobRow:
    return JobRow(TrainingJob.parse({**answer(), **changes}, {}), prices, NOW)


def texts(of: JobRow) -> dict[str, str | None]:
    return {column.key: column.text(of) for column in COLUMNS if column.header and column.key != "curve"}


def test_the_document_has_these_keys_in_this_order() -> None:
    assert job_row_document(row(PRICES)) == {
        "name": "flowers-1",
        "status": "Completed",
        "secondary_status": "Completed",
        "model_id": None,
        "instance_type": "ml.g5.2xlarge",
        "instance_count": 1,
        "created": "2026-11-23T03:00:00.000Z",
        "elapsed_seconds": 690.0,
        "cost_usd": 0.25,
    }
    assert list(job_row_document(row()))[-1] == "cost_usd"
    assert job_row_document(row())["cost_usd"] is None


def test_texts() -> None:
    assert texts(row(PRICES)) == {
        "name": "flowers-1",
        "status": "Completed",
        "phase": "0.93 val-accuracy",
        "model": None,
        "instance": "ml.g5.2xlarge",
        "elapsed": "11:30",
        "cost": "$0.25",
    }


def test_of_a_job_that_may_not_be_described_little_is_known() -> None:
    summary = JobSummary.parse({"TrainingJobName": "a", "TrainingJobStatus": "Stopped", "CreationTime": STARTED})
    denied = texts(JobRow(TrainingJob.from_summary(summary), PRICES, NOW))
    assert [key for key, text in denied.items() if text is None] == ["phase", "model", "instance", "cost"]


def test_a_price_that_is_not_known_gives_no_cost() -> None:
    assert row({}).cost is None and row(None).cost is None


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"EnableManagedSpotTraining": True}, "ml.g5.2xlarge spot"),
        ({"ResourceConfig": {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 2}}, "2 x ml.p3.2xlarge"),
        (
            {
                "ResourceConfig": {
                    "InstanceGroups": [
                        {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 1},
                        {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 3},
                    ]
                }
            },
            "ml.g5.2xlarge, 3 x ml.p3.2xlarge",
        ),
    ],
)
def test_instances(changes: dict[str, Any], text: str) -> None:
    assert texts(row(**changes))["instance"] == text


def test_what_is_printed() -> None:
    headers = " ".join(column.header for column in PRINTED)
    assert headers == "NAME STATUS PHASE MODEL INSTANCE ELAPSED COST"


def test_no_key_is_declared_twice() -> None:
    for keys in ([column.key for column in COLUMNS], [key for column in COLUMNS for key in column.json]):
        assert len(set(keys)) == len(keys)
