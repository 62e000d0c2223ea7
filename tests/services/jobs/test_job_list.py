"""The job list makes few calls, whatever is in it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore, Phase
from jsft_tui.sandbox.state import job_status
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.jobs.listed.job_list_state import JobListState
from jsft_tui.services.jobs.listed.pace import CALLS_PER_MINUTE, pace
from tests.cli.runs import run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.faults.sandbox import FaultySandbox
from tests.common.home import Home

pytestmark = pytest.mark.sandbox

REGION = "us-west-2"
OLD_JOBS = 150


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySandbox]:
    """Start a sandbox with many jobs that ended long ago."""
    state = tmp_path_factory.mktemp("crowded")
    store = JobStore(state / "content" / "jobs")
    request = {
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/"},
        "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    }
    for number in range(OLD_JOBS):
        created = 1_700_000_000.0 + number
        job = Job(region=REGION, name=f"old-{number:03}", request=request, created=created, modified=created)
        job = job.with_status(job_status.JobStatus.IN_PROGRESS, Phase.TRAINING, training_started=created)
        store.create(job.with_status(job_status.JobStatus.COMPLETED, Phase.COMPLETED))
    sandbox = FaultySandbox(state)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def good_day(crowded: FaultySandbox) -> Iterator[FaultySandbox]:
    """Return the sandbox without faults and counted calls."""
    crowded.set_faults()
    crowded.forget_calls()
    yield crowded
    crowded.set_faults()


def job_list_of(sandbox: FaultySandbox) -> JobListStore:
    """Return the job list of a sandbox."""
    info = sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    account = Account(Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True))
    return JobListStore(account.training, is_local=True)


def counted(sandbox: FaultySandbox) -> Counter[str]:
    """Return the number of calls per operation since the last time."""
    found = Counter(operation for _, operation in sandbox.calls())
    sandbox.forget_calls()
    return found


def names(state: JobListState) -> list[str]:
    """Return the job names in their order."""
    return [job.name for job in state.jobs]


def test_a_refresh_is_one_list_call_and_describes_only_new_visible_rows(good_day: FaultySandbox) -> None:
    job_list, sizes = job_list_of(good_day), []
    visible = [f"old-{OLD_JOBS - 1 - number:03}" for number in range(20)]

    state = job_list.refresh(visible, lambda state: sizes.append(len(state.jobs)))

    assert counted(good_day) == {"ListTrainingJobs": 1, "DescribeTrainingJob": 20, "ListTags": 20}
    assert sizes == [100]  # the rows are there before the first of them was described
    assert names(state)[:20] == visible
    assert {job.name for job in state.jobs if job.instance_type} == set(visible)
    assert state.has_more

    job_list.refresh(visible)
    assert counted(good_day) == {"ListTrainingJobs": 1}

    state = job_list.more()
    assert counted(good_day) == {"ListTrainingJobs": 1}
    assert (len(state.jobs), state.has_more) == (OLD_JOBS, False)
    assert len(job_list.more().jobs) == OLD_JOBS
    assert not counted(good_day)

    job_list.describe(["old-001", visible[0], "there-is-no-such-job"])
    assert counted(good_day) == {"DescribeTrainingJob": 1, "ListTags": 1}
    assert len(job_list.refresh(visible).jobs) == OLD_JOBS  # older pages stay


def test_deleted_jobs_disappear_when_everything_is_read_again(good_day: FaultySandbox) -> None:
    job_list = job_list_of(good_day)
    newest = names(job_list.refresh())[0]
    good_day.client("sagemaker").delete_training_job(TrainingJobName=newest)

    job_list.forget()

    assert newest not in names(job_list.refresh())


def test_a_job_that_cannot_be_described_has_its_row_and_is_not_tried_again(good_day: FaultySandbox) -> None:
    job_list = job_list_of(good_day)
    good_day.set_faults({"do": "denied", "service": "sagemaker", "operation": "DescribeTrainingJob", "times": None})

    state = job_list.refresh(["old-120"])
    job = state.get("old-120")

    assert job is not None
    assert (job.status, job.instance_type) == (JobStatus.COMPLETED, "")
    assert job_list.is_refused("old-120")
    counted(good_day)
    job_list.refresh(["old-120"])
    assert counted(good_day) == {"ListTrainingJobs": 1}


def test_when_the_list_is_denied_the_jobs_stay_and_the_pauses_grow(good_day: FaultySandbox) -> None:
    job_list = job_list_of(good_day)
    before = job_list.refresh()
    calm = job_list.pause(is_shown=True) or 0.0
    good_day.set_faults({"do": "denied", "service": "sagemaker", "times": None})

    pauses = []
    for _ in range(3):
        with pytest.raises(Problem) as caught:
            job_list.refresh()
        pauses.append(job_list.pause(is_shown=True) or 0.0)

    assert caught.value.code == "AccessDenied"
    assert job_list.state.jobs == before.jobs
    assert job_list.state.problem is caught.value
    grown = [pause for pause in (calm, *pauses) if pause is not None]
    assert len(grown) == 4
    assert grown == sorted(set(grown))
    assert job_list.pause(is_shown=False) is None
    good_day.set_faults()
    assert job_list.refresh().problem is None
    assert job_list.pause(is_shown=True) == calm


def test_a_running_job_is_described_at_its_start_and_at_its_end(home: Home, folder: Path) -> None:
    job_list = job_list_of(home.sandbox)
    job_list.refresh()
    name = unique_name("boarded")
    assert home.jsft("launch", run_file(folder, name), "--yes").code == 0
    home.sandbox.forget_calls()

    phases, lists, ends = [], 0, time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        job = job_list.refresh([name]).get(name)
        lists += 1
        assert job is not None
        assert job.instance_type == "ml.g4dn.xlarge"  # the header needs its price at once
        phases.append(job.secondary_status)
        if job.status.is_final and job.billable_seconds is not None:
            break
        assert job_list.pause(is_shown=True) == 1.0
        time.sleep(0.05)

    assert phases[-1] == "Completed"
    calls = counted(home.sandbox)
    assert calls["ListTrainingJobs"] == lists
    assert calls["ListTags"] == 1
    assert calls["DescribeTrainingJob"] <= 4
    assert not job_list.state.running


def test_the_state_of_a_followed_job_is_stored(home: Home, folder: Path) -> None:
    name = unique_name("learned")
    assert home.jsft("launch", run_file(folder, name), "--yes", "--follow").code == 0
    job_list = job_list_of(home.sandbox)
    info = home.sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    target = Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True)
    job = Account(target).training.describe(name)

    job_list.learn(job)
    home.sandbox.forget_calls()
    state = job_list.refresh([name])

    assert state.get(name) == job
    assert counted(home.sandbox) == {"ListTrainingJobs": 1}


@pytest.mark.parametrize("is_local", [True, False])
@pytest.mark.parametrize("running", [6, 40, 200])
def test_a_list_of_many_running_jobs_makes_at_most_six_calls_a_minute(running: int, is_local: bool) -> None:
    found = pace(running, is_shown=True, is_local=is_local)

    assert found is not None
    assert 60 / found.period + found.describes + 60 / found.curves <= CALLS_PER_MINUTE


def test_nothing_is_polled_that_cannot_change() -> None:
    assert pace(0, is_shown=False, is_local=True) is None
    assert pace(0, is_shown=False, is_local=False) is None
    header = pace(3, is_shown=False, is_local=False)
    assert header is not None
    assert header.period == 60
