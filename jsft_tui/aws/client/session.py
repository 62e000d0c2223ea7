"""Create boto3 clients for a target: bounded timeouts, adaptive retries, read-only and sandbox guards."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from jsft_tui import __version__
from jsft_tui.aws.client.credentials import token_life
from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.http import deadline
from jsft_tui.aws.client.http.endpoint import check_endpoint
from jsft_tui.aws.client.sign_in.sign_in import CONNECT_TIMEOUT, READ_TIMEOUT, SignIn, configuration_errors
from jsft_tui.core.account.identity import TokenFacts
from jsft_tui.core.account.read_only import read_only
from jsft_tui.core.account.sign_in import AskCode, no_terminal_for_code
from jsft_tui.core.account.target import Target, is_loopback
from jsft_tui.core.common.errors import Problem

MAX_ATTEMPTS = 5
FAIL_FAST_RETRIES = {"mode": "standard", "total_max_attempts": 2}
"""Waits at most one second (botocore, "Retries": standard mode)."""
SINGLE_ATTEMPT = {"mode": "standard", "total_max_attempts": 1}
POOL = 40
"""Connections per client: specs of the catalog are fetched in parallel."""

_READING = re.compile(
    r"(Get|List|Describe|Head|BatchGet|Filter|Simulate|Search|Lookup|Query|Select)[A-Z]|AssumeRole|InvokeEndpoint$"
)
"""InvokeEndpoint has the access level "Read" in the service authorization reference; nothing is kept of it."""


class AwsSession:
    """Creates boto3 clients for one target. Thread-safe; boto3 is imported with the first client."""

    def __init__(self, target: Target, ask: AskCode = no_terminal_for_code, sign_in: SignIn | None = None) -> None:
        """Sign in as `sign_in` did, if it is given: for another region of the same target.

        Raises:
            Problem: the target is a sandbox that is not on this computer.
        """
        if target.sandbox and not (target.endpoint and is_loopback(target.endpoint)):
            message = f"the sandbox's endpoint {target.endpoint!r} is not on this computer."
            raise Problem("SandboxNotLocal", message, "Start it again: jsft sandbox reset")
        if target.sandbox and target.credentials is None:
            raise Problem("SandboxNotLocal", "the sandbox provides no key pair.", "Run: jsft sandbox reset")
        self.target = target
        self._sign_in = sign_in or SignIn(target, ask)
        self._lock = threading.Lock()
        self._made_by: Any = None
        """The session that the clients are of."""
        self._clients: dict[str, Any] = {}

    def in_region(self, region: str) -> AwsSession:
        """Return the same sign-in in another region: nobody is asked twice."""
        return AwsSession(self.target.in_region(region), sign_in=self._sign_in)

    def client(self, service: str) -> Any:
        """Return the client of a service (one per service; boto3 clients are thread-safe).

        Raises:
            Problem: unknown profile, or no region.
        """
        return self._cached(service, service, {})

    def fail_fast_client(self, service: str) -> Any:
        """Return a client for optional requests: two attempts, and no delay of later requests.

        The adaptive retries of the other clients wait for seconds after one throttled response, which is right for
        required requests.
        """
        return self._cached(service, f"{service}, fail fast", {"retries": FAIL_FAST_RETRIES})

    def single_attempt_client(self, service: str) -> Any:
        """Return a client that sends each request once: a retry would hide what became of the attempt before it."""
        return self._cached(service, f"{service}, once", {"retries": SINGLE_ATTEMPT})

    def public_client(self, service: str) -> Any:
        """Return a client with unsigned requests, for public objects: no permission can be missing."""
        from botocore import UNSIGNED

        return self._cached(service, f"{service}, unsigned", {"signature_version": UNSIGNED})

    def _cached(self, service: str, name: str, options: Mapping[str, Any]) -> Any:
        """Return the client of that name; create it with these options of botocore's `Config` on first use."""
        from botocore.config import Config

        with self._lock:
            session = self._sign_in.session()
            if self._made_by is not session:
                self._made_by = session
                self._clients.clear()
            if name not in self._clients:
                with translate_errors(f"use {service}"), configuration_errors():
                    arguments = self._arguments()
                    arguments["config"] = arguments["config"].merge(Config(**options))
                    client = session.client(service, **arguments)
                    self._guard(client)
                    if "signature_version" not in options:  # unsigned requests need no credentials
                        self._sign_in.watch(client, session)
                    self._clients[name] = client
            return self._clients[name]

    def s3_resource(self) -> Any:
        """Return a boto3 resource of S3, for the SDK's own reading of defaults files."""
        with translate_errors("use s3"), configuration_errors():
            resource = self._sign_in.session().resource("s3", **self._arguments())
            self._guard(resource.meta.client)
            return resource

    def token_life(self) -> TokenFacts:
        """Return how long the credentials remain valid; a target's own key pair does not expire.

        Raises:
            Problem: there are no credentials, or no such profile.
        """
        if self.target.credentials:
            return TokenFacts()
        with translate_errors("read the credentials"):
            return token_life(self._sign_in.session(), time.time())

    def _guard(self, client: Any) -> None:
        from jsft_tui.aws.client.http.transport import watch_over

        check_endpoint(client.meta.endpoint_url)
        watch_over(client, deadline.PATIENCE)
        if self.target.read_only:
            client.meta.events.register("provide-client-params.*.*", _refuse_write)

    def _arguments(self) -> dict[str, Any]:
        from botocore.config import Config

        target = self.target
        options: dict[str, Any] = {
            "retries": {"mode": "adaptive", "total_max_attempts": MAX_ATTEMPTS},
            "connect_timeout": CONNECT_TIMEOUT,
            "read_timeout": READ_TIMEOUT,
            "max_pool_connections": POOL,
            "user_agent_extra": f"jsft/{__version__}",
        }
        given: dict[str, Any] = {"region_name": target.region}
        if target.endpoint:
            given["endpoint_url"] = target.endpoint
            options["s3"] = {"addressing_style": "path"}
            options["proxies"] = {}  # a proxy from the environment must not receive requests to this computer
        if target.credentials:
            given["aws_access_key_id"] = target.credentials.access_key_id
            given["aws_secret_access_key"] = target.credentials.secret_access_key
        return {"config": Config(**options), **given}


def _refuse_write(model: Any, **_: Any) -> None:
    if not _READING.match(model.name):
        raise read_only(f"{model.name} is not a read-only call")
