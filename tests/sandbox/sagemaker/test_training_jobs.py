"""Test SageMaker's training job API through boto3, against a real sandbox process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from jsft_tui.sandbox.http.constraints import check_constraints
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.job_store import Job
from tests.common.effort import at_most
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import REGION, Bench, tarball, training_request, until

SLEEP = "import time\nprint('ready', flush=True)\ntime.sleep(60)"


class Training:
    """A bucket with code and data in a running sandbox, and requests that use it."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.sagemaker = sandbox.client("sagemaker")
        self.s3 = sandbox.client("s3")
        self.bucket = f"training-{time.time_ns()}"
        self.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": sandbox.info["region"]}
        )
        self.s3.put_object(Bucket=self.bucket, Key="data/rows.csv", Body=b"1,2\n")

    def request(self, name: str, script: str = "print('hello')", **changes: Any) -> dict[str, Any]:
        """Return a request that runs the script."""
        self.s3.put_object(
            Bucket=self.bucket,
            Key=f"{name}/code/sourcedir.tar.gz",
            Body=tarball({"transfer_learning.py": script}),
        )
        request = training_request(name, **changes)
        for channel in request["InputDataConfig"]:
            source = channel["DataSource"]["S3DataSource"]
            source["S3Uri"] = source["S3Uri"].replace("s3://bench/", f"s3://{self.bucket}/")
        if "OutputDataConfig" not in changes:
            request["OutputDataConfig"] = {"S3OutputPath": f"s3://{self.bucket}/out"}
        return request

    def start(self, name: str, script: str = "print('hello')", **changes: Any) -> str:
        """Create a job and return its ARN."""
        return str(self.sagemaker.create_training_job(**self.request(name, script, **changes))["TrainingJobArn"])

    def describe(self, name: str) -> dict[str, Any]:
        """Return DescribeTrainingJob's response."""
        answer: dict[str, Any] = self.sagemaker.describe_training_job(TrainingJobName=name)
        return answer

    def finish(self, name: str) -> dict[str, Any]:
        """Wait with boto3's own waiter."""
        waiter = self.sagemaker.get_waiter("training_job_completed_or_stopped")
        waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})
        return self.describe(name)

    def refusal(self, request: dict[str, Any]) -> tuple[str, str]:
        """Return the code and message with which CreateTrainingJob is rejected."""
        with pytest.raises(ClientError) as caught:
            self.sagemaker.create_training_job(**request)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def training(sandbox: RunningSandbox) -> Training:
    return Training(sandbox)


@pytest.fixture
def name() -> str:
    return f"job-{time.time_ns()}"


@pytest.fixture
def running(training: Training, name: str) -> Iterator[str]:
    """Run a job until the end of the test."""
    training.start(name, SLEEP)
    yield name
    if training.describe(name)["TrainingJobStatus"] == "InProgress":
        training.sagemaker.stop_training_job(TrainingJobName=name)
    training.finish(name)


def test_a_job_runs_and_describe_echoes_the_request(training: Training, name: str) -> None:
    request = training.request(
        name,
        "import os\nprint('val_accuracy: 0.75')\nopen(os.environ['SM_MODEL_DIR'] + '/m', 'w').write('m')",
        Tags=[{"Key": "who", "Value": "me"}],
        EnableNetworkIsolation=True,
        Environment={"A": "b"},
    )
    request["AlgorithmSpecification"]["MetricDefinitions"] = [
        {"Name": "val:accuracy", "Regex": r"val_accuracy: ([0-9\.]+)"}
    ]
    arn = training.sagemaker.create_training_job(**request)["TrainingJobArn"]
    job = training.finish(name)
    assert job["TrainingJobArn"] == arn
    assert arn == f"arn:aws:sagemaker:{training.sandbox.info['region']}:123456789012:training-job/{name}"
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    for member in (
        "AlgorithmSpecification",
        "EnableNetworkIsolation",
        "Environment",
        "HyperParameters",
        "InputDataConfig",
        "ResourceConfig",
        "RoleArn",
        "StoppingCondition",
    ):
        assert job[member] == request[member], member
    assert job["OutputDataConfig"] == {"KmsKeyId": "", **request["OutputDataConfig"]}
    assert "Tags" not in job
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://{training.bucket}/out/{name}/output/model.tar.gz"
    training.s3.head_object(Bucket=training.bucket, Key=f"out/{name}/output/model.tar.gz")
    (metric,) = job["FinalMetricDataList"]
    assert (metric["MetricName"], metric["Value"]) == ("val:accuracy", 0.75)
    assert job["TrainingStartTime"] <= job["TrainingEndTime"]
    assert job["BillableTimeInSeconds"] == job["TrainingTimeInSeconds"] >= 1
    transitions = job["SecondaryStatusTransitions"]
    assert transitions[-1]["Status"] == "Completed"
    assert all(later["StartTime"] >= earlier["EndTime"] for earlier, later in itertools.pairwise(transitions))


def test_the_log_stream_has_the_jobs_name_and_lines(training: Training, name: str) -> None:
    training.start(name, "print('one')\nprint('two')")
    training.finish(name)
    logs = training.sandbox.client("logs")
    group = "/aws/sagemaker/TrainingJobs"
    (stream,) = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/")["logStreams"]
    assert stream["logStreamName"].startswith(f"{name}/algo-1-")
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)
    assert [event["message"] for event in events["events"]] == ["one", "two"]


def test_a_running_job_has_no_artifacts_and_no_end_yet(training: Training, running: str) -> None:
    until(lambda: training.describe(running)["SecondaryStatus"] == "Training")
    job = training.describe(running)
    assert job["TrainingJobStatus"] == "InProgress"
    assert {"ModelArtifacts", "TrainingEndTime", "BillableTimeInSeconds"}.isdisjoint(job)
    assert "EndTime" not in job["SecondaryStatusTransitions"][-1]


def test_a_failed_job_ends_the_waiter_with_its_reason(training: Training, name: str) -> None:
    training.start(name, "raise ValueError('no good')")
    with pytest.raises(WaiterError):
        training.finish(name)
    job = training.describe(name)
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: ValueError: no good, exit code: 1"


def test_stop_goes_through_stopping_to_stopped(training: Training, running: str) -> None:
    until(lambda: training.describe(running)["SecondaryStatus"] == "Training")
    training.sagemaker.stop_training_job(TrainingJobName=running)
    job = training.finish(running)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    with pytest.raises(ClientError) as caught:
        training.sagemaker.stop_training_job(TrainingJobName=running)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "The request was rejected because the training job is in status Stopped."


@pytest.mark.parametrize("operation", ["describe_training_job", "stop_training_job", "delete_training_job"])
def test_an_unknown_job_is_a_validation_exception(training: Training, operation: str) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(training.sagemaker, operation)(TrainingJobName="never-was")
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": "Requested resource not found."}


def test_only_finished_jobs_can_be_deleted_and_their_name_used_again(training: Training, running: str) -> None:
    client = training.sagemaker
    with pytest.raises(client.exceptions.ResourceInUse):
        client.delete_training_job(TrainingJobName=running)
    client.stop_training_job(TrainingJobName=running)
    training.finish(running)
    client.delete_training_job(TrainingJobName=running)
    training.start(running)
    assert training.finish(running)["TrainingJobStatus"] == "Completed"


def test_tags_are_replaced_by_key_and_removed(training: Training, name: str) -> None:
    client = training.sagemaker
    arn = training.start(name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    client.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "3"}])
    client.delete_tags(ResourceArn=arn, TagKeys=["b"])
    assert client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]
    with pytest.raises(ClientError, match="Requested resource not found"):
        client.list_tags(ResourceArn=arn + "x")


def _changed(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def changed(request: dict[str, Any]) -> dict[str, Any]:
        change(request)
        return request

    return changed


def _channel(request: dict[str, Any]) -> dict[str, Any]:
    source: dict[str, Any] = request["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    return source


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a name with an underscore": (
        lambda request: request.update(TrainingJobName="no_good"),
        "ValidationException",
        "Value 'no_good' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression",
    ),
    "an unknown instance type": (
        lambda request: request["ResourceConfig"].update(InstanceType="ml.x1.large"),
        "ValidationException",
        "Value 'ml.x1.large' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must satisfy enum",
    ),
    "no instances": (
        lambda request: request["ResourceConfig"].update(InstanceCount=0),
        "ValidationException",
        "greater than or equal to 1",
    ),
    "a role that is not there": (
        lambda request: request.update(RoleArn="arn:aws:iam::123456789012:role/Nobody"),
        "ValidationException",
        "Could not assume role arn:aws:iam::123456789012:role/Nobody. Please ensure that the role exists and allows "
        "principal 'sagemaker.amazonaws.com' to assume the role.",
    ),
    "an empty prefix": (
        lambda request: _channel(request).update(S3Uri=_channel(request)["S3Uri"] + "nothing/"),
        "ValidationException",
        "No S3 objects found under S3 URL",
    ),
    "a bucket that is not there": (
        lambda request: _channel(request).update(S3Uri="s3://no-such-bucket-here/x"),
        "ValidationException",
        "No S3 objects found under S3 URL",
    ),
    "data in another region": (
        lambda request: _channel(request).update(S3Uri="s3://jsft-sandbox-elsewhere/"),
        "ValidationException",
        "No S3 objects found under S3 URL",
    ),
    "a missing output bucket": (
        lambda request: request.update(OutputDataConfig={"S3OutputPath": "s3://no-such-bucket-here/x"}),
        "ValidationException",
        "does not exist",
    ),
    "output in another region": (
        lambda request: request.update(OutputDataConfig={"S3OutputPath": "s3://jsft-sandbox-elsewhere/out"}),
        "ValidationException",
        "same region",
    ),
    "a type without quota": (
        lambda request: request["ResourceConfig"].update(InstanceType="ml.p3.2xlarge"),
        "ResourceLimitExceeded",
        "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, with current "
        "utilization of 0 Instances and a request delta of 1 Instances.",
    ),
    "more instances than the quota": (
        lambda request: request["ResourceConfig"].update(InstanceType="ml.g5.12xlarge", InstanceCount=2),
        "ResourceLimitExceeded",
        "'ml.g5.12xlarge for training job usage' is 1 Instances",
    ),
    "spot without spot quota": (
        lambda request: (
            request["ResourceConfig"].update(InstanceType="ml.g5.12xlarge"),
            request.update(
                EnableManagedSpotTraining=True,
                StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60},
            ),
        ),
        "ResourceLimitExceeded",
        "'ml.g5.12xlarge for spot training job usage' is 0 Instances",
    ),
    "a run longer than the account's quota": (
        lambda request: request.update(StoppingCondition={"MaxRuntimeInSeconds": 500_000}),
        "ResourceLimitExceeded",
        "'Longest run time for a training job' is 432000 Seconds",
    ),
    "a volume key on an NVMe type": (
        lambda request: request["ResourceConfig"].update(InstanceType="ml.g4dn.xlarge", VolumeKmsKeyId="my-key"),
        "ValidationException",
        "not supported for NVMe instance storage",
    ),
    "a wait without spot": (
        lambda request: request.update(StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60}),
        "ValidationException",
        "MaxWaitTimeInSeconds",
    ),
    "a spot wait shorter than the run": (
        lambda request: request.update(
            EnableManagedSpotTraining=True,
            StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 59},
        ),
        "ValidationException",
        "equal to or greater than MaxRuntimeInSeconds",
    ),
    "more than 28 days": (
        lambda request: request.update(StoppingCondition={"MaxRuntimeInSeconds": 28 * 86_400 + 1}),
        "ValidationException",
        "28 days",
    ),
    "a hyperparameter that is too long": (
        lambda request: request["HyperParameters"].update(x="y" * 2501),
        "ValidationException",
        "less than or equal to 2500",
    ),
    "a channel named after a parent folder": (
        lambda request: request["InputDataConfig"][1].update(ChannelName=".."),
        "ValidationException",
        "must not be",
    ),
    "two channels of one name": (
        lambda request: request["InputDataConfig"][1].update(ChannelName="code"),
        "ValidationException",
        "must be unique",
    ),
    "Pipe mode": (
        lambda request: request["AlgorithmSpecification"].update(TrainingInputMode="Pipe"),
        "ValidationException",
        "does not support Pipe mode",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_is_refused_as_on_aws(training: Training, name: str, case: str) -> None:
    change, code, part = REFUSED[case]
    found_code, message = training.refusal(_changed(change)(training.request(name)))
    assert found_code == code, message
    assert part in message
    with pytest.raises(ClientError, match="Requested resource not found"):
        training.describe(name)


def test_a_name_is_unique(training: Training, name: str) -> None:
    training.start(name)
    code, message = training.refusal(training.request(name))
    assert code == "ResourceInUse"
    assert message.startswith("Training job names must be unique within an AWS account and region")
    training.finish(name)


def test_running_jobs_use_up_the_quota_and_finished_ones_give_it_back(training: Training, name: str) -> None:
    one = {"InstanceType": "ml.g5.48xlarge", "InstanceCount": 1}
    training.start(name, SLEEP, ResourceConfig=one)
    code, message = training.refusal(training.request(f"{name}-b", ResourceConfig=one))
    assert code == "ResourceLimitExceeded"
    assert "current utilization of 1 Instances and a request delta of 1 Instances" in message
    training.sagemaker.stop_training_job(TrainingJobName=name)
    training.finish(name)
    training.start(f"{name}-b", ResourceConfig=one)
    training.finish(f"{name}-b")


# Listings are tested in process, with many jobs that do not run.


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingService]:
    bench = Bench(tmp_path_factory.mktemp("listing"))
    for number in range(200):
        job = Job(
            region=REGION,
            name=f"{'old' if number < 100 else 'new'}-{(number * 7) % 200:03}",
            request=training_request("x"),
            created=1_000.0 + number,
            modified=2_000.0 + number,
            training_started=1.0,
        )
        bench.jobs.create(job if number % 4 else job.failed("no"))
    yield bench.service
    bench.close()


def _names(service: TrainingService, **parameters: Any) -> list[list[str]]:
    pages: list[list[str]] = []
    token: dict[str, str] = {}
    while True:
        answer = service.answer(Call("ListTrainingJobs", {**parameters, **token}, REGION))
        pages.append([summary["TrainingJobName"] for summary in answer["TrainingJobSummaries"]])
        if "NextToken" not in answer:
            return pages
        token = {"NextToken": answer["NextToken"]}


def test_pages_hold_ten_jobs_oldest_first_unless_asked_otherwise(listing: TrainingService) -> None:
    pages = _names(listing)
    assert [len(page) for page in pages] == [10] * 20
    assert pages[0][0] == "old-000"
    assert len({name for page in pages for name in page}) == 200


@pytest.mark.parametrize("sort_by", ["Name", "CreationTime", "Status"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_every_order_is_complete_over_pages(listing: TrainingService, sort_by: str, order: str) -> None:
    names = [name for page in _names(listing, SortBy=sort_by, SortOrder=order, MaxResults=30) for name in page]
    assert len(names) == len(set(names)) == 200
    if sort_by == "Name":
        assert names == sorted(names, reverse=order == "Descending")


def test_status_filters_the_page_after_it_was_cut(listing: TrainingService) -> None:
    pages = _names(listing, StatusEquals="Failed", MaxResults=100)
    assert [len(page) for page in pages] == [25, 25]


def test_names_and_times_filter_before_the_page_is_cut(listing: TrainingService) -> None:
    assert sum(map(len, _names(listing, NameContains="old-", MaxResults=100))) == 100
    assert sum(map(len, _names(listing, CreationTimeAfter=1_100.0, CreationTimeBefore=1_103.0))) == 2


def test_two_hundred_jobs_are_listed_quickly(listing: TrainingService) -> None:
    with at_most(5):
        _names(listing, MaxResults=100)


def test_a_strange_page_token_is_refused(listing: TrainingService) -> None:
    with pytest.raises(ApiError, match="pagination token"):
        listing.answer(Call("ListTrainingJobs", {"NextToken": "abc"}, REGION))


def test_boto3s_paginator_and_time_filters_work_over_http(training: Training, name: str) -> None:
    for number in range(3):
        training.start(f"{name}-{number}")
    for number in range(3):
        training.finish(f"{name}-{number}")
    pages = training.sagemaker.get_paginator("list_training_jobs").paginate(
        NameContains=name, SortBy="Name", SortOrder="Descending", PaginationConfig={"PageSize": 2}
    )
    found = [summary for page in pages for summary in page["TrainingJobSummaries"]]
    assert [summary["TrainingJobName"] for summary in found] == [f"{name}-{number}" for number in (2, 1, 0)]
    assert found[0]["SecondaryStatus"] == "Completed"
    created = found[0]["CreationTime"]
    assert isinstance(created, datetime)
    later = training.sagemaker.list_training_jobs(NameContains=name, CreationTimeAfter=created + timedelta(seconds=1))
    assert later["TrainingJobSummaries"] == []


def test_all_broken_constraints_are_named_at_once() -> None:
    request = training_request("bad_name")
    request["ResourceConfig"]["InstanceType"] = "ml.none"
    with pytest.raises(ApiError) as caught:
        check_constraints("sagemaker", "CreateTrainingJob", request)
    assert caught.value.message.startswith("2 validation errors detected: ")
