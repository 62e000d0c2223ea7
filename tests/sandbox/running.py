"""A real sandbox process for tests: started, asked, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from tests.common.effort import PATIENCE
from tests.sandbox.state.seeded import seed_state_folder

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: the child finds the package there, wherever it is started."""

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RunningSandbox:
    """A sandbox in a child process.

    Attributes:
        state_dir: its folder.
        info: what its `sandbox.json` says.
        module: what Python runs.
    """

    module = "jsft_tui.sandbox"

    def __init__(self, state_dir: Path, *options: str) -> None:
        self.state_dir = state_dir
        self._options = options
        self._clients: dict[tuple[str, str, str, str], Any] = {}
        if "--reset" not in options and "--region" not in options:
            seed_state_folder(state_dir)
        self.start()

    def start(self, seconds: float = PATIENCE) -> None:
        """Start the process and wait until it is ready."""
        announcement = self.state_dir / "sandbox.json"
        announcement.unlink(missing_ok=True)
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads could fill up and block
        program = [sys.executable, "-X", "faulthandler", "-m", self.module]
        self.process = subprocess.Popen(
            [*program, "--state-dir", str(self.state_dir), *self._options],
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            | {"PYTHONPATH": str(ROOT)},
        )
        deadline = time.monotonic() + seconds
        while not announcement.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.send_signal(signal.SIGABRT)
                self.process.wait()
                raise AssertionError(f"the sandbox did not start: {self._complaint()}")
            time.sleep(0.02)
        self.info: dict[str, Any] = json.loads(announcement.read_text())

    def kill(self) -> None:
        """Kill the process without warning."""
        self.process.kill()
        self._reap()

    def stop(self, seconds: float = PATIENCE) -> int:
        """Stop the process as it wants to be stopped; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # faulthandler writes what each thread is doing
            self.process.wait()
            raise AssertionError(f"the sandbox did not stop: {self._complaint()}") from None
        finally:
            self.kill()

    def _complaint(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read().decode(errors="replace")

    def _reap(self) -> None:
        self.process.wait()
        self._stderr.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment that makes any AWS client use the sandbox."""
        return {
            "AWS_ACCESS_KEY_ID": self.info["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.info["secret_access_key"],
            "AWS_ENDPOINT_URL": self.info["endpoint"],
            "AWS_DEFAULT_REGION": self.info["region"],
            "AWS_REGION": self.info["region"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(self.state_dir / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.state_dir / "no-credentials"),
        }

    def client(self, service: str, region: str | None = None, **options: Any) -> Any:
        """A boto3 client; `options` go to `botocore.config.Config` (default: no retries)."""
        region = region or self.info["region"]
        known = (self.info["endpoint"], service, region, repr(options))
        if known not in self._clients:
            config = Config(**{"retries": {"total_max_attempts": 1}, "proxies": {}, **options})
            session = boto3.session.Session(
                aws_access_key_id=self.info["access_key_id"],
                aws_secret_access_key=self.info["secret_access_key"],
                region_name=region,
            )
            self._clients[known] = session.client(service, endpoint_url=self.info["endpoint"], config=config)
        return self._clients[known]

    def control(self, method: str, path: str) -> Any:
        """Call the sandbox's own interface, for example `control("GET", "unimplemented")`."""
        request = AWSRequest(method, f"{self.info['endpoint']}/_sandbox/{path}", data=b"")
        credentials = Credentials(self.info["access_key_id"], self.info["secret_access_key"])
        SigV4Auth(credentials, "sandbox", self.info["region"]).add_auth(request)
        plain = urllib.request.Request(request.url, data=b"", headers=dict(request.headers), method=method)
        with NO_PROXY.open(plain, timeout=PATIENCE) as reply:
            return json.load(reply)
