"""Store tuning jobs on disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.state.database import Database
from jsft_tui.sandbox.state.documents import Documents
from jsft_tui.sandbox.state.job_status import JobStatus


@dataclass(frozen=True)
class Result:
    """How a trial ended. Times are epoch seconds."""

    status: JobStatus
    created: float
    started: float | None
    ended: float
    objective: float | None = None
    failure_reason: str | None = None


@dataclass(frozen=True)
class Trial:
    """A trial: the name of its training job, the values that it tries, and how it ended (None before)."""

    name: str
    values: Mapping[str, str]
    result: Result | None = None


@dataclass(frozen=True)
class TuningJob:
    """A tuning job: its request and its state. Times are epoch seconds.

    Attributes:
        request: CreateHyperParameterTuningJob's parameters as received, without the tags.
        trials: in the order of their launch. A trial is stored before its training job is created, so that a killed
            sandbox creates it once.
        ending: how the search will end once the running trials have; None while it goes on.
        converged_at: when convergence was detected.
    """

    region: str
    name: str
    request: Mapping[str, Any]
    created: float
    modified: float
    status: JobStatus = JobStatus.IN_PROGRESS
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    ending: JobStatus | None = None
    ended: float | None = None
    failure_reason: str | None = None
    converged_at: float | None = None

    @property
    def arn(self) -> str:
        """The job's ARN."""
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT_ID}:hyper-parameter-tuning-job/{self.name}"

    @property
    def config(self) -> Mapping[str, Any]:
        """HyperParameterTuningJobConfig."""
        config: Mapping[str, Any] = self.request["HyperParameterTuningJobConfig"]
        return config

    @property
    def metric(self) -> str:
        """The name of the objective."""
        return str(self.config["HyperParameterTuningJobObjective"]["MetricName"])

    @property
    def sign(self) -> float:
        """1 where the objective is minimized, -1 where it is maximized: times it, lower is better."""
        return 1.0 if self.config["HyperParameterTuningJobObjective"]["Type"] == "Minimize" else -1.0

    @property
    def losses(self) -> list[float]:
        """The values of the ended trials in the order of their ends, the lower the better."""
        ended = [trial.result for trial in self.trials if trial.result is not None]
        known = sorted((each.ended, each.objective) for each in ended if each.objective is not None)
        return [self.sign * objective for _, objective in known]

    @property
    def best(self) -> Trial | None:
        """The trial with the best value; a failed one has none."""
        valued = [each for each in self.trials if each.result is not None and each.result.objective is not None]
        sound = [each for each in valued if each.result is not None and each.result.status is not JobStatus.FAILED]
        return min(sound, key=lambda each: self.sign * _objective(each), default=None)


def _objective(trial: Trial) -> float:
    assert trial.result is not None
    assert trial.result.objective is not None
    return trial.result.objective


class TuningStore(Documents[TuningJob]):
    """All tuning jobs. The trials of a deleted one stay."""

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path), "tuning_jobs", _read)

    def active(self) -> list[TuningJob]:
        """Return the jobs of all regions that have not ended, oldest first."""
        return [job for job in self.everywhere() if not job.status.is_final]


def with_result(job: TuningJob, name: str, result: Result) -> TuningJob:
    """Return the job with the end of a trial."""
    trials = tuple(replace(trial, result=result) if trial.name == name else trial for trial in job.trials)
    return replace(job, trials=trials, modified=result.ended)


def _read(document: dict[str, Any]) -> TuningJob:
    ending = document["ending"]
    return TuningJob(
        **{
            **document,
            "status": JobStatus(document["status"]),
            "ending": None if ending is None else JobStatus(ending),
            "trials": tuple(map(_read_trial, document["trials"])),
        }
    )


def _read_trial(document: dict[str, Any]) -> Trial:
    result = document["result"]
    read = None if result is None else Result(**{**result, "status": JobStatus(result["status"])})
    return Trial(document["name"], document["values"], read)
