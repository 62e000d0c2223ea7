"""Curves of real training output have exactly its points, whichever source they are read from."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import Point, series
from jsft_tui.services.jobs.follow import Measured
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.services.jobs.training_jobs import Jobs
from tests.cli.runs import run_file, unique_name
from tests.common.home import IMAGE_MODEL, TABULAR_MODEL, TEXT_MODEL, TINY_SERVICES, TINY_SHAPES, Home
from tests.sandbox.cloudwatch.writing import put_events
from tests.sandbox.running import RunningSandbox
from tests.services.jobs.test_follow import events_of

pytestmark = pytest.mark.sandbox

GROUP = "/aws/sagemaker/TrainingJobs"
Curves = dict[str, list[tuple[float, float]]]


@dataclass(frozen=True)
class Trained:
    """A job that one of the sandbox's trainers ran."""

    name: str
    events: tuple[dict[str, Any], ...]
    """Return its log as the service stores it."""

    @property
    def curves(self) -> Curves:
        """Parse `Epoch 1/2 - loss: 0.3 - val_loss: 0.4` without any regular expression."""
        found: Curves = {}
        for event in self.events:
            head, *scores = event["message"].split(" - ")
            if head.startswith("Epoch ") and "/" in head:
                for name, value in (score.split(": ") for score in scores if ": " in score):
                    found.setdefault(name, []).append((event["timestamp"] / 1000, float(value)))
        return found


def log_events(sandbox: RunningSandbox, name: str) -> Iterator[dict[str, Any]]:
    """Return all events of a job's log."""
    client = sandbox.client("logs")
    found = client.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{name}/")["logStreams"]
    for stream in found:
        options: dict[str, Any] = {"logGroupName": GROUP, "logStreamName": stream["logStreamName"]}
        page = client.get_log_events(startFromHead=True, **options)
        while page["events"]:
            yield from page["events"]
            page = client.get_log_events(startFromHead=True, nextToken=page["nextForwardToken"], **options)


@pytest.fixture(scope="module", params=[IMAGE_MODEL, TEXT_MODEL, TABULAR_MODEL], ids=["image", "text", "tabular"])
def trained(request: pytest.FixtureRequest, _session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    changes: dict[str, dict[str, Any]] = {
        IMAGE_MODEL: {"data": {"training": TINY_SHAPES}, "hyperparameters": {"epochs": 3}},
        TEXT_MODEL: {"data": {"training": TINY_SERVICES}, "hyperparameters": {"epochs": 3}},
        TABULAR_MODEL: {"data": "default", "hyperparameters": {}, "instance": {"type": "ml.m5.xlarge"}},
    }
    name = unique_name("curves")
    path = run_file(tmp_path_factory.mktemp("curves"), name, model={"id": request.param}, **changes[request.param])
    outcome = _session_home.jsft("launch", path, "--yes", "--follow")
    assert outcome.code == 0, outcome
    return Trained(name, tuple(log_events(_session_home.sandbox, name)))


def followed(home: Home, name: str) -> tuple[JobViewModel, Curves]:
    """Return the state that the screens keep of a followed job, and all its points."""
    view_model = JobViewModel(name)
    points: list[Point] = []
    for event in events_of(home, name):
        view_model.take(event)
        if isinstance(event, Measured):
            points += event.points
    assert view_model.ended
    return view_model, series(points)


def test_curves_of_each_trainer_have_exactly_the_points_of_its_log(home: Home, trained: Trained) -> None:
    view_model, curves = followed(home, trained.name)

    assert curves
    by_name = {metric.partition(":")[2].replace("-", "_"): points for metric, points in curves.items()}
    assert by_name == trained.curves
    assert {metric: list(view_model.points(metric)) for metric in view_model.metrics} == curves
    final = Jobs(home.account()).get(trained.name).final_metrics
    assert {metric: points[-1][1] for metric, points in curves.items()} == pytest.approx(final)
    shown = home.json("job", trained.name)["metrics"]
    assert {metric: [value for _, value in points] for metric, points in shown.items()} == {
        metric: [value for _, value in points] for metric, points in curves.items()
    }


def test_without_access_to_the_log_cloudwatch_has_the_points_by_the_minute(home: Home, trained: Trained) -> None:
    jobs = Jobs(home.account())
    job = jobs.get(trained.name)
    exact = jobs.metrics(job)
    home.sandbox.set_faults({"do": "denied", "service": "logs", "times": None})
    by_minute = jobs.metrics(job)

    assert exact.keys() == by_minute.keys()
    for name, points in exact.items():
        minutes: dict[float, list[float]] = {}
        for time, value in points:
            minutes.setdefault(time // 60 * 60, []).append(value)
        assert dict(by_minute[name]) == pytest.approx({at: statistics.fmean(minutes[at]) for at in minutes})
        assert len(by_minute[name]) == len(minutes)


def test_later_points_of_cloudwatch_do_not_repeat_those_of_the_log(home: Home, trained: Trained) -> None:
    view_model, curves = followed(home, trained.name)
    assert view_model.job is not None
    home.sandbox.set_faults({"do": "denied", "service": "logs", "times": None})
    for _ in range(2):
        view_model.add_series(Jobs(home.account()).metrics(view_model.job))

    assert {metric: list(view_model.points(metric)) for metric in view_model.metrics} == curves


FORMATS = (  # jumpstart-facts §3.5: name, regular expression, a line of that kind with {} for the value
    ("ic:val-accuracy", r"val_accuracy: ([0-9\.]+)", "10/10 - 3s - loss: 0.3 - val_accuracy: {}"),
    ("tc:val-accuracy", r"val_accuracy=([0-9\.]+)", "epoch=1 val_accuracy={}"),
    ("od:localization", r"Val_localization=([0-9\.]+)", "Val_localization={}, Val_classification=0.2"),
    ("od:crossentropy", r"Val_CrossEntropy=([0-9\.]+)", "[Epoch 2] Val_CrossEntropy={}"),
    ("od:val-loss", r"val_loss: ([0-9\.]+)", "train Loss: 1.0 val_loss: {}."),
    ("semseg:val-loss", r"validation loss=([0-9\.]+)", "Epoch 3: validation loss={}"),
    ("hf:eval-accuracy", r"'eval_accuracy': ([0-9\.]+)", "{{'eval_loss_of': 0.4, 'eval_accuracy': {}}}"),
    ("hf:eval-loss", r"'eval_loss': ([0-9\.]+)", "\r 50%|#####     | 5/10{{'eval_loss': {}}}\r 60%|######    | 6/10"),
    ("hf:loss", r"'loss': ([0-9]+\.[0-9]+)", "{{'loss': {}, 'learning_rate': 5e-05}}"),
    ("hf:loss-with-exponents", r"'loss': ([0-9]+(.|e\-)[0-9]+),?", "{{'loss': {}, 'grad_norm': 3.5}}"),
    ("hf:eval-f1", r"'eval_f1': ([0-9\.]+)", "{{'eval_f1': {}}}"),
    ("hf:epoch", r"'epoch': ([0-9\.]+)", "{{'learning_rate': 5e-05, 'epoch': {}}}"),
    ("llama:train-loss", r"train_epoch_loss=([0-9\.]+)", "Epoch 1: train_perplexity=4.1, train_epoch_loss={}, 30s"),
    ("llama:eval-loss", r"eval_epoch_loss=tensor\(([0-9\.]+)", "eval_epoch_loss=tensor({}, device='cuda:0')"),
    ("llama:eval-ppl", r"eval_ppl=tensor\(([0-9\.]+)", "eval_ppl=tensor({}, device='cuda:0')"),
    ("neuron:train-loss", r"reduced_train_loss=([0-9]+\.[0-9]+)", "Epoch 0: reduced_train_loss={}, global_step=3"),
    ("lightgbm:rmse", r"rmse: ([0-9\.]+)", "[20]\tvalid_0's rmse: {}"),
    ("lightgbm:logloss", r"binary_logloss: ([0-9\.]+)", "[5]\tvalid_0's binary_logloss: {}"),
    ("lightgbm:auc", r"auc: ([0-9\.]+)", "[5]\tvalid_0's auc: {}"),
    ("lightgbm:multi", r"multi_logloss: ([0-9\.]+)", "[10]\tvalid_0's multi_logloss: {}"),
    ("catboost:best", r"bestTest = ([0-9\.]+)", "bestTest = {}"),
    ("tab:r2", r"metrics={'r2': (\S+)}", "metrics={{'r2': {}}}"),
)


def test_log_formats_of_real_training_scripts_become_curves(home: Home, folder: Path) -> None:
    """A job with all definitions, whose log has the output of real scripts."""
    first = unique_name("formats")
    assert home.jsft("launch", run_file(folder, first, hyperparameters={"epochs": 1}), "--yes", "--follow").code == 0
    client, name = home.sandbox.client("sagemaker"), f"{first}-all"
    described = client.describe_training_job(TrainingJobName=first)
    kept = ("RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition", "HyperParameters")
    algorithm = described["AlgorithmSpecification"]
    algorithm["MetricDefinitions"] = [{"Name": metric, "Regex": regex} for metric, regex, _ in FORMATS]
    client.create_training_job(
        TrainingJobName=name, AlgorithmSpecification=algorithm, **{field: described[field] for field in kept}
    )
    followed(home, name)
    before = list(log_events(home.sandbox, name))
    stream = f"{name}/algo-1-9999999999"
    now = before[-1]["timestamp"]
    values = [(index, step) for step in range(3) for index in range(len(FORMATS))]
    events = [
        (now + 1 + number, FORMATS[index][2].format(f"{step + 1}.{index + 10}"))
        for number, (index, step) in enumerate(values)
    ]
    put_events(home.sandbox, stream, events)

    _, curves = followed(home, name)
    expected: Curves = {}
    for number, (index, step) in enumerate(values):
        point = ((now + 1 + number) / 1000, float(f"{step + 1}.{index + 10}"))
        expected.setdefault(FORMATS[index][0], []).append(point)
    # These two definitions are of the same words: each finds what the other's script prints, as SageMaker would.
    both = sorted([*expected["hf:loss"], *expected["hf:loss-with-exponents"]])
    expected["hf:loss"] = expected["hf:loss-with-exponents"] = both
    late = {metric: [point for point in points if point[0] > now / 1000] for metric, points in curves.items()}
    assert late == expected
