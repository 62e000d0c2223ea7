"""The long tail of AWS: what the sandbox does not do itself is handed to moto, in process.

moto keeps everything in memory. So that roles, keys and subnets survive even `kill -9`, the requests that
changed something are written to a journal before they are answered, and carried out again at the next start.
A journal and not a pickle of moto's state, because it is the same few lines for every service (KMS keys
cannot be pickled), because it survives an update of moto, and because what it costs does not grow with the state.
moto's identifiers are random: each request is journaled with the seed it was carried out with, so that the
repetition makes the same ones. Creation dates are those of the repetition.

moto is imported at the first request that needs it: it takes longer than everything else in the sandbox.
"""

from __future__ import annotations

import base64
import errno
import functools
import io
import json
import logging
import os
import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.protocol import ACCOUNT_ID, ApiError
from jsft_tui.sandbox.http.replies import Dialect, Reply
from jsft_tui.sandbox.http.routing import Destination
from jsft_tui.sandbox.http.signature import Key

_JOURNALED = ("iam", "kms", "ec2")
_READS = re.compile(r"(Describe|Get|List|Simulate|Generate|Decrypt|Encrypt|Sign|Verify|ReEncrypt)")
_SANDBOX_PATH = re.compile(r"/(moto-api|latest)(/|$)")

log = logging.getLogger(__name__)


class Unsupported(ApiError):
    """Neither the sandbox nor moto has the operation."""


def unsupported(destination: Destination) -> Unsupported:
    """The error that tells so."""
    rpc = destination.dialect in (Dialect.JSON, Dialect.CBOR)
    code = "UnsupportedOperationException" if rpc else "UnsupportedOperation"
    message = f"The sandbox does not implement {destination.service} {destination.operation}."
    return Unsupported(code, message, 400)


@dataclass(frozen=True)
class _Entry:
    """A request of the journal: what is needed to carry it out again."""

    seed: int
    service: str
    region: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def to_json(self) -> str:
        fields = {**self.__dict__, "body": base64.b64encode(self.body).decode()}
        return json.dumps(fields)

    @classmethod
    def from_json(cls, line: bytes) -> _Entry:
        fields = json.loads(line)
        return cls(**{**fields, "body": base64.b64decode(fields["body"])})


class MotoTail:
    """Hands requests to moto, one at a time."""

    def __init__(self, journal: Path, role_arn: str) -> None:
        """`role_arn` is the execution role that is there from the beginning."""
        self._journal = journal
        self._role_arn = role_arn
        self._lock = threading.RLock()
        self._application: Any = None
        self._touched: set[tuple[str, str]] = set()

    def answer(self, request: Request, destination: Destination, body: bytes) -> Reply:
        """moto's answer.

        Raises:
            Unsupported: moto does not have the operation.
        """
        if _SANDBOX_PATH.match(request.raw_path):
            raise unsupported(destination)
        with self._lock:
            self._load()
            if not _has_backend(destination):
                raise unsupported(destination)
            headers = {k: v for k, v in request.headers.items() if k not in ("expect", "transfer-encoding")}
            place = (destination.service, destination.region)
            if place[0] == "ec2" and place not in self._touched:
                self._lead_to_s3(destination.region)
            entry = _Entry(secrets.randbits(64), *place, request.method, request.target, headers, body)
            # The first look at a region makes moto create its default network, with random identifiers.
            first = place not in self._touched
            journaled = destination.service in _JOURNALED and (first or not _READS.match(destination.operation))
            self._touched.add(place)
            reply = self._carry_out(entry, seeded=journaled)
            if reply is None:
                raise unsupported(destination)
            if journaled and (first or reply.status < 400):
                self._write(entry)
        return reply

    def find_key(self, access_key_id: str) -> Key | None:
        """The secret of an access key that moto's STS or IAM has issued; None: it has not."""
        with self._lock:
            if self._application is None:
                if not self._journal.exists():
                    return None
                self._load()
            from moto.iam.models import iam_backends
            from moto.sts.models import sts_backends

            role = sts_backends[ACCOUNT_ID]["aws"].get_assumed_role_from_access_key(access_key_id)
            if role is not None:
                return Key(role.secret_access_key, role.session_token)
            for user in iam_backends[ACCOUNT_ID]["aws"].users.values():
                for key in user.access_keys:
                    if key.access_key_id == access_key_id and key.status == "Active":
                        return Key(key.secret_access_key)
        return None

    def trust_policy(self, role_name: str) -> tuple[str, Any] | None:
        """The ARN and the trust policy (parsed) of a role; None: there is no such role."""
        with self._lock:
            self._load()
            from moto.iam.models import iam_backends

            for role in list(iam_backends[ACCOUNT_ID]["aws"].roles.values()):
                if role.name == role_name:
                    return role.arn, json.loads(role.assume_role_policy_document)
        return None

    def _load(self) -> None:
        if self._application is not None:
            return
        os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
        os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT_ID
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        _share_service_models()
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        self._application = DomainDispatcherApplication(create_backend_app)
        if self._journal.exists():
            self._replay()
        else:
            self._create_role()

    def _create_role(self) -> None:
        role = self._role_arn.rpartition("/")[2]
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "sagemaker.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        policy = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        for parameters in (
            {"Action": "CreateRole", "RoleName": role, "AssumeRolePolicyDocument": json.dumps(trust)},
            {"Action": "AttachRolePolicy", "RoleName": role, "PolicyArn": policy},
        ):
            self._seed(_query_entry("iam", "us-east-1", {**parameters, "Version": "2010-05-08"}))

    def _lead_to_s3(self, region: str) -> None:
        """Give a region's default network what jobs in it need: a way to S3."""
        from moto.ec2.models import ec2_backends

        version = {"Version": "2016-11-15"}
        self._touched.add(("ec2", region))
        self._seed(_query_entry("ec2", region, {"Action": "DescribeVpcs", **version}))  # makes the default network
        backend = ec2_backends[ACCOUNT_ID][region]
        vpc = backend.get_default_vpc()
        for table in list(backend.route_tables.values()) if vpc else ():
            if table.vpc_id == vpc.id and table.main_association_id is not None:
                gateway = {"VpcEndpointType": "Gateway", "ServiceName": f"com.amazonaws.{region}.s3"}
                place = {"VpcId": vpc.id, "RouteTableId.1": table.id}
                self._seed(_query_entry("ec2", region, {"Action": "CreateVpcEndpoint", **gateway, **place, **version}))

    def _seed(self, entry: _Entry) -> None:
        reply = self._carry_out(entry, seeded=True)
        if reply is None or reply.status != 200:
            raise RuntimeError(f"moto refused what the sandbox begins with: {reply}")
        self._write(entry)

    def _replay(self) -> None:
        journal = self._journal.read_bytes()
        whole = journal[: journal.rfind(b"\n") + 1]
        if whole != journal:
            # A server was killed while it wrote the last line: that call was never answered.
            os.truncate(self._journal, len(whole))
        for line in whole.splitlines():
            try:
                entry = _Entry.from_json(line)
            except (ValueError, TypeError, KeyError):
                log.warning("An entry of %s cannot be read, and what it did is lost", self._journal)
                continue
            self._touched.add((entry.service, entry.region))
            reply = self._carry_out(entry, seeded=True)
            if reply is None or reply.status >= 400:
                log.warning("moto refused a journaled request: %s", reply)

    def _write(self, entry: _Entry) -> None:
        self._journal.parent.mkdir(parents=True, exist_ok=True)
        line = entry.to_json().encode() + b"\n"
        with self._journal.open("ab", buffering=0) as file:
            before = file.tell()
            if file.write(line) < len(line):
                # Half an entry would spoil the next one too.
                file.truncate(before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._journal))

    def _carry_out(self, entry: _Entry, *, seeded: bool) -> Reply | None:
        """moto's answer; None: it has no such operation."""
        from botocore.model import OperationNotFoundError
        from moto.moto_api._internal import mock_random

        if seeded:
            mock_random.seed(entry.seed)
        try:
            reply = _call(self._application, _environ(entry))
        except (NotImplementedError, OperationNotFoundError):
            return None
        finally:
            if seeded:
                mock_random.seed(secrets.randbits(64))
        return None if _is_web_page(reply) else reply


def _share_service_models() -> None:
    """Let all botocore sessions of this process read each file of endpoints and of a service's model once.

    moto's modules make a session of their own each, only to ask for the names of the regions.
    """
    import botocore.session

    if not hasattr(botocore.session.create_loader, "cache_info"):
        botocore.session.create_loader = functools.cache(botocore.session.create_loader)


def _has_backend(destination: Destination) -> bool:
    from moto.backend_index import backend_url_patterns

    signing_name = {"cloudwatch": "monitoring", "service-quotas": "servicequotas"}
    name = signing_name.get(destination.service, destination.service)
    name = "api.sagemaker" if name == "sagemaker" else name
    hosts = (f"http://{name}.{destination.region}.amazonaws.com", f"http://{name}.amazonaws.com")
    return any(pattern.match(host) for _, pattern in backend_url_patterns for host in hosts)


def _is_web_page(reply: Reply) -> bool:
    """Whether moto answered with one of Flask's pages: it does not know the path."""
    types = [value for name, value in reply.headers if name.lower() == "content-type"]
    return reply.status >= 400 and any(value.startswith("text/html") for value in types) and _looks_like_html(reply)


def _looks_like_html(reply: Reply) -> bool:
    return isinstance(reply.body, bytes) and reply.body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def _query_entry(service: str, region: str, parameters: dict[str, str]) -> _Entry:
    """A request of the sandbox's own in the Query protocol."""
    headers = {
        "host": f"{service}.amazonaws.com" if service == "iam" else f"{service}.{region}.amazonaws.com",
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "authorization": f"AWS4-HMAC-SHA256 Credential=sandbox/20260101/{region}/{service}/aws4_request, "
        "SignedHeaders=host, Signature=0",
    }
    return _Entry(secrets.randbits(64), service, region, "POST", "/", headers, urlencode(parameters).encode())


def _environ(entry: _Entry) -> dict[str, Any]:
    path, _, query = entry.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": entry.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": entry.target,
        "REQUEST_URI": entry.target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(entry.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(entry.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in entry.headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key != "CONTENT_LENGTH":
            environ[f"HTTP_{key}"] = value
    return environ


def _call(application: Any, environ: dict[str, Any]) -> Reply:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> None:  # noqa: ARG001 (WSGI)
        started[:] = [int(status.split()[0]), headers]

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started
    kept = tuple((n, v) for n, v in headers if n.lower() not in ("content-length", "server", "date", "connection"))
    return Reply(status, body, kept)
