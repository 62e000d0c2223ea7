"""Follow the SageMaker training container contract, inside the container. Standard library only.

Source: the developer guide's pages "How Amazon SageMaker Provides Training Information", "... Runs Your Training
Image" and "... Signals Algorithm Success and Failure". All files are under one folder: `/opt/ml`, or
`SAGEMAKER_BASE_DIR` as in the training toolkit.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from jsft_tui.sandbox.trainers.common.hyperparameters import Hyperparameter
from jsft_tui.sandbox.trainers.common.settings import Settings, UserError, read_settings

FAILURE_CHARACTERS = 1024
"""Number of characters of `output/failure` that become the job's FailureReason."""
LIFELINE = "JSFT_LIFELINE"
"""Environment variable with the file descriptor of a pipe that closes when the sandbox process ends."""
_ORPHANED = 70
_BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Stopped(Exception):
    """The job was stopped before there was anything to save."""


class StopFlag:
    """A flag that SIGTERM sets (StopTrainingJob, or the end of MaxRuntimeInSeconds) and every step checks."""

    def __init__(self) -> None:
        self.requested = False

    def install(self) -> None:
        """Install the SIGTERM handler. It prints nothing, because it may interrupt a print."""
        signal.signal(signal.SIGTERM, self._raise)

    def check(self) -> None:
        """Raise if a stop was requested.

        Raises:
            Stopped: SIGTERM has arrived.
        """
        if self.requested:
            raise Stopped

    def _raise(self, _signal: int, _frame: object) -> None:
        self.requested = True


@dataclass(frozen=True)
class Container:
    """One job's folder, its hyperparameters and its stop flag."""

    base: Path
    settings: Settings
    stop: StopFlag = field(default_factory=StopFlag)

    @property
    def model(self) -> Path:
        """The folder whose content becomes `model.tar.gz`."""
        return self.base / "model"

    @property
    def checkpoint(self) -> Path:
        """The file from which an interrupted job resumes; its folder is synchronized with S3."""
        return self.base / "checkpoints" / "checkpoint.npz"

    def channel(self, *names: str) -> Path:
        """Return the folder of the first of these input channels that the job has.

        Raises:
            UserError: it has none of them.
        """
        for name in names:
            folder = self.optional_channel(name)
            if folder:
                return folder
        raise UserError(f"the job has no input channel {names[0]!r}; add one with the dataset")

    def optional_channel(self, name: str) -> Path | None:
        """Return the folder of an input channel; None if the job does not have it."""
        folder = self.base / "input" / "data" / name
        return folder if folder.is_dir() else None


def run(declared: Iterable[Hyperparameter], train: Callable[[Container], None]) -> None:
    """Run the container's main program: exit code 0 is Completed (or Stopped), any other is Failed.

    Must be called before numpy is imported, so that SIGTERM is handled from the start and BLAS uses one thread (more
    threads spin on small matrices, and sums would depend on their number).
    """
    stop = StopFlag()
    stop.install()
    _watch_lifeline()
    for variable in _BLAS_THREADS:
        os.environ.setdefault(variable, "1")
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    for folder in (base / "model", base / "output" / "data"):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        train(Container(base, read_settings(_read_hyperparameters(base), declared), stop))
    except Stopped:
        log("Stopped before the first epoch: there is no model to save.")
    except UserError as error:
        _fail(base, str(error))
        sys.exit(1)
    except MemoryError:
        _fail(base, "the job ran out of memory; use a smaller data set or a smaller batch_size")
        sys.exit(1)
    except Exception as error:
        # A bug of the trainer: the reason is recorded, and Python prints the traceback to the log.
        _fail(base, f"the trainer itself failed ({type(error).__name__}: {error}); see the job's log")
        raise


def log(message: str) -> None:
    """Write a line to the job's log. Flushed, because stdout is a pipe and would be block-buffered."""
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


def write_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file atomically, so that a killed process never leaves a partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as target:
        write(target)
    unfinished.replace(path)


def write_json(path: Path, document: object) -> None:
    """Write a JSON file atomically."""
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    write_file(path, lambda target: target.write(text.encode()))


def _read_hyperparameters(base: Path) -> dict[str, str]:
    """Read the hyperparameters of CreateTrainingJob: a flat map of strings.

    Raises:
        UserError: the file is not such a map.
    """
    path = base / "input" / "config" / "hyperparameters.json"
    if not path.exists():
        return {}
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise UserError("hyperparameters.json is not a flat map of strings, as CreateTrainingJob writes it")
    return document


def _fail(base: Path, reason: str) -> None:
    sys.stderr.write(f"ERROR: {reason}\n")
    sys.stderr.flush()
    (base / "output" / "failure").write_text(reason[:FAILURE_CHARACTERS], encoding="utf-8")


def _watch_lifeline() -> None:
    """End this process as soon as the sandbox that started it ends for any reason."""
    descriptor = os.environ.get(LIFELINE, "")
    if descriptor.isdigit():
        threading.Thread(target=_await_end, args=(int(descriptor),), daemon=True, name="lifeline").start()


def _await_end(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    # Not sys.exit: this is not the main thread, and the sandbox is no longer there to read a reason.
    os._exit(_ORPHANED)
