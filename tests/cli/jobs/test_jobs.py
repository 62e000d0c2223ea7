"""`jsft jobs`, `jsft job`, `jsft logs`, `jsft stop`, `jsft download`."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.sandbox.sagemaker.capacity import VARIABLE
from tests.cli.runs import run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import BROKEN, TINY_SHAPES, Home
from tests.sandbox.cloudwatch.writing import put_events


def finished(home: Home, folder: Path, stem: str, **changes: Any) -> str:
    """The name of a job that has run to its end (whatever end)."""
    name = unique_name(stem)
    home.jsft("launch", run_file(folder, name, **changes), "--yes", "--follow")
    return name


def eventually(ask: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < ends, "it did not come about in time"
        time.sleep(0.1)


def long_run(home: Home, folder: Path, stem: str) -> str:
    """The name of a job that trains until it is stopped."""
    name = unique_name(stem)
    path = run_file(folder, name, hyperparameters={"epochs": 1000, "augmentation": True})
    assert home.jsft("launch", path, "--yes").code == 0
    eventually(lambda: home.json("job", name)["secondary_status"] == "Training")
    return name


def test_jobs_are_listed_newest_first_with_cost(home: Home, folder: Path) -> None:
    first, second = finished(home, folder, "one"), finished(home, folder, "two")

    rows = home.json("jobs", "--limit", 50)

    names = [row["name"] for row in rows]
    assert names.index(second) < names.index(first)
    row = rows[names.index(second)]
    assert row["status"] == "Completed"
    assert row["cost_usd"] > 0
    assert row["instance_type"] == "ml.g4dn.xlarge"


def test_jobs_are_filtered_by_status(home: Home, folder: Path) -> None:
    finished(home, folder, "done")

    assert {row["status"] for row in home.json("jobs", "--status", "completed")} == {"Completed"}
    assert home.jsft("jobs", "--status", "done").code == 2


def test_an_unknown_job_is_said_to_be_unknown(home: Home) -> None:
    for command in ("job", "logs", "stop", "download"):
        outcome = home.jsft(command, "there-is-no-such-job", "--json")
        assert (outcome.code, outcome.error["code"]) == (4, "NoSuchJob"), command


def test_a_failed_job_says_what_it_means_and_what_to_do(home: Home, folder: Path) -> None:
    # Each channel is fine by itself, so preflight passes; the training script finds that they do not go together.
    data = {"training": TINY_SHAPES, "validation": f"s3://{BROKEN}/images-loose/"}
    path = run_file(folder, unique_name("failing"), data=data)

    outcome = home.jsft("launch", path, "--yes", "--follow", "--json")

    job = outcome.document
    assert (outcome.code, job["status"]) == (5, "Failed")
    assert job["failure_reason"].startswith("AlgorithmError: ")
    assert job["remedy"]
    shown = home.jsft("job", job["name"]).out
    assert "What to do" in shown
    assert "Traceback" not in job["failure_reason"]


def test_the_log_is_what_the_job_wrote(home: Home, folder: Path) -> None:
    name = finished(home, folder, "logged")

    lines = home.json("logs", name)
    text = home.jsft("logs", name)

    assert any(line["message"].startswith("Epoch 2/2") for line in lines)
    assert text.out.splitlines() == [line["message"] for line in lines]
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)


PAGES = 8
"""Pages that a long log has more than the job itself wrote (1 MB each, GetLogEvents)."""


def make_longer(home: Home, name: str) -> None:
    """Let a second host have written a lot."""
    stream, now = f"{name}/algo-2-1", int(time.time() * 1000)
    for page in range(PAGES):
        messages = [f"line {page}.{number} \u2028\x85 {'x' * 100_000}" for number in range(10)]
        put_events(home.sandbox, stream, [(now + page, message) for message in messages])


def test_a_long_log_is_printed_as_it_is_read_and_a_reader_that_has_seen_enough_is_no_error(
    home: Home, folder: Path
) -> None:
    name = finished(home, folder, "long", hyperparameters={"epochs": 1})
    make_longer(home, name)
    document = home.json("logs", name)
    assert [line["message"].split()[1] for line in document[-80:]] == [f"{n // 10}.{n % 10}" for n in range(80)]
    assert home.jsft("logs", name).out == "".join(f"{line['message']}\n" for line in document)

    root = Path(__file__).resolve().parents[3]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), **home.environment()}
    for option in ("", "--follow", "--json"):
        home.sandbox.forget_calls()
        command = f"{sys.executable} -m jsft_tui logs {name} {option} --sandbox | head -n 2; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=environment)
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 2), option
        pages = home.sandbox.calls().count(("logs", "GetLogEvents"))
        assert (pages < PAGES) == (option != "--json"), (option, pages)


def test_following_ends_with_the_training_output(home: Home, folder: Path) -> None:
    name = finished(home, folder, "followed")

    outcome = home.jsft("logs", name, "--follow")

    assert outcome.code == 0
    for label in ("Parent model", "Training job name", "Training job ARN", "Training time", "Output path"):
        assert label in outcome.out
    assert outcome.out.index("Starting") < outcome.out.index("Epoch 1/2") < outcome.out.index("Uploading")


def test_following_survives_throttling_and_dropped_connections(home: Home, folder: Path) -> None:
    name = finished(home, folder, "troubled")
    home.sandbox.set_faults(
        {"do": "reset", "service": "logs", "times": 5},
        {"do": "throttle", "service": "logs", "times": 1},
        {"do": "expired", "service": "logs", "times": 1},  # somebody renews the keys
    )

    outcome = home.jsft("logs", name, "-f")

    assert outcome.code == 0
    assert "Signed out since " in outcome.err
    assert "aws sso login" in outcome.err
    assert outcome.out.count("Epoch 2/2") == 1


def test_following_ends_where_nobody_is_to_sign_in_again(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.cli.following.job.KEYS_WITHIN", 0.5)
    name = finished(home, folder, "expired", hyperparameters={"epochs": 1})
    home.sandbox.set_faults({"do": "expired", "times": None})

    outcome = home.jsft("logs", name, "--follow")

    assert outcome.code == 4
    assert "aws sso login" in outcome.err
    assert "keeps running" in outcome.err


def test_a_stopped_job_keeps_what_it_has(home: Home, folder: Path) -> None:
    name = long_run(home, folder, "stopped")

    assert home.json("stop", name)["status"] == "Stopping"

    eventually(lambda: home.json("job", name)["status"] == "Stopped")
    outcome = home.jsft("logs", name, "--follow")
    assert outcome.code == 5
    assert home.jsft("stop", name).code == 2


def test_a_download_does_not_overwrite_nor_write_where_another_does(home: Home, folder: Path) -> None:
    name = finished(home, folder, "artifact")
    home.json("download", name, "-o", folder / "here")

    (folder / "here" / "model.tar.gz").write_bytes(b"another")
    refused = home.jsft("download", name, "-o", folder / "here")
    assert (refused.code, "or --force" in refused.err) == (2, True)
    with (folder / "here" / "model.tar.gz.part").open("ab") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        busy = home.jsft("download", name, "-o", folder / "here", "--force", "--json")
        assert (busy.code, busy.error["code"]) == (2, "Busy")
    assert home.jsft("download", name, "-o", folder / "here", "--force").code == 0


def test_a_model_is_listed_without_downloading_and_unpacked_when_asked(home: Home, folder: Path) -> None:
    name = finished(home, folder, "listed")
    listed = home.json("download", name, "--list")
    assert listed["complete"]
    assert {member["kind"] for member in listed["members"]} <= {"file", "folder"}
    assert list(folder.glob("**/*.tar.gz")) == []

    done = home.json("download", name, "-o", folder / "there", "--extract")
    assert done["verified"]
    names = {member["name"] for member in listed["members"] if member["kind"] == "file"}
    assert {str(Path(path).relative_to(folder / "there" / "model")) for path in done["unpacked"]} == names


def test_a_model_that_is_here_already_is_unpacked_without_downloading_it_again(home: Home, folder: Path) -> None:
    name = finished(home, folder, "here")
    home.json("download", name)
    archive = folder / name / "model.tar.gz"
    before = archive.stat()

    again = home.jsft("download", name, "--extract")

    assert again.code == 0
    assert f"The model of {name} is already in {name} (checksums compared); nothing was downloaded." in again.err
    assert (archive.stat().st_mtime_ns, archive.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list((folder / name / "model").iterdir())
    document = home.json("download", name)
    assert (document["bytes"], document["verified"]) == (0, True)


def test_whoever_follows_a_job_to_its_end_runs_on_finish_once(home: Home, folder: Path) -> None:
    told = folder / "told"
    script = f"import os, sys; open({str(told)!r}, 'a').write(os.environ['JSFT_JOB_STATUS']); sys.exit(3)"
    config = folder / "config.yaml"
    config.write_text(json.dumps({"on_finish": f'{sys.executable} -c "{script}"'}))
    name = unique_name("hooked")

    followed = home.jsft("launch", run_file(folder, name), "--yes", "--follow", "--config", config)
    again = home.jsft("logs", name, "--follow", "--config", config)

    assert (followed.code, again.code) == (0, 0)  # the job's end decides
    assert told.read_text() == "Completed"
    assert f"on_finish: {sys.executable} exited with code 3." in followed.err


def test_following_says_once_what_a_job_waits_for(home: Home, folder: Path) -> None:
    path = run_file(folder, unique_name("waits"), environment={VARIABLE: "0.8"})

    followed = home.jsft("launch", path, "--yes", "--follow")

    assert followed.code == 0
    assert followed.err.count("no capacity for ml.g4dn.xlarge") == 1


def test_a_job_that_was_stopped_before_it_trained_does_not_grow_older(home: Home, folder: Path) -> None:
    name = unique_name("never")
    path = run_file(folder, name, environment={VARIABLE: "60"})
    assert home.jsft("launch", path, "--yes").code == 0
    assert home.jsft("stop", name, "--yes").code == 0

    described = home.sandbox.client("sagemaker").describe_training_job(TrainingJobName=name)
    ended = described["LastModifiedTime"]
    eventually(lambda: datetime.now(UTC) > ended + timedelta(seconds=0.5))

    row = next(row for row in home.json("jobs") if row["name"] == name)
    assert row["status"] == "Stopped"
    took = (ended - described["CreationTime"]).total_seconds()
    assert row["elapsed_seconds"] == pytest.approx(took, abs=0.2)
    assert home.json("job", name)["elapsed_seconds"] == pytest.approx(took, abs=0.2)


def test_following_needs_no_standard_input(home: Home, folder: Path) -> None:
    done = finished(home, folder, "closed-input")
    command = [sys.executable, "-m", "jsft_tui", "--sandbox", "logs", done, "--follow"]
    script = f"exec {shlex.join(command)} <&-"
    ended = subprocess.run(["sh", "-c", script], env={**os.environ, **home.environment()}, capture_output=True)
    assert (ended.returncode, b"unexpected" in ended.stderr) == (0, False), ended.stderr
