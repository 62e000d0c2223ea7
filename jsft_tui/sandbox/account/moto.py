"""Hand the requests that the sandbox does not answer itself to moto, in process.

moto keeps its state in memory and has random identifiers. Two things make both survive even `kill -9`:

- What every sandbox begins with (the execution role, a region's default network) is created with a fixed seed, so that
  it has the same identifiers after every start.
- Requests to IAM, KMS, EC2 and Application Auto Scaling that changed something are journaled before they are answered,
  each with its own random seed (secret access keys are among the identifiers), and repeated at the next start. Creation
  dates are new then.

jsft itself only reads from these services. The journal stays because the README promises that everything survives
`kill -9`: a run file that names a role, a key or a subnet made for practice must pass preflight on the next day, too.

moto is imported when the first request needs it, because that takes longer than everything else in the sandbox.
"""

from __future__ import annotations

import functools
import io
import json
import logging
import os
import re
import secrets
import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsft_tui.sandbox.account.request_journal import JournaledRequest, RequestJournal
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Dialect, Reply
from jsft_tui.sandbox.http.routing import Destination
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError
from jsft_tui.sandbox.http.signature import Key

_JOURNALED_SERVICES = ("iam", "kms", "ec2", "application-autoscaling")
_READ_OPERATION = re.compile(r"(Describe|Get|List|Simulate|Generate|Decrypt|Encrypt|Sign|Verify|ReEncrypt)")
_CONTROL_PATH = re.compile(r"/(moto-api|latest)(/|$)")
_SIGNING_NAMES = {"cloudwatch": "monitoring", "service-quotas": "servicequotas", "sagemaker": "api.sagemaker"}
_REGION_OF_APPLICATIONS = "us-east-1"
"""moto creates this region's backend together with the application of a service (`create_backend_app`)."""
_VARIANT_SIZE = "sagemaker:variant:DesiredInstanceCount"
"""The scalable dimension of endpoints."""
_NOT_FORWARDED = ("expect", "transfer-encoding", "content-length")
_NOT_RETURNED = ("content-length", "server", "date", "connection")

_TRUST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
        # So that a schedule that deletes an endpoint can be tried without another role.
        {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
_ROLE_POLICY = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"

log = logging.getLogger(__name__)


class Unsupported(ApiError):
    """Neither the sandbox nor moto implements the operation."""


def unsupported(destination: Destination) -> Unsupported:
    """Return the error for an operation that is not implemented."""
    is_rpc = destination.dialect in (Dialect.JSON, Dialect.CBOR)
    code = "UnsupportedOperationException" if is_rpc else "UnsupportedOperation"
    message = f"The sandbox does not implement {destination.service} {destination.operation}."
    return Unsupported(code, message, 400)


class MotoFallback:
    """Answers requests with moto, one at a time."""

    def __init__(self, journal: Path, role_arn: str) -> None:
        """Use this journal file; `role_arn` is the execution role that every sandbox begins with."""
        self._journal = RequestJournal(journal)
        self._role_arn = role_arn
        self._lock = threading.RLock()
        self._application: Any = None
        self._regions_with_network: set[str] = set()

    def answer(self, request: Request, destination: Destination, body: bytes) -> Reply:
        """Return moto's reply.

        Raises:
            Unsupported: moto does not implement the operation.
        """
        if _CONTROL_PATH.match(request.raw_path):
            raise unsupported(destination)
        service, region = destination.service, destination.region
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_FORWARDED}
        forwarded = JournaledRequest(
            secrets.randbits(64), service, region, request.method, request.target, headers, body
        )
        is_change = service in _JOURNALED_SERVICES and not _READ_OPERATION.match(destination.operation)
        with self._lock:
            self._load()
            reply = self._send(forwarded) if _has_backend(destination) else None
            if reply is None:
                raise unsupported(destination)
            if is_change and reply.status < 400:
                self._journal.append(forwarded)
        return reply

    def find_key(self, access_key_id: str) -> Key | None:
        """Return the secret of an access key that was issued by moto's STS or IAM; None if it was not."""
        with self._lock:
            if self._application is None:
                if self._journal.is_empty:
                    return None
                self._load()
            from moto.sts.models import sts_backends

            role = sts_backends[ACCOUNT_ID]["aws"].get_assumed_role_from_access_key(access_key_id)
            if role is not None:
                return Key(role.secret_access_key, role.session_token)
            for user in _iam().users.values():
                for key in user.access_keys:
                    if key.access_key_id == access_key_id and key.status == "Active":
                        return Key(key.secret_access_key)
        return None

    def trust_policy(self, role_name: str) -> tuple[str, Any] | None:
        """Return the ARN and the parsed trust policy of a role; None if it does not exist."""
        with self._lock:
            self._load()
            for role in list(_iam().roles.values()):
                if role.name == role_name:
                    return role.arn, json.loads(role.assume_role_policy_document)
        return None

    def min_capacity(self, region: str, resource: str) -> int | None:
        """Return the MinCapacity of the scalable target for an endpoint's variant; None if there is none."""
        with self._lock:
            if self._application is None:
                if self._journal.is_empty:
                    return None
                self._load()
            from moto.applicationautoscaling.models import applicationautoscaling_backends

            targets = applicationautoscaling_backends[ACCOUNT_ID][region].targets
            target = targets.get(_VARIANT_SIZE, {}).get(resource)
            return None if target is None else int(target.min_capacity)

    def _load(self) -> None:
        if self._application is not None:
            return
        os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
        os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT_ID
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        _share_service_models()
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._application = DomainDispatcherApplication(create_backend_app)
        _create_role(self._role_arn.rpartition("/")[2])
        for request in self._journal.requests():
            reply = self._send(request)
            if reply is None or reply.status >= 400:
                log.warning("moto refused a journaled request: %s", reply)

    def _send(self, request: JournaledRequest) -> Reply | None:
        """Return moto's reply; None if it does not implement the operation."""
        from botocore.model import OperationNotFoundError

        if request.service == "ec2":
            self._prepare_networks(request.region)
        environ = _environ(request)
        # Before the seed, because a service's first application creates identifiers, too.
        application = self._application.get_application(environ)
        _seed_identifiers(request.seed)
        try:
            reply = _call(application, environ)
        except (NotImplementedError, OperationNotFoundError):
            return None
        return None if _is_web_page(reply) else reply

    def _prepare_networks(self, region: str) -> None:
        """Create the default networks that the first request for a region would create with random identifiers."""
        for name in (_REGION_OF_APPLICATIONS, region):
            if name not in self._regions_with_network:
                _create_network(name)
                self._regions_with_network.add(name)


def _share_service_models() -> None:
    """Let all botocore sessions of this process read the endpoints and each service model once.

    moto's modules create one session each, only to ask for the names of the regions.
    """
    import botocore.session

    if not hasattr(botocore.session.create_loader, "cache_info"):
        botocore.session.create_loader = functools.cache(botocore.session.create_loader)


def _seed_identifiers(seed: int | str) -> None:
    from moto.moto_api._internal import mock_random

    mock_random.seed(seed)


def _iam() -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[ACCOUNT_ID]["aws"]


def _create_role(name: str) -> None:
    """Create the execution role."""
    _seed_identifiers(f"role {name}")
    _iam().create_role(
        name,
        json.dumps(_TRUST_POLICY),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    _iam().attach_role_policy(_ROLE_POLICY, name)


def _create_network(region: str) -> None:
    """Create a region's default network, with the route to S3 that jobs in it need."""
    from moto.ec2.models import ec2_backends

    _seed_identifiers(f"network of {region}")
    backend = ec2_backends[ACCOUNT_ID][region]  # creates the default VPC
    vpc = backend.get_default_vpc()
    for table in list(backend.route_tables.values()) if vpc else ():
        if table.vpc_id == vpc.id and table.main_association_id is not None:
            backend.create_vpc_endpoint(vpc.id, f"com.amazonaws.{region}.s3", "Gateway", None, [table.id])


def _has_backend(destination: Destination) -> bool:
    from moto.backend_index import backend_url_patterns

    name = _SIGNING_NAMES.get(destination.service, destination.service)
    hosts = (f"http://{name}.{destination.region}.amazonaws.com", f"http://{name}.amazonaws.com")
    return any(pattern.match(host) for _, pattern in backend_url_patterns for host in hosts)


def _is_web_page(reply: Reply) -> bool:
    """Return whether moto answered with one of Flask's pages: it does not know the path."""
    types = [value for name, value in reply.headers if name.lower() == "content-type"]
    return reply.status >= 400 and any(value.startswith("text/html") for value in types) and _looks_like_html(reply)


def _looks_like_html(reply: Reply) -> bool:
    return isinstance(reply.body, bytes) and reply.body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _call(application: Any, environ: dict[str, Any]) -> Reply:
    from werkzeug.test import run_wsgi_app

    chunks, status, headers = run_wsgi_app(application, environ, buffered=True)
    kept = tuple((name, value) for name, value in headers if name.lower() not in _NOT_RETURNED)
    return Reply(int(status.split()[0]), b"".join(chunks), kept)


def _environ(request: JournaledRequest) -> dict[str, Any]:
    from werkzeug.test import EnvironBuilder

    builder = EnvironBuilder(
        method=request.method,
        headers=request.headers,
        input_stream=io.BytesIO(request.body),
        content_length=len(request.body),
    )
    path, _, query = request.target.partition("?")
    # Not from the builder, which takes the first segment of `//a/b` for a host.
    location = {
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
    }
    return {**builder.get_environ(), **location}
