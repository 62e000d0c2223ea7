"""Web pages and foreign hosts are refused, and so are requests whose length is ambiguous."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox


def signed_headers(sandbox: RunningSandbox, host: str) -> dict[str, str]:
    request = AWSRequest("POST", f"http://{host}/", data=b"{}", headers={"Host": host, "X-Amz-Target": "SageMaker.X"})
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    SigV4Auth(credentials, "sagemaker", "us-west-2").add_auth(request)
    return dict(request.headers)


def ask(sandbox: RunningSandbox, headers: dict[str, str], method: str = "POST") -> tuple[int, bytes, dict[str, str]]:
    host = sandbox.info["endpoint"].removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    connection.request(method, "/", b"{}", headers)
    reply = connection.getresponse()
    answer = reply.status, reply.read(), {name.lower(): value for name, value in reply.getheaders()}
    connection.close()
    return answer


@pytest.mark.parametrize(
    "extra", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_request_of_a_web_page_is_refused_though_it_is_signed(sandbox: RunningSandbox, extra: dict[str, str]) -> None:
    host = sandbox.info["endpoint"].removeprefix("http://")
    status, body, headers = ask(sandbox, {**signed_headers(sandbox, host), **extra})
    assert status == 403
    assert json.loads(body)["__type"] == "AccessDeniedException"
    assert not any(name.startswith("access-control") for name in headers)


def test_a_preflight_of_a_browser_gets_no_permission(sandbox: RunningSandbox) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Headers": "x-amz-target"}
    status, _, headers = ask(sandbox, asked, "OPTIONS")
    assert status == 403
    assert not any(name.startswith("access-control") for name in headers)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost"])
def test_a_request_for_another_host_is_refused_though_it_is_signed(sandbox: RunningSandbox, host: str) -> None:
    host = host.format(port=sandbox.info["endpoint"].rpartition(":")[2])
    status, body, _ = ask(sandbox, signed_headers(sandbox, host))
    assert (status, b"use that endpoint" in body) == (403, True)


def test_the_name_localhost_is_let_in(sandbox: RunningSandbox) -> None:
    host = "localhost:" + sandbox.info["endpoint"].rpartition(":")[2]
    status, body, _ = ask(sandbox, signed_headers(sandbox, host))
    assert (status, b"UnsupportedOperation" in body) == (400, True)


def test_the_server_listens_on_loopback_only(sandbox: RunningSandbox) -> None:
    port = int(sandbox.info["endpoint"].rpartition(":")[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: finds this machine's outward address
            address = probe.getsockname()[0]
        except OSError:
            pytest.skip("this machine has no address besides loopback")
    if address.startswith("127."):
        pytest.skip("this machine has no address besides loopback")
    with socket.socket() as outside:
        outside.settimeout(2)
        assert outside.connect_ex((address, port)) != 0


def test_a_connection_is_kept_for_the_next_request_even_when_a_body_was_refused_unread(
    sandbox: RunningSandbox,
) -> None:
    host = sandbox.info["endpoint"].removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    for _ in range(3):
        connection.request("PUT", "/some-bucket/key", b"x" * 100_000, {"Origin": "http://evil.example"})
        reply = connection.getresponse()
        assert (reply.status, reply.headers["Connection"]) == (403, None)
        reply.read()
    assert connection.sock is not None
    connection.close()


def raw(sandbox: RunningSandbox, text: bytes) -> bytes:
    """What comes back for these bytes until the sandbox closes the connection."""
    port = int(sandbox.info["endpoint"].rpartition(":")[2])
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(text.replace(b"HOST", b"127.0.0.1:%d" % port))
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65536):
                answer += piece
    return answer


@pytest.mark.parametrize(
    "length", [b"-1", b"1e3", b"", b"9" * 5000, b"5\r\nContent-Length: 50", b"5\r\nTransfer-Encoding: chunked"]
)
def test_a_body_of_ambiguous_length_is_a_bad_request(sandbox: RunningSandbox, length: bytes) -> None:
    answer = raw(sandbox, b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: " + length + b"\r\n\r\nhello")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("size", [b"-1", b"-5", b"zz", b"1_0", b""])
def test_a_chunk_of_no_size_breaks_the_connection(sandbox: RunningSandbox, size: bytes) -> None:
    headers = signed_headers(sandbox, sandbox.info["endpoint"].removeprefix("http://"))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() != "content-length")
    request = f"POST / HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode()
    assert raw(sandbox, request + size + b"\r\nhello\r\n0\r\n\r\n") == b""


def test_a_wrong_signature_is_refused_before_the_body_is_read(sandbox: RunningSandbox) -> None:
    head = b"POST / HTTP/1.1\r\nHost: HOST\r\nX-Amz-Target: SageMaker.ListTrainingJobs\r\n"
    answer = raw(sandbox, head + b"Content-Length: 99999999\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 403 ")
