"""The list of jobs costs few questions, whatever is in it."""

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
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore, Phase, Status
from jsft_tui.services.jobs.job_list import CALLS_PER_MINUTE, JobListState, JobListStore, pace
from tests.cli.runs import run_file, unique_name
from tests.effort import PATIENCE
from tests.home import Home
from tests.sandbox.running import RunningSandbox

pytestmark = pytest.mark.sandbox

REGION = "us-west-2"
OLD_JOBS = 150


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox with many jobs that ended long ago."""
    state = tmp_path_factory.mktemp("crowded")
    store = JobStore(state / "content" / "jobs")
    request = {"ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}}
    for number in range(OLD_JOBS):
        created = 1_700_000_000.0 + number
        job = Job(region=REGION, name=f"old-{number:03}", request=request, created=created, modified=created)
        job = job.with_status(Status.IN_PROGRESS, Phase.TRAINING, training_started=created)
        store.create(job.with_status(Status.COMPLETED, Phase.COMPLETED))
    sandbox = RunningSandbox(state, "--faults")
    yield sandbox
    sandbox.stop()


@pytest.fixture
def good_day(crowded: RunningSandbox) -> Iterator[RunningSandbox]:
    """The same, with no faults and no calls counted."""
    crowded.set_faults()
    crowded.forget_calls()
    yield crowded
    crowded.set_faults()


def board_of(sandbox: RunningSandbox) -> JobListStore:
    """A board over a sandbox's jobs."""
    info = sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    account = Account(Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True))
    return JobListStore(account.training, is_local=True)


def counted(sandbox: RunningSandbox) -> Counter[str]:
    """How often each operation was called since the last time."""
    found = Counter(operation for _, operation in sandbox.calls())
    sandbox.forget_calls()
    return found


def names(state: JobListState) -> list[str]:
    """The jobs in their order."""
    return [job.name for job in state.jobs]


def test_a_tick_is_one_list_and_only_new_rows_on_screen_are_described(good_day: RunningSandbox) -> None:
    job_list, told = board_of(good_day), []
    visible = [f"old-{OLD_JOBS - 1 - number:03}" for number in range(20)]

    state = job_list.refresh(visible, lambda state: told.append(len(state.jobs)))

    assert counted(good_day) == {"ListTrainingJobs": 1, "DescribeTrainingJob": 20, "ListTags": 20}
    assert told == [100]  # the rows are there before the first of them was described
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


def test_jobs_that_were_deleted_go_when_all_is_read_anew(good_day: RunningSandbox) -> None:
    job_list = board_of(good_day)
    newest = names(job_list.refresh())[0]
    good_day.client("sagemaker").delete_training_job(TrainingJobName=newest)

    job_list.forget()

    assert newest not in names(job_list.refresh())


def test_a_job_that_may_not_be_described_is_shown_by_its_row_and_not_asked_for_again(good_day: RunningSandbox) -> None:
    job_list = board_of(good_day)
    good_day.set_faults({"do": "denied", "service": "sagemaker", "operation": "DescribeTrainingJob", "times": None})

    state = job_list.refresh(["old-120"])
    job = state.get("old-120")

    assert job is not None
    assert (job.status, job.instance_type) == (JobStatus.COMPLETED, "")
    assert job_list.is_refused("old-120")
    counted(good_day)
    job_list.refresh(["old-120"])
    assert counted(good_day) == {"ListTrainingJobs": 1}


def test_when_the_list_is_denied_what_was_known_stays_and_the_pauses_grow(good_day: RunningSandbox) -> None:
    job_list = board_of(good_day)
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
    job_list = board_of(home.sandbox)
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


def test_what_the_watch_of_a_job_was_told_is_taken_over(home: Home, folder: Path) -> None:
    name = unique_name("learned")
    assert home.jsft("launch", run_file(folder, name), "--yes", "--follow").code == 0
    job_list = board_of(home.sandbox)
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
def test_a_list_of_many_running_jobs_asks_at_most_six_times_a_minute(running: int, is_local: bool) -> None:
    found = pace(running, is_shown=True, is_local=is_local)

    assert found is not None
    assert 60 / found.period + found.describes + 60 / found.curves <= CALLS_PER_MINUTE


def test_nothing_is_asked_for_what_cannot_change_unseen() -> None:
    assert pace(0, is_shown=False, is_local=True) is None
    assert pace(0, is_shown=False, is_local=False) is None
    header = pace(3, is_shown=False, is_local=False)
    assert header is not None
    assert header.period == 60
