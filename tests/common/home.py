"""A jsft of its own for tests: its folders, its sandbox, and its command line in this very process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.__main__ import check_keys
from jsft_tui.aws.account import Account
from jsft_tui.cli.app import run
from jsft_tui.paths import Paths
from jsft_tui.services.target.sandbox import Sandbox, target_of
from tests.common.effort import PATIENCE
from tests.common.faults.sandbox import FaultySandbox

IMAGE_MODEL = "tensorflow-ic-efficientnet-lite0-classification-2"
TEXT_MODEL = "tensorflow-tc-small-bert-bert-en-uncased-L-2-H-128-A-2"
TABULAR_MODEL = "sklearn-classification-linear"
BUCKET = "jsft-sandbox-us-west-2"
BROKEN = "jsft-sandbox-broken-us-west-2"
TINY_SHAPES = f"s3://{BUCKET}/data/tiny-shapes/"
TINY_SERVICES = f"s3://{BUCKET}/data/tiny-services/"


@dataclass(frozen=True)
class Outcome:
    """What a command line did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The error of a JSON document."""
        found: dict[str, str] = self.document["error"]
        return found


@contextlib.contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """The process's environment without AWS's and jsft's own variables, and with these."""
    saved = dict(os.environ)
    for name in saved:
        if name.startswith(("AWS_", "JSFT_", "SAGEMAKER_")):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


class Home:
    """A user's home with a sandbox in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths = Paths.from_environment({"JSFT_HOME": str(root)})
        self.paths.sandbox.mkdir(parents=True, exist_ok=True)
        self.sandbox = FaultySandbox(self.paths.sandbox)

    def environment(self, **more: str) -> dict[str, str]:
        """The variables that make jsft use this home and nothing of the machine's own."""
        return {
            "JSFT_HOME": str(self.root),
            "AWS_CONFIG_FILE": str(self.root / "no-aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.root / "no-aws-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "XDG_CONFIG_HOME": str(self.root / "xdg"),
            "NO_COLOR": "1",
            **more,
        }

    def account(self) -> Account:
        """The adapters of this home's sandbox."""
        info = Sandbox(self.paths.sandbox).running()
        assert info is not None
        return Account(target_of(info))

    def wait_for_jobs(self, seconds: float = PATIENCE) -> None:
        """Stop what still runs and wait for it, so that the next test finds all quotas free."""
        client, ends = self.sandbox.client("sagemaker"), time.monotonic() + seconds
        stopped: set[str] = set()
        while time.monotonic() < ends:
            rows = client.list_training_jobs(MaxResults=100, SortBy="CreationTime", SortOrder="Descending")
            running = [
                row["TrainingJobName"]
                for row in rows["TrainingJobSummaries"]
                if row["TrainingJobStatus"] in ("InProgress", "Stopping")
            ]
            if not running:
                return
            for name in set(running) - stopped:
                stopped.add(name)
                with contextlib.suppress(client.exceptions.ClientError):  # it has just ended by itself
                    client.stop_training_job(TrainingJobName=name)
            time.sleep(0.05)
        raise AssertionError(f"still running: {running}")

    def endpoints(self) -> dict[str, str]:
        """The status of each endpoint."""
        rows = self.sandbox.client("sagemaker").list_endpoints(MaxResults=100)["Endpoints"]
        return {row["EndpointName"]: row["EndpointStatus"] for row in rows}

    def delete_endpoints(self, but_not: Collection[str] = (), seconds: float = PATIENCE) -> None:
        """Delete endpoints that tests left and wait for it: the next test may count what runs and what it costs."""
        client, ends = self.sandbox.client("sagemaker"), time.monotonic() + seconds
        while left := {name: status for name, status in self.endpoints().items() if name not in but_not}:
            assert time.monotonic() < ends, f"still there: {left}"
            for name, status in left.items():
                if status in ("InService", "Failed"):
                    with contextlib.suppress(client.exceptions.ClientError):  # it is being deleted by now
                        client.delete_endpoint(EndpointName=name)
            time.sleep(0.05)

    def jsft(self, *arguments: object, target: str | None = "--sandbox", **variables: str) -> Outcome:
        """Run a command line in this process (against the sandbox, unless another target is named)."""
        words = [str(argument) for argument in arguments] + ([target] if target else [])
        out, err = io.StringIO(), io.StringIO()
        with (
            environment(self.environment(**variables)),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(words, check_keys=check_keys)
        return Outcome(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: object, **variables: str) -> Any:
        """The JSON document of a command that has to succeed."""
        outcome = self.jsft(*arguments, "--json", **variables)
        assert outcome.code == 0, outcome
        return outcome.document
