"""Run searches: launch trials, take their results, stop those that lose, and end what has reached its goal."""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean, pstdev

from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.job_output import METRIC_NAMESPACE
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore
from jsft_tui.sandbox.state.job_status import JobStatus
from jsft_tui.sandbox.tuning.space import Space
from jsft_tui.sandbox.tuning.stopping import has_converged, is_worse_than_median, loses_at_rung, reached
from jsft_tui.sandbox.tuning.strategies import Seen, next_values
from jsft_tui.sandbox.tuning.trial_request import trial_name, trial_request
from jsft_tui.sandbox.tuning.tuning_store import Result, Trial, TuningJob, TuningStore, with_result

_log = logging.getLogger(__name__)

POLL_SECONDS, IDLE_SECONDS = 0.2, 5.0
"""Between two looks at the searches; a new one is looked at immediately."""
FAILURES = 5
"""Failed trials without a success after which a search fails."""
NO_SUCCESS = (
    "No training job succeeded after {} attempts. For additional details, please take a look at the training job "
    "failures by listing training jobs for the hyperparameter tuning job."
)
"""FailureReason, as printed in public issues."""
HYPERBAND_LEAST = 1


class TuningEngine:
    """Runs the searches of all regions in one thread. All of its state is in the stores: a killed one goes on."""

    def __init__(
        self, store: TuningStore, jobs: JobStore, training: TrainingService, metrics: MetricsService, slots: int
    ) -> None:
        """Create the engine; `slots` is the number of trials that run at once at most."""
        self._store = store
        self._jobs = jobs
        self._training = training
        self._metrics = metrics
        self._slots = slots
        self._changed = threading.Condition()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="tuning", daemon=True)

    def start(self) -> None:
        """Start the thread; searches of the last run go on."""
        self._thread.start()

    def notify(self) -> None:
        """Look at the searches now: there is a new one, or one is to be stopped."""
        with self._changed:
            self._changed.notify()

    def shutdown(self) -> None:
        """Launch nothing more; searches go on at the next start."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join(1.0)

    def _run(self) -> None:
        while not self._is_closing:
            active = self._store.active()
            for job in active:
                self._advance_safely(job)
            with self._changed:
                self._changed.wait(POLL_SECONDS if active else IDLE_SECONDS)

    def _advance_safely(self, job: TuningJob) -> None:
        try:
            self._advance(job)
        except Exception as problem:  # noqa: BLE001 - a bug of the sandbox is logged, and the search must still end
            _log.exception("tuning job %s", job.name)
            reason = f"InternalServerError: the sandbox could not run the search ({problem!r}); see its log file"
            self._store.update(job.region, job.name, lambda now: _ended(now, JobStatus.FAILED, reason))

    # One step

    def _advance(self, job: TuningJob) -> None:
        job = self._take_results(job)
        job = self._decide(job)
        running = [trial for trial in job.trials if trial.result is None]
        if job.ending is not None:
            self._stop(job, running)
            if not running:
                ending = job.ending
                self._store.update(job.region, job.name, lambda now: _ended(now, ending, now.failure_reason))
            return
        self._stop_early(job, running)
        for trial in running:
            self._create(job, trial)
        if len(running) < min(job.config["ResourceLimits"]["MaxParallelTrainingJobs"], self._slots):
            self._launch(job)

    def _take_results(self, job: TuningJob) -> TuningJob:
        for trial in job.trials:
            found = self._job_of(job, trial) if trial.result is None else None
            if found is not None and found.status.is_final:
                job = self._note(job, trial, _result(found, job.metric))
        return job

    def _note(self, job: TuningJob, trial: Trial, result: Result) -> TuningJob:
        return self._store.update(job.region, job.name, lambda now: with_result(now, trial.name, result))

    def _job_of(self, job: TuningJob, trial: Trial) -> Job | None:
        try:
            return self._jobs.get(job.region, trial.name)
        except KeyError:
            return None

    def _decide(self, job: TuningJob) -> TuningJob:
        """Decide whether a search has to end."""
        if job.ending is not None:
            return job
        results = [trial.result for trial in job.trials if trial.result is not None]
        failed = [result for result in results if result.status is JobStatus.FAILED]
        jobs = most_jobs(job)
        limit = job.config["ResourceLimits"].get("MaxRuntimeInSeconds")
        criteria = job.config.get("TuningJobCompletionCriteria") or {}
        if len(failed) == len(results) and len(failed) >= min(FAILURES, jobs):
            reason = NO_SUCCESS.format(len(failed))
            return self._end(job, JobStatus.FAILED, reason)
        # Not checked against AWS: that a search is Completed when its time is over.
        is_over = limit is not None and time.time() > job.created + limit
        if len(results) == jobs or is_over or reached(criteria, job.losses, job.sign):
            return self._end(job, JobStatus.COMPLETED, None)
        return job

    def _end(self, job: TuningJob, ending: JobStatus, reason: str | None) -> TuningJob:
        moment = time.time() if has_converged(job.losses) else None

        def ending_now(now: TuningJob) -> TuningJob:
            if now.ending is not None:
                return now
            return replace(now, ending=ending, failure_reason=reason, converged_at=moment)

        return self._store.update(job.region, job.name, ending_now)

    def _stop(self, job: TuningJob, running: Sequence[Trial]) -> None:
        for trial in running:
            found = self._job_of(job, trial)
            if found is None:  # it never had a training job
                now = time.time()
                self._note(job, trial, Result(JobStatus.STOPPED, now, None, now))
            elif found.status is JobStatus.IN_PROGRESS:
                self._stop_trial(job, trial)

    def _stop_trial(self, job: TuningJob, trial: Trial) -> None:
        try:
            self._training.stop_job(job.region, trial.name)
        except ApiError:
            _log.info("trial %s ended before it could be stopped", trial.name)

    # Early stopping

    def _stop_early(self, job: TuningJob, running: Sequence[Trial]) -> None:
        is_hyperband = job.config["Strategy"] == "Hyperband"
        if not running or not (is_hyperband or job.config.get("TrainingJobEarlyStoppingType") == "Auto"):
            return
        for trial in running:
            found = self._job_of(job, trial)
            if found is None or found.status is not JobStatus.IN_PROGRESS:
                continue
            own = self._curve(job, trial)
            others = [self._curve(job, other) for other in job.trials if other.name != trial.name]
            if is_hyperband:
                limits = (job.config.get("StrategyConfig") or {}).get("HyperbandStrategyConfig") or {}
                least = int(limits.get("MinResource", HYPERBAND_LEAST))
                loses = loses_at_rung(own, others, least, limits.get("MaxResource"))
            else:
                loses = is_worse_than_median(own, others)
            if loses:
                self._stop_trial(job, trial)

    def _curve(self, job: TuningJob, trial: Trial) -> list[float]:
        values = self._metrics.values(METRIC_NAMESPACE, {"TrainingJobName": trial.name}, job.metric)
        return [job.sign * value for value in values]

    # Launching

    def _launch(self, job: TuningJob) -> None:
        number = len(job.trials)
        if number >= most_jobs(job):
            return
        space = Space.parse(job.config.get("ParameterRanges") or {})
        seed = int(job.config.get("RandomSeed", zlib.crc32(f"{job.name} {job.created}".encode())))
        running = [space.point(trial.values) for trial in job.trials if trial.result is None]
        seen = [*_seen(space, job), *self._seen_before(space, job)]
        values = next_values(
            job.config["Strategy"], space, number, seed, seen, [point for point in running if point is not None]
        )
        trial = Trial(trial_name(job, number + 1), values)

        def planned(now: TuningJob) -> TuningJob:
            return now if now.ending is not None else replace(now, trials=(*now.trials, trial), modified=time.time())

        job = self._store.update(job.region, job.name, planned)
        if job.ending is None:
            self._create(job, trial)

    def _seen_before(self, space: Space, job: TuningJob) -> list[Seen]:
        """Return the trials of the searches that this one starts from, each search with mean 0 and spread 1."""
        found: list[Seen] = []
        for each in (job.request.get("WarmStartConfig") or {}).get("ParentHyperParameterTuningJobs", []):
            try:
                parent = self._store.get(job.region, each["HyperParameterTuningJobName"])
            except KeyError:
                continue  # deleted meanwhile
            seen = list(_seen(space, parent))
            if len(seen) > 1:
                losses = [one.loss for one in seen]
                spread = pstdev(losses) or 1.0
                found += [Seen(one.point, (one.loss - mean(losses)) / spread) for one in seen]
        own = [one.loss for one in _seen(space, job)]
        if len(own) > 1 and found:
            spread = pstdev(own) or 1.0
            return [Seen(one.point, one.loss * spread + mean(own)) for one in found]
        return found if not own else []

    def _create(self, job: TuningJob, trial: Trial) -> None:
        """Create a trial's training job, unless it is there: a search that was killed in between does it now."""
        if self._job_of(job, trial) is not None:
            return
        try:
            request = trial_request(job.request, trial.name, trial.values, job.tags)
            self._training.create_job(job.region, request, job.arn)
        except ApiError as problem:
            if problem.code == "ResourceLimitExceeded":
                return  # other jobs use the quota: it is tried again
            now = time.time()
            result = Result(JobStatus.FAILED, now, None, now, failure_reason=f"ClientError: {problem.message}")
            self._note(job, trial, result)


def most_jobs(job: TuningJob) -> int:
    """Return the number of trials of a search at most."""
    asked = job.config["ResourceLimits"].get("MaxNumberOfTrainingJobs")
    return int(asked) if asked is not None else len(Space.parse(job.config["ParameterRanges"]).grid())


def _seen(space: Space, job: TuningJob) -> list[Seen]:
    found = []
    for trial in job.trials:
        point = space.point(trial.values)
        if point is not None and trial.result is not None and trial.result.objective is not None:
            found.append(Seen(point, job.sign * trial.result.objective))
    return found


def _result(job: Job, metric: str) -> Result:
    objective = next((each.value for each in job.metrics if each.name == metric), None)
    ended = job.training_ended or job.modified
    return Result(job.status, job.created, job.training_started, ended, objective, job.failure_reason)


def _ended(job: TuningJob, status: JobStatus, reason: str | None) -> TuningJob:
    now = time.time()
    return replace(job, status=status, ended=now, modified=now, failure_reason=reason)
