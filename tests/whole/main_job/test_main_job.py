"""The main job as a user would do it: real processes, killed where it hurts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.runs import run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import Home

pytestmark = pytest.mark.training

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Home]:
    """A home whose sandbox may be killed."""
    home = Home(tmp_path / "jsft")
    yield home
    home.sandbox.kill()
    home.jsft("sandbox", "stop", target=None)


def start_jsft(home: Home, *words: object, cwd: Path) -> subprocess.Popen[str]:
    """A command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "jsft_tui", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cwd,
        preexec_fn=_hear_ctrl_c,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(home.root), **home.environment()},
    )


def _hear_ctrl_c() -> None:
    """What a shell starts in the background ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """What a process prints until a word turns up."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return "".join(lines)
    raise AssertionError(f"{word!r} never came: {''.join(lines)}")


@pytest.mark.timeout(180)
def test_the_demo_makes_a_model_that_predicts(own_home: Home, folder: Path) -> None:
    process = start_jsft(own_home, "demo", "--headless", cwd=folder)
    output, _ = process.communicate(timeout=150)

    assert process.returncode == 0, output
    for label in ("Parent model", "Training job name", "Training job ARN", "Training time", "Output path"):
        assert label in output
    assert "32 per GPU × 4 GPUs = 128" in output
    last_epoch = next(line for line in reversed(output.splitlines()) if "val_accuracy" in line)
    assert float(last_epoch.split("val_accuracy: ")[1]) > 0.9
    assert list(folder.rglob("model.tar.gz"))


def test_killing_the_command_line_loses_nothing(home: Home, folder: Path) -> None:
    name = unique_name("killed-cli")
    path = run_file(folder, name, hyperparameters={"epochs": 200, "augmentation": True})
    process = start_jsft(home, "launch", path, "--yes", "--follow", "--sandbox", cwd=folder)
    read_until(process, "Epoch 1/200")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout
    process.stdout.close()

    home.sandbox.forget_calls()
    again = home.json("launch", path, "--yes")

    assert again["name"] == name
    assert "CreateTrainingJob" not in [operation for _, operation in home.sandbox.calls()]
    assert home.json("job", name)["status"] == "InProgress"
    home.json("stop", name)
    follow = home.jsft("logs", name, "--follow")
    assert follow.code == 5
    assert follow.out.count("Epoch 1/200 ") == 1


def test_ctrl_c_says_that_the_job_goes_on(home: Home, folder: Path) -> None:
    name = unique_name("interrupted")
    path = run_file(folder, name, hyperparameters={"epochs": 200, "augmentation": True})
    process = start_jsft(home, "launch", path, "--yes", "--follow", "--sandbox", cwd=folder)
    read_until(process, "Epoch 1/200")

    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert f"jsft --sandbox logs {name} --follow" in rest
    assert "Traceback" not in rest
    assert home.json("job", name)["status"] == "InProgress"
    home.json("stop", name)


def test_killing_the_sandbox_fails_the_running_job_and_keeps_the_rest(own_home: Home, folder: Path) -> None:
    done = unique_name("done")
    assert own_home.jsft("launch", run_file(folder, done), "--yes", "--follow").code == 0
    log = own_home.json("logs", done)
    name = unique_name("killed-sandbox")
    path = run_file(folder, name, hyperparameters={"epochs": 200, "augmentation": True})
    own_home.json("launch", path, "--yes")
    process = start_jsft(own_home, "logs", name, "--follow", "--sandbox", cwd=folder)
    read_until(process, "Epoch 1/200")

    own_home.sandbox.kill()
    own_home.sandbox.start()

    rest, _ = process.communicate(timeout=PATIENCE)
    job = own_home.json("job", name)
    assert job["status"] == "Failed"
    assert "the sandbox was shut down" in job["failure_reason"]
    assert process.returncode == 5, rest
    assert own_home.json("logs", done) == log
    assert own_home.json("job", done)["metrics"]["tflow-ic:val-accuracy"]
    assert own_home.json("download", done, "-o", folder / "kept")["bytes"] > 0
    assert own_home.jsft("check", run_file(folder, unique_name("after"))).code == 0  # the role is still there
