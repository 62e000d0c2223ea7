"""Test that jobs and their logs survive the end of the sandbox and say what happened."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.sandbox.sagemaker.job_store import SHUT_DOWN_REASON, Job, JobStore, Phase
from jsft_tui.sandbox.sagemaker.processes import ProcessIdentity, identify_process
from jsft_tui.sandbox.state.job_status import JobStatus
from tests.common.effort import PATIENCE, at_most
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.test_training_jobs import Training
from tests.sandbox.sagemaker.training_bench import REGION, Bench, training_request, until

pytestmark = pytest.mark.sandbox

# Ends with its sandbox, as the trainers do.
WATCHER = """
import os, select, sys
print("pid", os.getpid(), flush=True)
select.select([int(os.environ["JSFT_LIFELINE"])], [], [])
"""


def _log_lines(training: Training, name: str) -> list[str]:
    logs = training.sandbox.client("logs")
    group = "/aws/sagemaker/TrainingJobs"
    try:
        answer = logs.filter_log_events(logGroupName=group, logStreamNamePrefix=f"{name}/")
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in answer["events"]]


def test_kill_9_fails_running_jobs_keeps_logs_and_starts_the_waiting(own_sandbox: RunningSandbox) -> None:
    training = Training(own_sandbox)
    training.start("done")
    finished = training.finish("done")
    cores = os.cpu_count() or 1
    large: dict[str, Any] = {"ResourceConfig": {"InstanceType": "ml.c5.2xlarge", "InstanceCount": 1}}
    small: dict[str, Any] = {"ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1}}
    running = [f"running-{number}" for number in range(min(cores, 4))]
    if cores > len(running):
        pytest.skip("more cores than the sandbox's quota of instances: no job would wait")
    for name in running:
        training.start(name, WATCHER, **large)
    training.start("waiting", **small)
    until(lambda: all(_log_lines(training, name) for name in running))
    assert training.describe("waiting")["SecondaryStatus"] == "Pending"
    pids = [int(_log_lines(training, name)[0].split()[1]) for name in running]

    own_sandbox.kill()
    until(lambda: not any(_is_running(pid) for pid in pids), 3)
    own_sandbox.start()

    training.sandbox = own_sandbox
    training.sagemaker = own_sandbox.client("sagemaker")
    for name in running:
        job = training.describe(name)
        assert job["TrainingJobStatus"] == "Failed"
        assert job["FailureReason"] == SHUT_DOWN_REASON
        assert job["BillableTimeInSeconds"] >= 1
        assert _log_lines(training, name)[0].startswith("pid ")
    assert training.finish("waiting")["TrainingJobStatus"] == "Completed"
    again = training.describe("done")
    assert {**again, "ResponseMetadata": None} == {**finished, "ResponseMetadata": None}


def _is_running(pid: int) -> bool:
    found = identify_process(pid)
    return found is not None


def test_kill_9_ends_processes_that_know_nothing_of_the_sandbox_and_their_children_too(
    own_sandbox: RunningSandbox,
) -> None:
    training = Training(own_sandbox)
    shell = {
        **training_request("shell")["AlgorithmSpecification"],
        "ContainerEntrypoint": ["/bin/sh", "-c", "sleep 300 & echo pids $! $$; wait"],
    }
    training.start("shell", AlgorithmSpecification=shell)
    until(lambda: _log_lines(training, "shell"))
    pids = [int(pid) for pid in _log_lines(training, "shell")[0].split()[1:]]
    own_sandbox.kill()
    until(lambda: not any(_is_running(pid) for pid in pids), 3)


def _kept(root: Path, job: Job) -> Job:
    store = JobStore(root)
    store.create(job)
    store.close()
    return JobStore(root).get(REGION, job.name)


def _job(**changes: Any) -> Job:
    return Job(region=REGION, name="j", request=training_request("j"), created=1.0, modified=1.0, **changes)


def test_a_job_reads_back_as_it_was_written(tmp_path: Path) -> None:
    job = _job(tags={"a": "b"}).with_status(JobStatus.IN_PROGRESS, Phase.STARTING)
    done = job.with_status(JobStatus.IN_PROGRESS, Phase.DOWNLOADING, training_started=5.0).with_status(
        JobStatus.COMPLETED, Phase.COMPLETED, artifacts="s3://b/k"
    )
    assert _kept(tmp_path, done) == done


def test_a_job_that_was_stopping_before_it_started_is_stopped(tmp_path: Path) -> None:
    job = _kept(tmp_path, _job().with_status(JobStatus.STOPPING, Phase.STOPPING))
    assert (job.status, job.failure_reason) == (JobStatus.STOPPED, None)


def test_the_process_of_a_dead_sandboxs_job_is_killed(tmp_path: Path) -> None:

    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True) as process:
        job = _kept(tmp_path, _job(training_started=1.0, process=identify_process(process.pid)))
        assert job.failure_reason == SHUT_DOWN_REASON
        assert process.wait(PATIENCE) == -9


def test_a_process_that_only_has_the_same_number_is_left_alone(tmp_path: Path) -> None:

    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True) as process:
        _kept(tmp_path, _job(training_started=1.0, process=ProcessIdentity(process.pid, "another time")))
        assert process.poll() is None
        process.kill()


def test_two_hundred_jobs_open_and_list_quickly(tmp_path: Path) -> None:

    store = JobStore(tmp_path)
    for number in range(200):
        store.create(replace(_job(), name=f"j{number}", status=JobStatus.FAILED))
    store.close()
    with at_most(5):
        assert len(JobStore(tmp_path).all(REGION)) == 200


def test_a_clean_stop_and_start_requeues_waiting_jobs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, slots=1)
    bench.submit("busy", "import time\ntime.sleep(60)")
    bench.submit("waiting", "pass")
    until(lambda: bench.job("busy").phase is Phase.TRAINING)
    bench.close()
    again = Bench(tmp_path, slots=1)
    assert again.finished("waiting").status is JobStatus.COMPLETED
    assert again.job("busy").failure_reason == SHUT_DOWN_REASON
    again.close()
