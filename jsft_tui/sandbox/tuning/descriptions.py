"""Describe tuning jobs and their trials under AWS's names."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import present
from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore
from jsft_tui.sandbox.state.job_status import JobStatus
from jsft_tui.sandbox.tuning.engine import most_jobs
from jsft_tui.sandbox.tuning.stopping import not_improving
from jsft_tui.sandbox.tuning.trial_request import OBJECTIVE_HYPERPARAMETER
from jsft_tui.sandbox.tuning.tuning_store import Trial, TuningJob


def description(job: TuningJob, jobs: JobStore) -> dict[str, Any]:
    """Return all members that describe a tuning job; those without a value are None."""
    definition = dict(job.request["TrainingJobDefinition"])
    static = definition.get("StaticHyperParameters", {})
    definition["StaticHyperParameters"] = {**static, OBJECTIVE_HYPERPARAMETER: job.metric}
    completion = {
        "NumberOfTrainingJobsObjectiveNotImproving": not_improving(job.losses),
        "ConvergenceDetectedTime": job.converged_at,
    }
    return {
        **job.request,
        **summary(job, jobs),
        "TrainingJobDefinition": definition,
        "BestTrainingJob": best_summary(job, jobs),
        "FailureReason": job.failure_reason,
        "TuningJobCompletionDetails": present(completion),
        "ConsumedResources": {"RuntimeInSeconds": round((job.ended or time.time()) - job.created)},
    }


def summary(job: TuningJob, jobs: JobStore) -> dict[str, Any]:
    """Return a HyperParameterTuningJobSummary."""
    limits = {**job.config["ResourceLimits"], "MaxNumberOfTrainingJobs": most_jobs(job)}
    return present(
        {
            "HyperParameterTuningJobName": job.name,
            "HyperParameterTuningJobArn": job.arn,
            "HyperParameterTuningJobStatus": job.status.value,
            "Strategy": job.config["Strategy"],
            "CreationTime": job.created,
            "HyperParameterTuningEndTime": job.ended,
            "LastModifiedTime": job.modified,
            "TrainingJobStatusCounters": _counters(job, jobs),
            "ObjectiveStatusCounters": _objective_counters(job),
            "ResourceLimits": limits,
        }
    )


def trial_rows(job: TuningJob, jobs: JobStore) -> list[dict[str, Any]]:
    """Return the HyperParameterTrainingJobSummary of each trial that has a training job."""
    return [row for trial in job.trials if (row := _row(job, trial, _job_of(job, trial, jobs))) is not None]


def best_summary(job: TuningJob, jobs: JobStore, *, of_another: bool = False) -> dict[str, Any] | None:
    """Return the row of the best trial; None without one. That of a parent names its tuning job."""
    best = job.best
    row = _row(job, best, _job_of(job, best, jobs)) if best is not None else None
    return {**row, "TuningJobName": job.name} if row is not None and of_another else row


def _job_of(job: TuningJob, trial: Trial, jobs: JobStore) -> Job | None:
    try:
        return jobs.get(job.region, trial.name)
    except KeyError:
        return None


def _row(job: TuningJob, trial: Trial, found: Job | None) -> dict[str, Any] | None:
    result = trial.result
    if result is None and found is None:
        return None  # it waits for a quota
    objective: float | None = None
    if result is not None:
        status, created, started, ended = result.status.value, result.created, result.started, result.ended
        objective, reason = result.objective, result.failure_reason
    else:
        assert found is not None
        status, created, started, ended = found.status.value, found.created, found.training_started, None
        reason = found.failure_reason
    config = job.config["HyperParameterTuningJobObjective"]
    word = "Succeeded" if objective is not None else "Pending" if result is None else "Failed"
    return present(
        {
            "TrainingJobName": trial.name,
            "TrainingJobArn": f"arn:aws:sagemaker:{job.region}:{ACCOUNT_ID}:training-job/{trial.name}",
            "CreationTime": created,
            "TrainingStartTime": started,
            "TrainingEndTime": ended,
            "TrainingJobStatus": status,
            "TunedHyperParameters": dict(trial.values),
            "FailureReason": reason,
            "FinalHyperParameterTuningJobObjectiveMetric": {**config, "Value": objective}
            if objective is not None
            else None,
            "ObjectiveStatus": word,
        }
    )


def _counters(job: TuningJob, jobs: JobStore) -> dict[str, int]:
    words = {JobStatus.COMPLETED: "Completed", JobStatus.FAILED: "NonRetryableError", JobStatus.STOPPED: "Stopped"}
    count: Counter[str] = Counter()
    for trial in job.trials:
        if trial.result is not None:
            count[words[trial.result.status]] += 1
        else:
            count["InProgress" if _job_of(job, trial, jobs) is not None else "RetryableError"] += 1
    return {name: count[name] for name in ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")}


def _objective_counters(job: TuningJob) -> dict[str, int]:
    ended = [trial.result for trial in job.trials if trial.result is not None]
    valued = sum(result.objective is not None for result in ended)
    return {"Succeeded": valued, "Pending": len(job.trials) - len(ended), "Failed": len(ended) - valued}
