"""The summary of a job in a few lines of plain text."""

from __future__ import annotations

from typing import Any

from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import Best
from jsft_tui.core.jobs.reports.gain import Gain
from jsft_tui.core.jobs.reports.summary import Summary
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.core.jobs.examples import STARTED, answer

MODEL = {
    "sagemaker-sdk:jumpstart-model-id": "tensorflow-ic-efficientnet-lite0-classification-2",
    "sagemaker-sdk:jumpstart-model-version": "4.0.17",
}
NOW = STARTED.timestamp() + 300
BEST = Best("val-accuracy", 0.9643, NOW)


def summary(job: dict[str, Any] | None = None, **fields: Any) -> Summary:
    return Summary(TrainingJob.parse({**answer(), **(job or {})}, MODEL), NOW, **fields)


def test_a_completed_job() -> None:
    found = summary(
        cost=2.27,
        best=BEST,
        values=(0.5, 0.8, 0.9643),
        gain=Gain("val-accuracy", 0.9643, "flowers-0", 0.9412),
        changed={"epochs": "10", "augmentation": "True"},
    )
    assert found.text.splitlines() == [
        "✔ flowers-1  val-accuracy 0.9643 (+2.3 points over flowers-0)",
        "  efficientnet-lite0-classification-2 on s3://my-data/flowers/",
        "  epochs 10, augmentation True · ml.g5.2xlarge · 10:00 · $2.27",
        "  ▁▆█  s3://my-output/flowers-1/output/model.tar.gz",
    ]
    document = found.document
    assert document["value"] == 0.9643
    assert (document["earlier_run"], document["gain_points"]) == ("flowers-0", 2.31)
    assert (document["billed_seconds"], document["cost_usd"]) == (600, 2.27)
    assert document["text"] == found.text


def test_a_failed_job_has_its_cause_and_remedy_but_no_output() -> None:
    reason = "AlgorithmError: OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB, exit code: 1"
    found = summary({"TrainingJobStatus": "Failed", "FailureReason": reason}, cost=0.61)
    lines = found.text.splitlines()
    assert lines[0] == "✖ flowers-1  Failed"
    assert found.document["cause"] and f"  {found.document['cause']}" in lines
    assert found.document["remedy"] and f"  {found.document['remedy']}" in lines
    assert "$0.61" in found.text
    assert "model.tar.gz" not in found.text


def test_a_failure_without_a_diagnosis_has_the_first_line_of_its_reason() -> None:
    found = summary({"TrainingJobStatus": "Failed", "FailureReason": "Something new happened.\nAnd more."})
    assert "  Something new happened." in found.text.splitlines()
    assert "And more" not in found.text


def test_a_running_job_says_how_far_it_is() -> None:
    running = {"TrainingJobStatus": "InProgress", "SecondaryStatus": "Training", "TrainingEndTime": None}
    head = summary(running, best=BEST, progress=Progress(4, 10)).text.splitlines()[0]
    assert head == "● flowers-1  Training, epoch 4 of 10  val-accuracy 0.9643 so far"


def test_many_changed_values_are_counted() -> None:
    found = summary(changed={f"value{number}": "1" for number in range(9)})
    assert "value5 1, 3 more" in found.text
    assert len(found.document["changed"]) == 9  # type: ignore[arg-type]


def test_a_job_that_may_not_be_described_has_its_name() -> None:
    job = TrainingJob.parse({"TrainingJobName": "a", "TrainingJobStatus": "Completed"}, {})
    assert Summary(job, NOW).text == "✔ a  Completed"
