"""Test jobs that try to break the runner: each ends by itself, with one sentence, and affects nothing else."""

from __future__ import annotations

import io
import json
import os
import tarfile
import threading
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from jsft_tui.metric_search import program as search_program
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.sagemaker import container
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore, Phase
from jsft_tui.sandbox.state.job_status import JobStatus
from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import BUCKET, REGION, Bench, tarball, training_request, until

pytestmark = pytest.mark.training


def reason(job: Job) -> str:
    assert job.status is JobStatus.FAILED
    return job.failure_reason or ""


def repr_start(text: str) -> str:
    return text[:20]


def with_training(name: str, source: dict[str, str]) -> list[dict[str, Any]]:
    channels: list[dict[str, Any]] = training_request(name)["InputDataConfig"]
    channels[1]["DataSource"]["S3DataSource"] = source
    return channels


def test_a_failure_file_that_is_a_pipe_does_not_hang_the_job(bench: Bench) -> None:
    job = bench.run("pipe", "import os, sys\nos.mkfifo(os.environ['SM_OUTPUT_DIR'] + '/failure')\nsys.exit('boom')")
    assert reason(job) == "AlgorithmError: boom, exit code: 1"


@pytest.mark.parametrize("folder", ["SM_MODEL_DIR", "SM_OUTPUT_DATA_DIR"])
def test_a_script_may_remove_the_folders_it_was_given(bench: Bench, folder: str) -> None:
    job = bench.run("remover", f"import os, shutil\nshutil.rmtree(os.environ['{folder}'])")
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    assert bench.model("remover") == {}


def test_a_hyperparameter_that_only_looks_like_json_is_a_text(bench: Bench) -> None:
    parameters = {**training_request("deep")["HyperParameters"], "deep": "[" * 2400}
    job = bench.run("deep", "import os\nprint(len(os.environ['SM_HP_DEEP']))", HyperParameters=parameters)
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    assert bench.lines("deep") == ["2400"]


def test_a_key_that_no_disk_can_hold_fails_the_download(bench: Bench) -> None:
    bench.store.write(BUCKET, "odd/nul\0x", b"x")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/odd/"}
    job = bench.run("odd", "pass", InputDataConfig=with_training("odd", source))
    assert reason(job).startswith("ClientError: Data download failed:Unable to download object")


@pytest.mark.parametrize("text", ['[{"prefix": 5}, "x"]', "[" * 100_000, "{}", "[]", "no json"], ids=repr_start)
def test_a_manifest_that_is_none_fails_the_download(bench: Bench, text: str) -> None:
    bench.store.write(BUCKET, "manifest", text.encode())
    source = {"S3DataType": "ManifestFile", "S3Uri": f"s3://{BUCKET}/manifest"}
    job = bench.run("listed", "pass", InputDataConfig=with_training("listed", source))
    assert reason(job).startswith("ClientError: Data download failed:Unable to read the manifest")


def test_an_archive_that_unpacks_to_more_than_code_can_be_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "MAX_CODE_BYTES", 1 << 20)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        info = tarfile.TarInfo("zeros")
        info.size = 2 << 20
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    bench.store.write(BUCKET, "bomb/code/sourcedir.tar.gz", buffer.getvalue())
    bench.ask("CreateTrainingJob", **training_request("bomb"))
    assert "cannot be unpacked: it holds more than 1 MiB" in reason(bench.finished("bomb"))


def test_an_archive_that_is_damaged_inside_fails_the_job(bench: Bench) -> None:
    whole = bytearray(tarball({"transfer_learning.py": "\n".join(map(str, range(9000)))}))
    for place in range(len(whole) // 2, len(whole) // 2 + 200):
        whole[place] ^= 0x5A
    bench.store.write(BUCKET, "damaged/code/sourcedir.tar.gz", bytes(whole))
    bench.ask("CreateTrainingJob", **training_request("damaged"))
    assert reason(bench.finished("damaged")).startswith("ClientError: the code archive sourcedir.tar.gz cannot be")


def test_a_stop_that_overtakes_the_queue_is_not_forgotten(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    submit = bench.runner.submit

    def stop_first(job: Job) -> None:
        bench.ask("StopTrainingJob", TrainingJobName=job.name)
        submit(job)

    monkeypatch.setattr(bench.runner, "submit", stop_first)
    job = bench.run("overtaken", "pass")
    assert (job.status, job.phase, job.training_started) == (JobStatus.STOPPED, Phase.STOPPED, None)


def test_of_a_hundred_creations_at_once_exactly_one_wins(bench: Bench) -> None:
    bench.put_code("same", "pass")
    start = threading.Barrier(100)
    outcomes: list[str] = []

    def create() -> None:
        start.wait()
        try:
            bench.ask("CreateTrainingJob", **training_request("same"))
            outcomes.append("created")
        except ApiError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=create) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ResourceInUse"] * 99 + ["created"]


def test_a_clock_that_is_set_back_neither_prolongs_a_job_nor_turns_its_history_round(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.submit(
        "clock",
        "import time\nprint('ready', flush=True)\ntime.sleep(60)",
        StoppingCondition={"MaxRuntimeInSeconds": 2},
    )
    until(lambda: "ready" in bench.lines("clock"))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    job = bench.finished("clock")
    assert job.phase is Phase.MAX_RUNTIME_EXCEEDED
    assert all(step.end is not None and step.end >= step.start for step in job.transitions)
    assert job.training_seconds is not None


def test_a_job_whose_end_cannot_be_written_fails_as_soon_as_it_can(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full = threading.Event()
    save = JobStore._save

    def save_if_there_is_room(store: JobStore, job: Job) -> None:
        if is_full.is_set() and job.name == "unlucky":
            raise OSError(28, os.strerror(28))
        save(store, job)

    monkeypatch.setattr(JobStore, "_save", save_if_there_is_room)
    go = bench.root / "go"
    waits = f"import os, time\nprint('ready', flush=True)\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)\n"
    bench.submit("unlucky", waits)
    until(lambda: "ready" in bench.lines("unlucky"))
    is_full.set()
    go.touch()
    until(lambda: not any((bench.root / "work" / REGION).iterdir()))
    is_full.clear()
    assert "No space left on device" in reason(bench.finished("unlucky"))
    assert bench.run("after", "pass").status is JobStatus.COMPLETED


def test_a_page_token_of_another_order_is_refused(bench: Bench) -> None:
    for number in range(2):
        bench.run(f"job-{number}", "pass")
    token = bench.ask("ListTrainingJobs", MaxResults=1, SortBy="Name")["NextToken"]
    with pytest.raises(ApiError, match="Invalid pagination token"):
        bench.ask("ListTrainingJobs", MaxResults=1, SortBy="CreationTime", NextToken=token)


def test_the_request_of_a_hostile_job_reads_back(bench: Bench) -> None:
    job = bench.run("echo", "pass", Environment={"A": "\ud800"})
    assert "cannot be started" in reason(job)
    assert json.loads(json.dumps(bench.ask("DescribeTrainingJob", TrainingJobName="echo")))["Environment"]


def with_metrics(name: str, *definitions: tuple[str, str]) -> dict[str, Any]:
    found = [{"Name": metric, "Regex": regex} for metric, regex in definitions]
    return {**training_request(name)["AlgorithmSpecification"], "MetricDefinitions": found}


def test_a_regex_without_end_freezes_neither_the_sandbox_nor_the_other_metrics(bench: Bench) -> None:
    bench.submit(
        "endless",
        "for number in range(5):\n    print('a' * 60, 'loss:', number)\n",
        AlgorithmSpecification=with_metrics("endless", ("endless", "(a|aa)+$"), ("loss", r"loss: ([0-9\.]+)")),
    )
    # Searched for in this process, the expression would let no other thread run again.
    job = bench.finished("endless")
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    assert {metric.name: metric.value for metric in job.metrics} == {"loss": 4.0}
    assert [line for line in bench.lines("endless") if line.startswith("sandbox: the metric definition endless takes")]


def test_the_end_of_the_searching_process_does_not_hurt_the_job(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    program = bench.root / "no-search.py"
    program.write_text("raise SystemExit(1)")
    monkeypatch.setattr(search_program, "__file__", str(program))
    job = bench.run(
        "alone", "print('loss: 1')", AlgorithmSpecification=with_metrics("alone", ("loss", r"loss: ([0-9\.]+)"))
    )
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    assert [line for line in bench.lines("alone") if line.startswith("sandbox: metrics are no longer extracted")]


@pytest.mark.parametrize(
    ("target", "service", "parameters"),
    [
        ("SageMaker.ListTrainingJobs", "sagemaker", {"CreationTimeAfter": "2026-01-01T00:00:00Z"}),
        ("SageMaker.ListTrainingJobs", "sagemaker", {"CreationTimeAfter": 1e20}),
        ("SageMaker.ListTrainingJobs", "sagemaker", {"CreationTimeAfter": float("nan")}),
        ("SageMaker.ListTrainingJobs", "sagemaker", {"MaxResults": 10**30}),
        ("Logs_20140328.DescribeLogStreams", "logs", {"logGroupName": "\ud800"}),
        ("SageMaker.CreateTrainingJob", "sagemaker", {"HyperParameters": {"\udfff": "x"}}),
        ("Logs_20140328.FilterLogEvents", "logs", {"logGroupName": "g", "endTime": 10**30}),
    ],
)
def test_scalars_that_mean_nothing_are_refused(
    sandbox: RunningSandbox, target: str, service: str, parameters: dict[str, Any]
) -> None:
    body = json.dumps(parameters).encode()
    request = AWSRequest("POST", sandbox.info["endpoint"] + "/", data=body, headers={"X-Amz-Target": target})
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    SigV4Auth(credentials, service, "us-west-2").add_auth(request)
    plain = urllib.request.Request(request.url, data=body, headers=dict(request.headers), method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(plain, timeout=PATIENCE)
    assert (refused.value.code, json.load(refused.value)["__type"]) == (400, "SerializationException")
