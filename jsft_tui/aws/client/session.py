"""boto3 clients for a target: bounded timeouts, adaptive retries, read-only and sandbox guards."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from jsft_tui import __version__
from jsft_tui.aws.client.credentials import token_life
from jsft_tui.aws.client.errors import asking, code_of, translate
from jsft_tui.aws.client.timestamps import parse_timestamp
from jsft_tui.core.account.identity import TokenFacts
from jsft_tui.core.account.read_only import read_only
from jsft_tui.core.account.target import Target, is_loopback
from jsft_tui.core.common.errors import SIGNED_OUT, Problem

CONNECT_TIMEOUT, READ_TIMEOUT = 5, 25
"""Seconds. A quit must not wait long for a call that hangs."""
MAX_ATTEMPTS = 5
BRIEF_RETRIES = {"mode": "standard", "total_max_attempts": 2}
"""Waits a second at the most (botocore, "Retries": standard mode)."""
POOL = 40
"""Connections kept for each client: the catalogue fetches specs in parallel."""

_READING = re.compile(r"(Get|List|Describe|Head|BatchGet|Filter|Simulate|Search|Lookup|Query|Select)[A-Z]|AssumeRole")


class AwsSession:
    """Makes boto3 clients for one target. Thread-safe; boto3 is imported at the first client.

    A client keeps the keys that it found first. So after a call that was refused for its credentials the next client
    is made anew: it takes what the person has signed in with meanwhile.
    """

    def __init__(self, target: Target) -> None:
        if target.sandbox and not (target.endpoint and is_loopback(target.endpoint)):
            message = f"the sandbox's endpoint {target.endpoint!r} is not on this machine."
            raise Problem("SandboxNotLocal", message, "Start it anew: jsft sandbox reset")
        if target.sandbox and target.credentials is None:
            raise Problem("SandboxNotLocal", "the sandbox gave no key pair of its own.", "Run: jsft sandbox reset")
        self.target = target
        self._lock = threading.Lock()
        self._session: Any = None
        self._refused: Any = None
        """The session whose credentials were refused last."""
        self._clients: dict[str, Any] = {}
        self._loader: Any = None

    def client(self, service: str) -> Any:
        """The client of a service (one per service; boto3 clients are thread-safe).

        Raises:
            Problem: unknown profile, or no region.
        """
        return self._kept(service, service, {})

    def brief_client(self, service: str) -> Any:
        """A client for questions whose answer is as well left unknown: tried twice, and not slowed down for later.

        The adaptive retries of the others wait for seconds after one throttled answer, as is right for what has to
        be done.
        """
        return self._kept(service, f"{service}, brief", {"retries": BRIEF_RETRIES})

    def public_client(self, service: str) -> Any:
        """A client that signs nothing, for what is public: nobody's permission can be missing there."""
        from botocore import UNSIGNED

        return self._kept(service, f"{service}, unsigned", {"signature_version": UNSIGNED})

    def _kept(self, service: str, name: str, options: Mapping[str, Any]) -> Any:
        """The client of that name, made with these options of botocore's `Config` when it is first asked for."""
        from botocore.config import Config

        with self._lock:
            if self._session is not None and self._refused is self._session:
                self._session = None
                self._clients.clear()
            if name not in self._clients:
                with asking(f"use {service}"):
                    arguments = self._arguments()
                    arguments["config"] = arguments["config"].merge(Config(**options))
                    session = self._boto3()
                    self._clients[name] = session.client(service, **arguments)
                    self._guard(self._clients[name])
                    self._learn_of_refusals(self._clients[name], session)
            return self._clients[name]

    def s3_resource(self) -> Any:
        """A boto3 resource of S3, for the SDK's own reading of defaults files."""
        with self._lock, asking("use s3"):
            resource = self._boto3().resource("s3", **self._arguments())
            self._guard(resource.meta.client)
            return resource

    def token_life(self) -> TokenFacts:
        """How long the credentials last; a target's own key pair does not end.

        Raises:
            Problem: there are no credentials, or no such profile.
        """
        if self.target.credentials:
            return TokenFacts()
        with self._lock, asking("look at the credentials"):
            return token_life(self._boto3(), time.time())

    def _learn_of_refusals(self, client: Any, session: Any) -> None:
        if self.target.credentials is not None:
            return  # there are no others

        def answered(parsed: dict[str, Any], **_: Any) -> None:
            if code_of(parsed) in SIGNED_OUT:
                self._refused = session

        def failed(exception: BaseException, **_: Any) -> None:
            problem = translate(exception, "sign in")
            if problem is not None and problem.code in SIGNED_OUT:
                self._refused = session

        client.meta.events.register("after-call", answered)
        client.meta.events.register("after-call-error", failed)

    def _guard(self, client: Any) -> None:
        if self.target.read_only:
            client.meta.events.register("provide-client-params.*.*", _refuse_writing)

    def _boto3(self) -> Any:
        import boto3
        import botocore.session

        if self._session is None:
            target = self.target
            own = _session_without_files() if target.sandbox else botocore.session.Session()
            # What a service can do is read once: a megabyte, for SageMaker.
            self._loader = self._loader or own.get_component("data_loader")
            own.register_component("data_loader", self._loader)
            own.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
            profile = None if target.sandbox else target.profile
            self._session = boto3.Session(profile_name=profile, region_name=target.region, botocore_session=own)
        return self._session

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
        given: dict[str, Any] = {}
        if target.endpoint:
            given["endpoint_url"] = target.endpoint
            options["s3"] = {"addressing_style": "path"}
            options["proxies"] = {}  # a proxy named in the environment must not see calls to this machine
        if target.credentials:
            given["aws_access_key_id"] = target.credentials.access_key_id
            given["aws_secret_access_key"] = target.credentials.secret_access_key
        return {"config": Config(**options), **given}


def _session_without_files() -> Any:
    """A botocore session that knows no profile and reads no file of `~/.aws`: nothing of the user's own goes in."""
    import botocore.session

    nothing = {"profile": (None, None, None, None)}
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return botocore.session.Session(session_vars={**nothing, **files})


def _refuse_writing(model: Any, **_: Any) -> None:
    if not _READING.match(model.name):
        raise read_only(f"{model.name} is a writing call")
