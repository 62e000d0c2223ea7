"""Queue training jobs and run them in threads, as many at a time as there are cores."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from jsft_tui.sandbox.sagemaker.capacity import seconds_left, without_capacity
from jsft_tui.sandbox.sagemaker.execution import Backends, Execution, StopReason, Timing
from jsft_tui.sandbox.sagemaker.job_store import SHUT_DOWN_REASON, Job, Phase
from jsft_tui.sandbox.state.job_status import JobStatus

_log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 2.5
"""Seconds that `shutdown` waits for its threads."""


RETRY_SECONDS = 1.0
"""Seconds before the end of a job is written again after an error."""


class JobKey(NamedTuple):
    """Key of a job, which distinguishes it from a deleted job of the same name."""

    region: str
    name: str
    created: float

    @classmethod
    def of(cls, job: Job) -> JobKey:
        """Return the key of a job."""
        return cls(job.region, job.name, job.created)


class Runner:
    """First-in, first-out execution of jobs; a job that finds no free core waits as `Pending`."""

    def __init__(
        self,
        backends: Backends,
        work_dir: Path,
        *,
        slots: int | None = None,
        timing: Timing | None = None,
    ) -> None:
        """Create the runner; `slots` is the number of jobs that run at once (default: the CPU count)."""
        self._backends = backends
        self._jobs = backends.jobs
        self._work_dir = work_dir
        self._slots = slots or os.cpu_count() or 1
        self._timing = timing or Timing()
        self._changed = threading.Condition()
        self._queue: deque[JobKey] = deque()
        self._running: dict[JobKey, Execution] = {}
        self._threads: list[threading.Thread] = []
        self._waiting: dict[JobKey, threading.Timer] = {}
        """Jobs that wait for capacity, and the timer that queues each."""
        self._is_closing = False

    @property
    def slots(self) -> int:
        """The number of jobs that run at once."""
        return self._slots

    def start(self) -> None:
        """Start the threads, and queue the jobs that were waiting at the last shutdown."""
        shutil.rmtree(self._work_dir, ignore_errors=True)
        self._work_dir.mkdir(parents=True, mode=0o700)
        for job in self._jobs.waiting():
            self.submit(job)
        for number in range(self._slots):
            thread = threading.Thread(target=self._run_jobs, name=f"training-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def submit(self, job: Job) -> None:
        """Append a new job to the queue."""
        with self._changed:
            key = JobKey.of(job)
            if key in self._queue or key in self._running or key in self._waiting:
                return
            if self._jobs.get(key.region, key.name).status is JobStatus.STOPPING:
                # StopTrainingJob arrived before the job was in the queue, where `stop` would have found it.
                self._jobs.update(key.region, key.name, _stopped)
                return
            if (seconds := seconds_left(job)) > 0:
                self._wait_for_capacity(key, seconds)
                return
            self._queue.append(key)
            if len(self._running) + len(self._queue) > self._slots:
                self._jobs.update(key.region, key.name, _pending)
            self._changed.notify()

    def _wait_for_capacity(self, key: JobKey, seconds: float) -> None:
        job = self._jobs.update(key.region, key.name, without_capacity)
        timer = threading.Timer(seconds, self._capacity_available, [key, job])
        timer.daemon = True
        self._waiting[key] = timer
        timer.start()

    def _capacity_available(self, key: JobKey, job: Job) -> None:
        with self._changed:
            is_wanted = self._waiting.pop(key, None) is not None and not self._is_closing
        if is_wanted:
            self.submit(job)

    def stop(self, job: Job) -> None:
        """Stop a job in status `Stopping`: immediately if it waits, with SIGTERM and a grace period if it runs."""
        key = JobKey.of(job)
        with self._changed:
            if timer := self._waiting.pop(key, None):
                timer.cancel()
                self._jobs.update(key.region, key.name, _stopped)
            elif key in self._queue:
                self._queue.remove(key)
                self._jobs.update(key.region, key.name, _stopped)
            elif execution := self._running.get(key):
                execution.request_stop(StopReason.REQUESTED)

    def shutdown(self) -> None:
        """Stop everything within 3 seconds: running jobs become Failed, waiting jobs stay queued on disk."""
        with self._changed:
            self._is_closing = True
            for timer in self._waiting.values():
                timer.cancel()
            for execution in self._running.values():
                execution.request_stop(StopReason.SHUTDOWN)
            self._changed.notify_all()
        deadline = time.monotonic() + SHUTDOWN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            unfinished = list(self._running)
        for key in unfinished:
            # The thread is busy copying a file: it ends with the process, after its job has been marked as failed.
            with suppress(KeyError):  # ended and deleted meanwhile
                self._jobs.update(key.region, key.name, _failed)

    def _run_jobs(self) -> None:
        while (found := self._next_job()) is not None:
            key, execution = found
            try:
                execution.run()
            except (OSError, sqlite3.Error) as problem:
                _log.exception("the end of training job %s could not be written", key.name)
                self._fail_when_possible(key, problem)
            finally:
                with self._changed:
                    del self._running[key]

    def _fail_when_possible(self, key: JobKey, problem: Exception) -> None:
        """Retry until a job's end can be written. Blocking is acceptable: on a full disk no other job could run."""
        reason = f"InternalServerError: the sandbox could not write the end of the job ({problem})"
        while True:
            try:
                self._jobs.update(key.region, key.name, lambda job: job if job.status.is_final else job.failed(reason))
            except KeyError:  # ended and deleted meanwhile
                return
            except (OSError, sqlite3.Error):
                with self._changed:
                    if self._changed.wait_for(lambda: self._is_closing, RETRY_SECONDS):
                        return  # the next start recovers the job
            else:
                return

    def _next_job(self) -> tuple[JobKey, Execution] | None:
        """Wait for the next job and return it; None when the runner shuts down."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._is_closing)
            if self._is_closing:
                return None
            key = self._queue.popleft()
            job = self._jobs.get(key.region, key.name)
            base = self._work_dir / job.region / f"{job.name}.{int(job.created * 1e6)}"
            execution = Execution(job, base, self._backends, self._timing)
            self._running[key] = execution
            return key, execution


def _pending(job: Job) -> Job:
    is_new = job.status is JobStatus.IN_PROGRESS and job.phase is Phase.STARTING
    return job.with_status(JobStatus.IN_PROGRESS, Phase.PENDING) if is_new else job


def _stopped(job: Job) -> Job:
    return job.with_status(JobStatus.STOPPED, Phase.STOPPED)


def _failed(job: Job) -> Job:
    return job if job.status.is_final else job.failed(SHUT_DOWN_REASON)
