"""Alerts of running jobs, each kind raised once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.jobs.alerts import AlertKind, JobSnapshot, alerts, listed_alerts, non_finite_loss
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from tests.core.jobs.examples import STARTED, answer

START = STARTED.timestamp()
RUNNING = replace(
    TrainingJob.parse(answer(), {}),
    status=JobStatus.IN_PROGRESS,
    secondary_status="Training",
    ended=None,
    billable_seconds=None,
)


def kinds(now: float, **known: Any) -> list[AlertKind]:
    return [alert.kind for alert in alerts(JobSnapshot(RUNNING, START + now, **{"metrics": {}, **known}))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("epoch 3 loss: nan", "loss"),
        ("{'train_loss': inf, 'epoch': 2}", "train_loss"),
        ("eval_epoch_loss=tensor(nan, device='cuda:0')", "eval_epoch_loss"),
        ("val_loss=NaN", "val_loss"),
        ("loss: -inf", "loss"),
        ("loss: 0.3 nano", ""),
        ("the loss is no nan", ""),
        ("loss: nanometres", ""),
    ],
)
def test_a_loss_that_is_not_finite_is_found_in_the_log(text: str, name: str) -> None:
    assert non_finite_loss(text) == name


CASES: list[tuple[AlertKind, float, Mapping[str, Any]]] = [
    (AlertKind.NOT_FINITE, 60, {"not_finite": "loss", "last_line": START + 50}),
    (AlertKind.SILENCE, 700, {"last_line": START + 50}),
    (AlertKind.SILENCE, 700, {}),
    (AlertKind.GPU_IDLE, 300, {"last_line": START + 290, "gpu": [(float(n), 2.0) for n in range(10)]}),
    (AlertKind.TIME_LIMIT, 20_000, {"last_line": START + 19_990}),
    (AlertKind.COST_CAP, 60, {"last_line": START + 50, "cost": 9.5, "cap": 10.0}),
    (
        AlertKind.PLATEAU,
        60,
        {"last_line": START + 50, "metrics": {"val-accuracy": [(0.0, 0.1), *((float(n), 0.9) for n in range(1, 12))]}},
    ),
]


@pytest.mark.parametrize(("kind", "now", "known"), CASES)
def test_each_alert_is_raised(kind: AlertKind, now: float, known: Mapping[str, Any]) -> None:
    assert kinds(now, **known) == [kind]


FLAT = {"val-accuracy": [(0.0, 0.1), *((float(n), 0.9) for n in range(1, 12))]}


def test_a_plateau_is_reported_while_stopping_saves_something_and_all_values_are_known() -> None:
    quiet = {"last_line": START + 50, "metrics": FLAT}
    assert kinds(60, **quiet, progress=Progress(5, 10)) == [AlertKind.PLATEAU]
    assert kinds(60, **quiet, progress=Progress(10, 10)) == []
    assert kinds(60, **quiet, knows_metrics=False) == []
    best = {"val-accuracy": [(0.0, 0.1), *((float(n), 1.0) for n in range(1, 12))]}
    assert kinds(60, last_line=START + 50, metrics=best) == []


def test_a_listed_job_raises_an_alert_for_a_long_wait() -> None:
    begun = replace(RUNNING.transitions[0], end=None, message="Starting the training job")
    starting = replace(RUNNING, secondary_status="Starting", started=None, transitions=(begun,))
    assert listed_alerts(JobSnapshot(starting, begun.start + 200, {})) == []
    told = listed_alerts(JobSnapshot(starting, begun.start + 400, {}))
    assert [alert.kind for alert in told] == [AlertKind.WAITING]
    assert "Starting" in told[0].text


def test_a_healthy_job_raises_no_alert() -> None:
    busy = [(float(n), 80.0) for n in range(20)]
    assert kinds(120, last_line=START + 119, gpu=busy, cost=1.0, cap=10.0, metrics={"loss": [(0.0, 1.0)]}) == []
    assert kinds(120, last_line=START + 119, gpu=[(0.0, 0.0)] * 9) == []


def test_an_alert_is_not_raised_again_and_the_end_excludes_others() -> None:
    watched = JobSnapshot(RUNNING, START + 700, {}, last_line=START, not_finite="loss")
    assert [alert.kind for alert in alerts(watched, [AlertKind.SILENCE])] == [AlertKind.NOT_FINITE]
    ended = replace(watched, job=TrainingJob.parse(answer(), {}))
    assert [alert.text for alert in alerts(ended)] == ["flowers-1 is Completed."]
    assert alerts(ended, [AlertKind.ENDED]) == []


def test_silence_says_nothing_where_the_log_is_not_read() -> None:
    assert kinds(700, last_line=START + 50, reads_log=False) == []


def test_a_listed_job_raises_alerts_for_its_end_and_limits() -> None:
    watched = JobSnapshot(RUNNING, START + 20_000, {}, not_finite="loss", cost=9.5, cap=10.0)
    assert [alert.kind for alert in listed_alerts(watched)] == [AlertKind.TIME_LIMIT, AlertKind.COST_CAP]
    assert [alert.kind for alert in listed_alerts(watched, [AlertKind.TIME_LIMIT])] == [AlertKind.COST_CAP]
    ended = replace(watched, job=TrainingJob.parse(answer(), {}))
    assert [alert.kind for alert in listed_alerts(ended)] == [AlertKind.ENDED]
