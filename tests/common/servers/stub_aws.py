"""A pretended AWS on this computer that answers as a test says, and an AWS home whose files a test writes."""

from __future__ import annotations

import json
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from tests.common.home import environment

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n"
ROLE = "arn:aws:iam::123456789012:role/Admin"
OTHERS = ("REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy")
"""Variables of other programs that botocore reads."""
DEVICE = "arn:aws:iam::123456789012:mfa/me"


MFA_REGION = "us-west-2"
MFA_PROFILES = f"""
[profile base]
region = {MFA_REGION}
[profile mfa]
role_arn = {ROLE}
source_profile = base
mfa_serial = {DEVICE}
"""
WRONG = "MultiFactorAuthentication failed with invalid MFA one time pass code. "


@dataclass(frozen=True)
class Request:
    """What was asked."""

    service: str
    region: str
    headers: dict[str, str]
    body: str

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a query request."""
        return {name: values[0] for name, values in parse_qs(self.body).items()}


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[[Request], Reply]


def refusal(service: str, code: str, message: str, status: int = 403, **headers: str) -> Reply:
    """Return an error in the form of a service."""
    if service == "s3":
        return Reply(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>", headers)
    if service in ("sts", "iam", "ec2"):
        error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        return Reply(status, f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>", headers)
    return Reply(status, json.dumps({"__type": code, "message": message}), headers)


def identity() -> Reply:
    """Return an answer of GetCallerIdentity."""
    result = "<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>A</UserId><Account>123456789012</Account>"
    wrapped = f"<GetCallerIdentityResult>{result}</GetCallerIdentityResult>"
    return Reply(200, f"<GetCallerIdentityResponse>{wrapped}</GetCallerIdentityResponse>")


def assumed(key: str = "ASIAX", ends: str = "2099-01-01T00:00:00Z") -> Reply:
    """Return an answer of AssumeRole."""
    keys = (
        f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        f"<SessionToken>t</SessionToken><Expiration>{ends}</Expiration>"
    )
    result = f"<AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult>"
    return Reply(200, f"<AssumeRoleResponse>{result}</AssumeRoleResponse>")


_NOTHING = {
    "pricing": Reply(200, '{"PriceList": []}'),
    "s3": Reply(200, "<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets/></ListAllMyBucketsResult>"),
    "sagemaker": Reply(200, '{"TrainingJobSummaries": []}'),
}
"""Answers of services that have nothing."""


class StubSts:
    """Assumes roles for MFA codes, and takes each code once, as AWS does."""

    def __init__(self, *good: str) -> None:
        self.good = set(good)
        self.revoked = False

    def __call__(self, request: Request) -> Reply:
        if request.fields.get("Action") == "AssumeRole":
            code = request.fields.get("TokenCode", "")
            if code not in self.good:
                return refusal("sts", "AccessDenied", WRONG)
            self.good.discard(code)
            return assumed(f"ASIA{code}")
        if self.revoked or "ASIA" not in request.headers["Authorization"]:
            return refusal(request.service, "InvalidClientTokenId", "The security token is invalid")
        return _NOTHING.get(request.service) or identity()


class StubAws:
    """A server that answers every request by one function, and remembers what it was asked."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                scope = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
                region, service = (scope[2], scope[3]) if len(scope) > 3 else ("", "")
                request = Request(service, region, dict(self.headers), body)
                stub.requests.append(request)
                reply = stub.answer(request)
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                data = b"" if self.command == "HEAD" else reply.body.encode()
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_HEAD = handle_one  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> StubAws:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def aws_home(folder: Path, config: str, credentials: str = "", **variables: str) -> Iterator[Path]:
    """Make a folder the home of this process, with AWS files of its own and nothing of the computer's."""
    files = folder / ".aws"
    files.mkdir(exist_ok=True)
    (files / "config").write_text(config)
    (files / "credentials").write_text(credentials)
    nothing = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(folder)}
    with environment({"JSFT_HOME": str(folder / "jsft"), **nothing, **variables}):
        for name in set(OTHERS) - set(variables):
            os.environ.pop(name, None)
        yield files
