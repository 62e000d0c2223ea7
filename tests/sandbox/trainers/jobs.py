"""Run trainers as the sandbox's runner does: real processes on a folder with the layout of `/opt/ml`."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.hyperparameters import METRIC_REGEXES
from jsft_tui.sandbox.trainers.common.settings import read_settings
from jsft_tui.sandbox.trainers.program import TRAINERS

PATIENCE_SECONDS = 60.0
ROOT = Path(__file__).parents[3]


@dataclass
class Job:
    """One job's folder."""

    trainer: str
    base: Path
    channels: Mapping[str, Path]
    hyperparameters: Mapping[str, object] = field(default_factory=dict)
    encode: Callable[[str], object] = json.dumps
    """The SDK's encoding of a value: JSON in v2, plain in v3."""

    def run(self) -> Job:
        """Train to the end."""
        self.start().wait()
        return self

    def start(self, *, lifeline: int | None = None) -> Running:
        """Create the folder (keeping its checkpoints) and start the trainer."""
        config = self.base / "input" / "config"
        data = self.base / "input" / "data"
        config.mkdir(parents=True, exist_ok=True)
        data.mkdir(exist_ok=True)
        given = {name: self.encode(str(value)) for name, value in self.hyperparameters.items()}
        (config / "hyperparameters.json").write_text(json.dumps(given))
        for name, folder in self.channels.items():
            if not (data / name).exists():
                (data / name).symlink_to(folder.resolve())
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environment = kept | {"SAGEMAKER_BASE_DIR": str(self.base), "PYTHONPATH": str(ROOT)}
        if lifeline is not None:
            environment["JSFT_LIFELINE"] = str(lifeline)
        process = subprocess.Popen(
            [sys.executable, "-c", f"from jsft_tui.sandbox.trainers.program import main; main({self.trainer!r})"],
            env=environment,
            cwd=self.base,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            pass_fds=() if lifeline is None else (lifeline,),
        )
        return Running(self, process)

    code: int | None = None
    output: str = ""

    @property
    def failure(self) -> str | None:
        """The text that would become the FailureReason."""
        path = self.base / "output" / "failure"
        return path.read_text() if path.exists() else None

    @property
    def info(self) -> dict[str, Any]:
        """The model's training_info.json."""
        document: dict[str, Any] = json.loads((self.base / "model" / "training_info.json").read_text())
        return document

    @property
    def labels(self) -> dict[str, int]:
        """The model's class_label_to_prediction_index.json."""
        document: dict[str, int] = json.loads(
            (self.base / "model" / "class_label_to_prediction_index.json").read_text()
        )
        return document

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The model's parameters."""
        with np.load(self.base / "model" / "model.npz", allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}

    @property
    def model_files(self) -> set[str]:
        """Names in the model folder."""
        return {path.name for path in (self.base / "model").iterdir()}

    def metric(self, name: str) -> list[float]:
        """Return the values that CloudWatch would extract from the log."""
        regex = METRIC_REGEXES.get(name, rf"{name}: ([0-9\.]+)")
        return [float(value) for value in re.findall(regex, self.output)]

    def tarball(self) -> Path:
        """Return the model as the runner would upload it."""
        path = self.base / "model.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for file in sorted((self.base / "model").iterdir()):
                archive.add(file, file.name)
        return path


def train_here(
    trainer: str, base: Path, channels: Mapping[str, Path], asked: Mapping[str, object] | None = None
) -> Job:
    """Train in this very process, which is faster than in one of its own.

    Raises:
        UserError: the job fails.
    """
    (base / "input" / "data").mkdir(parents=True)
    for name, folder in channels.items():
        (base / "input" / "data" / name).symlink_to(folder.resolve())
    given = {name: str(value) for name, value in (asked or {}).items()}
    TRAINERS[trainer].train(Container(base, read_settings(given, TRAINERS[trainer].hyperparameters)))
    return Job(trainer, base, channels)


class Running:
    """A running trainer."""

    def __init__(self, job: Job, process: subprocess.Popen[str]) -> None:
        self._job = job
        self.process = process
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str) -> str:
        """Return the first line that matches."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while True:
                for line in self._lines:
                    if re.search(pattern, line):
                        return line
                left = deadline - time.monotonic()
                assert not self._ended and left > 0, f"no line {pattern!r} in:\n{''.join(self._lines)}"
                self._changed.wait(left)

    def stop(self) -> None:
        """Send SIGTERM and wait until the process has ended."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.wait()

    def wait(self) -> Job:
        """Wait for the process to end and return the job."""
        self._job.code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        self._job.output = "".join(self._lines)
        return self._job

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        self.process.stdout.close()
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def same_arrays(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    """Return whether two models are equal to the last bit."""
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
