"""Test training jobs that really run: code, data, output, logs, metrics, stops."""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jsft_tui.core.failures.matching import diagnose
from jsft_tui.sandbox.http.service import Call
from jsft_tui.sandbox.sagemaker.capacity import seconds_left
from jsft_tui.sandbox.sagemaker.execution import Timing
from jsft_tui.sandbox.sagemaker.job_output import LOG_GROUP, METRIC_NAMESPACE
from jsft_tui.sandbox.sagemaker.job_store import SHUT_DOWN_REASON, JobStore, Phase
from jsft_tui.sandbox.state.job_status import JobStatus
from tests.sandbox.sagemaker.training_bench import (
    BUCKET,
    REGION,
    Bench,
    members,
    printed_json,
    tarball,
    training_request,
    until,
)

pytestmark = pytest.mark.sandbox

SLEEPER = """
import signal, sys, time, os
def leave(*_):
    open(os.environ["SM_MODEL_DIR"] + "/partial.txt", "w").write("so far")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready")
time.sleep(60)
"""


def test_a_script_runs_to_completed_and_leaves_its_model(bench: Bench) -> None:
    job = bench.run(
        "ok-job",
        "import os\n"
        "rows = open(os.environ['SM_CHANNEL_TRAINING'] + '/rows.csv').read()\n"
        "open(os.environ['SM_MODEL_DIR'] + '/model.txt', 'w').write(rows)\n"
        "open(os.environ['SM_OUTPUT_DATA_DIR'] + '/report.txt', 'w').write('fine')\n",
    )
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    assert [step.phase.value for step in job.transitions] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all(step.end is not None and step.message for step in job.transitions)
    assert job.artifacts == f"s3://{BUCKET}/out/ok-job/output/model.tar.gz"
    assert bench.model("ok-job") == {"model.txt": b"1,2\n"}
    assert members(bench.read("out/ok-job/output/output.tar.gz")) == {"report.txt": b"fine"}
    assert job.billable_seconds == job.training_seconds == 1
    until(lambda: not any((bench.root / "work" / REGION).iterdir()))


def test_hyperparameters_reach_the_script_as_options_variables_and_file(bench: Bench) -> None:
    request = training_request("hp-job")
    hyperparameters = {**request["HyperParameters"], "epochs": '"5"', "optimizer": "adam", "batch-size": "8"}
    bench.run(
        "hp-job",
        "import json, os, sys\n"
        "base = os.environ['SAGEMAKER_BASE_DIR']\n"
        "print(json.dumps([sys.argv[1:], os.environ['SM_HP_EPOCHS'], os.environ['SM_HP_BATCH-SIZE'],"
        " json.loads(os.environ['SM_HPS']), json.load(open(base + '/input/config/hyperparameters.json'))]))\n",
        HyperParameters=hyperparameters,
    )
    options, epochs, batch_size, parsed, file = printed_json(bench, "hp-job")
    assert options == ["--batch-size", "8", "--epochs", "5", "--optimizer", "adam"]
    assert (epochs, batch_size) == ("5", "8")
    assert parsed == {"epochs": 5, "optimizer": "adam", "batch-size": 8}
    assert file["epochs"] == '"5"'
    assert file["sagemaker_submit_directory"].endswith('/input/data/code/sourcedir.tar.gz"')
    assert "/opt/ml" not in file["sagemaker_submit_directory"]


def test_the_environment_is_scrubbed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for jobs")
    monkeypatch.setenv("HF_TOKEN", "not for jobs")
    bench.run(
        "env-job",
        "import json, os, sys\nprint(json.dumps([dict(os.environ), sys.stdin.read()]))\n",
        Environment={"MY_SETTING": "/opt/ml/model/x", "HOME": "/root"},
    )
    environment, stdin = printed_json(bench, "env-job")
    assert "not for jobs" not in environment.values()
    assert not [name for name in environment if name.startswith("AWS_")]
    assert environment["HOME"] == environment["SAGEMAKER_BASE_DIR"]
    assert environment["MY_SETTING"] == environment["HOME"] + "/model/x"
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["TRAINING_JOB_NAME"] == "env-job"
    assert stdin == ""


def test_the_script_can_import_the_package_that_the_sandbox_runs_from(bench: Bench) -> None:
    job = bench.run("import-job", "import jsft_tui.sandbox.http.service")
    assert job.status is JobStatus.COMPLETED, job.failure_reason


def test_a_failure_file_becomes_the_failure_reason(bench: Bench) -> None:
    job = bench.run(
        "fail-job",
        "import os, sys\n"
        "open(os.environ['SM_OUTPUT_DIR'] + '/failure', 'w').write('data.csv line 3: ' + 'x' * 5000)\n"
        "sys.exit(3)\n",
    )
    assert job.status is JobStatus.FAILED
    assert job.failure_reason is not None
    assert job.failure_reason.startswith("AlgorithmError: data.csv line 3: xxx")
    assert job.failure_reason.endswith(", exit code: 3")
    assert len(job.failure_reason) <= 1024
    assert job.artifacts is None


def test_without_a_failure_file_the_last_line_is_the_reason(bench: Bench) -> None:
    job = bench.run("raise-job", "raise RuntimeError('boom')")
    assert job.failure_reason == "AlgorithmError: RuntimeError: boom, exit code: 1"


def test_a_killed_process_has_the_exit_code_of_a_container(bench: Bench) -> None:
    job = bench.run("killed-job", "import os, signal\nprint('x', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)")
    assert job.failure_reason == "AlgorithmError: x, exit code: 137"


def test_stop_sends_sigterm_and_keeps_the_partial_model(bench: Bench) -> None:
    bench.submit("stop-job", SLEEPER)
    until(lambda: "ready" in bench.lines("stop-job"))
    bench.ask("StopTrainingJob", TrainingJobName="stop-job")
    job = bench.finished("stop-job")
    assert (job.status, job.phase) == (JobStatus.STOPPED, Phase.STOPPED)
    assert [step.phase.value for step in job.transitions][-2:] == ["Stopping", "Stopped"]
    assert bench.model("stop-job") == {"partial.txt": b"so far"}


def test_a_script_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path) -> None:
    bench = Bench(tmp_path, timing=Timing(grace=0.3))
    bench.submit("deaf-job", "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('ready')\ntime.sleep(60)")
    until(lambda: "ready" in bench.lines("deaf-job"))
    bench.ask("StopTrainingJob", TrainingJobName="deaf-job")
    job = bench.finished("deaf-job")
    assert (job.status, job.artifacts) == (JobStatus.STOPPED, None)
    bench.close()


def test_max_runtime_stops_the_job_with_its_own_status(bench: Bench) -> None:
    job = bench.run("long-job", SLEEPER, StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert (job.status, job.phase) == (JobStatus.STOPPED, Phase.MAX_RUNTIME_EXCEEDED)
    assert job.artifacts


def test_processes_that_a_script_leaves_behind_end_with_it(bench: Bench) -> None:
    job = bench.run(
        "orphan-job",
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid)\n",
    )
    assert job.status is JobStatus.COMPLETED
    pid = int(bench.lines("orphan-job")[0])
    until(lambda: not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text(), 5)


def test_metrics_are_scraped_from_the_output(bench: Bench) -> None:
    job = bench.run(
        "metric-job",
        "print('Epoch 1/2 val_accuracy: 0.5 train_loss: nan')\n"
        "print('Epoch 2/2 val_accuracy: 0.9. train_loss: 0.25 lr: 1e-05')\n"
        "print('val_accuracy: ...')\n",
        AlgorithmSpecification={
            **training_request("x")["AlgorithmSpecification"],
            "MetricDefinitions": [
                {"Name": "val:accuracy", "Regex": r"val_accuracy: ([0-9\.]+)"},
                {"Name": "train:loss", "Regex": r"train_loss: ([0-9\.]+|nan)"},
                {"Name": "cut-off", "Regex": r"lr: ([0-9\.]+)"},
                {"Name": "broken", "Regex": r"(unclosed"},
                {"Name": "groupless", "Regex": r"Epoch"},
            ],
        },
    )
    assert job.status is JobStatus.COMPLETED, job.failure_reason
    values = {metric.name: metric.value for metric in job.metrics}
    assert values == {"val:accuracy": 0.9, "train:loss": 0.25, "cut-off": 1.0}
    warnings = [line for line in bench.lines("metric-job") if line.startswith("sandbox: ")]
    assert len(warnings) == 2
    answer = bench.metrics.answer(
        Call(
            "GetMetricStatistics",
            {
                "Namespace": METRIC_NAMESPACE,
                "MetricName": "val:accuracy",
                "Dimensions": [{"Name": "TrainingJobName", "Value": "metric-job"}],
                "StartTime": time.time() - 60,
                "EndTime": time.time() + 60,
                "Period": 60,
                "Statistics": ["Maximum", "SampleCount"],
            },
            REGION,
        )
    )
    assert max(point["Maximum"] for point in answer["Datapoints"]) == 0.9
    assert sum(point["SampleCount"] for point in answer["Datapoints"]) == 2


def test_output_is_logged_line_by_line_even_without_line_ends_or_utf8(bench: Bench) -> None:
    bench.run(
        "noise-job",
        "import sys\n"
        "out = sys.stdout.buffer\n"
        "out.write(b'first\\r\\n\\nsecond \\xff\\n' + b'z' * 200_000 + b'\\nlast')\n",
    )
    lines = bench.lines("noise-job")
    assert lines[:3] == ["first", " ", "second \ufffd"]
    assert "".join(lines[3:-1]) == "z" * 200_000
    assert lines[-1] == "last"


def test_lines_can_be_read_while_the_job_runs(bench: Bench) -> None:
    bench.submit("live-job", SLEEPER)
    until(lambda: "ready" in bench.lines("live-job"))
    assert bench.job("live-job").status is JobStatus.IN_PROGRESS


def test_a_name_can_be_used_again_at_once_after_a_delete(bench: Bench) -> None:
    for number in range(5):
        bench.run("again", f"print({number})")
        bench.ask("DeleteTrainingJob", TrainingJobName="again")
    assert bench.lines("again") == [str(number) for number in range(5)]


def test_jobs_beyond_the_cores_wait_pending_in_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path, slots=1)
    waiter = "import os, time\nwhile not os.path.exists({0!r}): time.sleep(0.02)\n"
    for name in ("first", "second", "third"):
        bench.submit(name, waiter.format(str(tmp_path / f"go-{name}")))
    until(lambda: bench.job("first").phase is Phase.TRAINING)
    assert [bench.job(name).phase for name in ("second", "third")] == [Phase.PENDING, Phase.PENDING]
    (tmp_path / "go-first").touch()
    until(lambda: bench.job("second").phase is Phase.TRAINING)
    assert bench.job("third").phase is Phase.PENDING
    (tmp_path / "go-third").touch()
    (tmp_path / "go-second").touch()
    third = bench.finished("third")
    assert [step.phase.value for step in third.transitions][:3] == ["Starting", "Pending", "Downloading"]
    bench.close()


def test_a_waiting_job_stops_at_once_and_costs_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, slots=1)
    bench.submit("busy", SLEEPER)
    bench.submit("waiting", SLEEPER)
    bench.ask("StopTrainingJob", TrainingJobName="waiting")
    job = bench.job("waiting")
    assert (job.status, job.training_started, job.billable_seconds) == (JobStatus.STOPPED, None, None)
    bench.close()


def test_uncompressed_output_is_a_prefix(bench: Bench) -> None:
    job = bench.run(
        "plain-job",
        "import os\nos.makedirs(os.environ['SM_MODEL_DIR'] + '/sub')\n"
        "open(os.environ['SM_MODEL_DIR'] + '/sub/weights', 'w').write('w')\n",
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/out/", "CompressionType": "NONE"},
    )
    assert job.artifacts == f"s3://{BUCKET}/out/plain-job/output/model/"
    assert bench.keys("out/plain-job/") == ["out/plain-job/output/model/sub/weights"]


def test_checkpoints_come_in_and_go_out_while_training(bench: Bench) -> None:
    bench.store.write(BUCKET, "ck/old.bin", b"old")
    bench.store.write(BUCKET, "ck/stale.bin", b"stale")
    bench.submit(
        "ck-job",
        "import os, time\n"
        "folder = os.environ['SAGEMAKER_BASE_DIR'] + '/checkpoints/'\n"
        "assert open(folder + 'old.bin').read() == 'old'\n"
        "os.remove(folder + 'stale.bin')\n"
        "open(folder + 'new.bin', 'w').write('new')\n"
        "print('written')\n"
        f"while not os.path.exists({str(bench.root / 'go')!r}): time.sleep(0.02)\n",
        CheckpointConfig={"S3Uri": f"s3://{BUCKET}/ck"},
    )
    until(lambda: bench.keys("ck/") == ["ck/new.bin", "ck/old.bin"])
    assert bench.job("ck-job").status is JobStatus.IN_PROGRESS
    (bench.root / "go").touch()
    assert bench.finished("ck-job").status is JobStatus.COMPLETED
    assert bench.read("ck/new.bin") == b"new"


def test_a_script_cannot_change_its_input_in_s3(bench: Bench) -> None:
    job = bench.run(
        "write-job",
        "import os\nopen(os.environ['SM_CHANNEL_TRAINING'] + '/rows.csv', 'a').write('mine')\n",
    )
    assert job.status is JobStatus.COMPLETED
    assert bench.read("data/rows.csv") == b"1,2\n"


def test_spot_training_bills_less_than_it_trains(bench: Bench) -> None:
    job = bench.run(
        "spot-job",
        "import time\ntime.sleep(1.6)",
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60},
    )
    assert job.billable_seconds is not None
    assert job.training_seconds is not None
    assert job.billable_seconds < job.training_seconds


def _archive_with(change: Callable[[tarfile.TarFile], None]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        change(tar)
    return buffer.getvalue()


def _outside(tar: tarfile.TarFile) -> None:
    info = tarfile.TarInfo("../../escaped.txt")
    info.size = 1
    tar.addfile(info, io.BytesIO(b"x"))


def _link(tar: tarfile.TarFile) -> None:
    info = tarfile.TarInfo("way-out")
    info.type = tarfile.SYMTYPE
    info.linkname = "/etc"
    tar.addfile(info)


@pytest.mark.parametrize(
    "archive",
    [_archive_with(_outside), _archive_with(_link), b"not a tar archive"],
    ids=["outside", "link", "no archive"],
)
def test_a_hostile_code_archive_fails_the_job_and_writes_nothing(bench: Bench, archive: bytes) -> None:
    bench.store.write(BUCKET, "tar-job/code/sourcedir.tar.gz", archive)
    bench.ask("CreateTrainingJob", **training_request("tar-job"))
    job = bench.finished("tar-job")
    assert job.status is JobStatus.FAILED
    assert (job.failure_reason or "").startswith("ClientError: the code archive")
    # os.walk ignores folders that the runner is just removing; rglob would raise.
    assert not any("escaped.txt" in files for _, _, files in os.walk(bench.root))


def test_a_key_that_leads_out_of_the_channel_fails_the_download(bench: Bench) -> None:
    bench.store.write(BUCKET, "data/../../../evil", b"x")
    job = bench.run("key-job", "pass")
    assert (job.failure_reason or "").startswith("ClientError: Data download failed:Unable to download object")


@pytest.mark.parametrize(
    ("accepted", "ended"),
    [({}, JobStatus.FAILED), ({"accept_eula": "true"}, JobStatus.COMPLETED)],
    ids=["asked", "accepted"],
)
def test_gated_weights_are_denied_to_a_job_that_does_not_accept_the_license(
    bench: Bench, accepted: dict[str, str], ended: JobStatus
) -> None:
    weights = {"SageMakerGatedModelS3Uri": "s3://jumpstart-private-cache-prod-us-west-2/gated/g5.tar.gz"}
    job = bench.run("gated", "pass", Environment={**weights, **accepted})
    assert job.status is ended
    found = diagnose(job.failure_reason or "")
    assert (found.code if found else None) == ("DownloadDenied" if ended is JobStatus.FAILED else None)


def test_a_model_that_the_sandbox_has_no_code_for_says_which_it_can_run(bench: Bench) -> None:
    bench.store.write(BUCKET, "no-code/code/README", b"nothing to run")
    request = training_request("no-code")
    request["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = f"s3://{BUCKET}/no-code/code/"
    bench.ask("CreateTrainingJob", **request)
    reason = bench.finished("no-code").failure_reason or ""
    assert reason.startswith("ClientError: the sandbox cannot run this model")
    assert "tensorflow-ic-efficientnet-lite0-classification-2" in reason


def test_a_jumpstart_model_whose_code_is_not_seeded_is_created_and_then_says_so(bench: Bench) -> None:
    content = "jumpstart-cache-prod-us-west-2"
    bench.store.create_bucket(content, REGION)
    request = training_request("llama")
    for channel in ("code", "model"):
        source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{content}/llama/{channel}.tar.gz"}
        request["InputDataConfig"].append({"ChannelName": channel, "DataSource": {"S3DataSource": source}})
    del request["InputDataConfig"][0]
    bench.ask("CreateTrainingJob", **request)
    reason = bench.finished("llama").failure_reason or ""
    assert reason.startswith("ClientError: the sandbox cannot run this model")


def test_an_output_path_may_be_a_bare_bucket(bench: Bench) -> None:
    job = bench.run("bare-job", "pass", OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}"})
    assert job.artifacts == f"s3://{BUCKET}/bare-job/output/model.tar.gz"
    assert bench.keys("bare-job/output/") == ["bare-job/output/model.tar.gz"]


def test_a_flood_of_lines_is_kept_whole_and_in_order(bench: Bench) -> None:
    job = bench.run("flood-job", "for n in range(20_000): print('line', n)")
    assert job.status is JobStatus.COMPLETED
    page = {"logGroupName": LOG_GROUP, "logStreamNamePrefix": "flood-job/"}
    first = bench.logs.answer(Call("FilterLogEvents", page, REGION))
    rest = bench.logs.answer(Call("FilterLogEvents", {**page, "nextToken": first["nextToken"]}, REGION))
    lines = [event["message"] for answer in (first, rest) for event in answer["events"]]
    assert lines == [f"line {number}" for number in range(20_000)]


def test_a_submit_directory_in_s3_is_fetched(bench: Bench) -> None:
    bench.store.write(BUCKET, "mine/source.tar.gz", tarball({"go.py": "print('from s3')"}))
    request = training_request("s3-code")
    request["InputDataConfig"] = request["InputDataConfig"][1:]
    request["HyperParameters"] = {
        "sagemaker_program": "go.py",
        "sagemaker_submit_directory": f"s3://{BUCKET}/mine/source.tar.gz",
    }
    bench.ask("CreateTrainingJob", **request)
    assert bench.finished("s3-code").status is JobStatus.COMPLETED
    assert bench.lines("s3-code") == ["from s3"]


def test_an_entry_point_of_its_own_is_run_with_its_paths_rewritten(bench: Bench) -> None:
    request = training_request("entry-job")
    request["AlgorithmSpecification"] |= {
        "ContainerEntrypoint": ["/bin/sh"],
        "ContainerArguments": ["-c", "cat /opt/ml/input/data/training/rows.csv; echo x > /opt/ml/model/x"],
    }
    bench.put_code("entry-job", "")
    bench.ask("CreateTrainingJob", **request)
    assert bench.finished("entry-job").status is JobStatus.COMPLETED
    assert bench.lines("entry-job") == ["1,2"]
    assert bench.model("entry-job") == {"x": b"x\n"}


def test_a_manifest_names_the_objects_of_a_channel(bench: Bench) -> None:
    bench.store.write(BUCKET, "list/manifest", json.dumps([{"prefix": f"s3://{BUCKET}/data/"}, "rows.csv"]).encode())
    bench.put_code("list-job", "import os\nprint(os.listdir(os.environ['SM_CHANNEL_TRAINING']))")
    request = training_request("list-job")
    source = request["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    source |= {"S3DataType": "ManifestFile", "S3Uri": f"s3://{BUCKET}/list/manifest"}
    bench.ask("CreateTrainingJob", **request)
    bench.finished("list-job")
    assert bench.lines("list-job") == ["['rows.csv']"]


def test_an_https_output_path_fails_at_the_upload_as_on_aws(bench: Bench) -> None:
    job = bench.run("https-job", "pass", OutputDataConfig={"S3OutputPath": f"https://{BUCKET}.s3.amazonaws.com/out"})
    assert (job.failure_reason or "").startswith(
        "ClientError: Artifact upload failed:Unable to upload file to https://"
    )


def test_more_instances_than_one_are_said_to_be_pretended(bench: Bench) -> None:
    bench.run(
        "two-job", "pass", ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 1}
    )
    assert any("one host" in line for line in bench.lines("two-job"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU and memory of processes are read from /proc")
def test_host_metrics_show_a_busy_process(bench: Bench) -> None:
    bench.submit("host-job", "import time\nend = time.time() + 60\nwhile time.time() < end: pass")
    query = {"Namespace": METRIC_NAMESPACE, "Dimensions": [{"Name": "Host", "Value": "host-job/algo-1"}]}

    def most(metric: str) -> float:
        span = {"StartTime": time.time() - 60, "EndTime": time.time() + 60, "Period": 60, "Statistics": ["Maximum"]}
        answer = bench.metrics.answer(Call("GetMetricStatistics", {**query, **span, "MetricName": metric}, REGION))
        return max((point["Maximum"] for point in answer["Datapoints"]), default=0.0)

    until(lambda: most("CPUUtilization") > 5)
    assert most("MemoryUtilization") > 0
    assert most("DiskUtilization") > 0


def test_shutdown_ends_jobs_that_never_would_and_says_why_they_failed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.submit("running", "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('ready')\ntime.sleep(9999)")
    until(lambda: "ready" in bench.lines("running"))
    process = bench.job("running").process
    assert process is not None
    bench.runner.shutdown()
    job = bench.job("running")
    assert (job.status, job.failure_reason) == (JobStatus.FAILED, SHUT_DOWN_REASON)
    assert not process.is_alive()
    bench.close()


def test_the_lifeline_is_open_while_the_sandbox_lives(bench: Bench) -> None:
    bench.run(
        "line-job",
        "import os, select\n"
        "line = int(os.environ['JSFT_LIFELINE'])\n"
        "print(select.select([line], [], [], 0)[0] == [])\n",
    )
    assert bench.lines("line-job") == ["True"]


# -- a simulated wait for capacity


def waits(seconds: object) -> dict[str, dict[str, str]]:
    """Return the part of a request that makes the job wait for capacity."""
    return {"Environment": {"JSFT_SANDBOX_CAPACITY_WAIT": str(seconds)}}


def test_a_job_waits_for_capacity_apart_from_the_queue_and_then_runs(tmp_path: Path) -> None:
    bench = Bench(tmp_path, slots=1)
    bench.submit("waits", "pass", **waits(0.6))
    described = bench.ask("DescribeTrainingJob", TrainingJobName="waits")
    phase = described["SecondaryStatusTransitions"][-1]
    assert (described["SecondaryStatus"], phase["Status"]) == ("Starting", "Starting")
    assert phase["StatusMessage"] == "Insufficient capacity error from EC2 while launching instances, retrying!"
    assert "TrainingStartTime" not in described
    assert described["LastModifiedTime"] >= described["CreationTime"]

    assert bench.run("next", "pass").status is JobStatus.COMPLETED
    assert bench.job("waits").status is JobStatus.IN_PROGRESS
    job = bench.finished("waits")
    assert job.status is JobStatus.COMPLETED
    assert job.training_started is not None
    assert job.training_started - job.created >= 0.6
    bench.close()


def test_a_job_that_waits_for_capacity_is_stopped_at_once_and_costs_nothing(bench: Bench) -> None:
    bench.submit("waits", "pass", **waits(1e300))
    bench.ask("StopTrainingJob", TrainingJobName="waits")
    job = bench.job("waits")
    assert (job.status, job.billable_seconds) == (JobStatus.STOPPED, None)
    # "When the training job ends on training instances" (DescribeTrainingJob); of a list's row: when it ended.
    described = bench.ask("DescribeTrainingJob", TrainingJobName="waits")
    (row,) = bench.ask("ListTrainingJobs", NameContains="waits")["TrainingJobSummaries"]
    assert "TrainingEndTime" not in described
    assert row["TrainingEndTime"] == described["SecondaryStatusTransitions"][-1]["EndTime"]
    assert bench.run("odd", "pass", **waits("soon")).status is JobStatus.COMPLETED


def test_a_job_goes_on_waiting_for_capacity_after_a_restart(tmp_path: Path) -> None:
    before = Bench(tmp_path)
    before.submit("waits", "pass", **waits(0.5))
    before.close()
    assert before.job("waits").phase is Phase.STARTING

    again = JobStore(tmp_path / "jobs")
    assert [job.name for job in again.waiting()] == ["waits"]
    assert seconds_left(again.get(REGION, "waits")) > 0
    again.close()
