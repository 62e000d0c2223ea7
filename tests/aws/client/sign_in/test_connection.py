"""Why no connection came about: certificates, CA bundles, proxies and endpoints are named."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.caller import Caller, note_on_error
from jsft_tui.aws.client.http.connection import problem_of_connection
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem
from tests.common.servers.stub_aws import KEYS, Reply, StubAws, aws_home, identity


def certificate(folder: Path) -> Path:
    """Write a self-signed certificate and its key into one file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file, pem = folder / "corp.pem", serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + private)
    return file


def problem(folder: Path, url: str, config: str = "", **variables: str) -> Problem:
    text = f"[profile keys]\n{KEYS}{config}"
    target = Target("us-west-2", profile="keys", endpoints=(("iam", url), ("sts", url)))
    here = aws_home(folder, text, AWS_ENDPOINT_URL=url, AWS_MAX_ATTEMPTS="1", **variables)
    with here, pytest.raises(Problem) as caught:
        Account(target).iam.identity()
    return caught.value


@pytest.mark.parametrize(
    ("variable", "config", "remedy"),
    [
        ("", "", "AWS_CA_BUNDLE, or ca_bundle in the profile"),
        ("AWS_CA_BUNDLE", "", "other.pem (AWS_CA_BUNDLE): add it"),
        ("REQUESTS_CA_BUNDLE", "", "other.pem (REQUESTS_CA_BUNDLE): add it"),
        ("", "ca_bundle = {}\n", "other.pem (ca_bundle in the profile): add it"),
    ],
    ids=["none", "aws", "requests", "profile"],
)
def test_a_certificate_that_is_not_trusted_names_the_bundle(
    tmp_path: Path, variable: str, config: str, remedy: str
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(tmp_path))
    other = tmp_path / "other.pem"
    certificate(tmp_path).rename(other)
    with StubAws(lambda _: identity(), tls) as stub:
        variables = {variable: str(other)} if variable else {}
        found = problem(tmp_path, stub.url, config.format(other), **variables)
    assert "certificate is not trusted" in found.message
    assert remedy in found.remedy
    assert "AWS_CA_BUNDLE" in found.remedy


@pytest.mark.parametrize("text", [None, "no certificate"], ids=["gone", "text"])
@pytest.mark.parametrize("place", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "ca_bundle"])
def test_a_bundle_that_cannot_be_used_is_named(tmp_path: Path, text: str | None, place: str) -> None:
    file = tmp_path / "corp.pem"
    if text is not None:
        file.write_text(text)
    in_profile = place == "ca_bundle"
    config, variables = (f"ca_bundle = {file}\n", {}) if in_profile else ("", {place: str(file)})
    found = problem(tmp_path, "https://127.0.0.1:1", config, **variables)
    assert found.code == "BadCaBundle"
    assert str(file) in found.message
    assert place in found.message
    assert ("cannot be read" if text is None else "holds no PEM certificate") in found.message


@contextmanager
def proxy(answer: bytes) -> Iterator[str]:
    """Answer every connection as a proxy does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    near, _ = server.accept()
                except OSError:
                    return
                with near:
                    near.recv(65536)
                    near.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://me:secret@127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def test_a_proxy_that_wants_a_password_is_named(tmp_path: Path) -> None:
    refused = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with proxy(refused) as url:
        found = problem(tmp_path, "https://sts.example.com", HTTPS_PROXY=url)
    assert "407 Proxy Authentication Required" in found.message
    assert "HTTPS_PROXY" in found.remedy
    assert "secret" not in str(found)


def test_a_proxy_that_answers_407_to_a_plain_request_is_named(tmp_path: Path) -> None:
    with StubAws(lambda _: Reply(407, "<html><h1>407 Proxy Authentication Required</h1></html>")) as stub:
        found = problem(tmp_path, stub.url, HTTP_PROXY=stub.url)
    assert "proxy" in found.message
    assert "HTTP_PROXY" in found.remedy


def test_a_dead_proxy_is_named(tmp_path: Path) -> None:
    found = problem(tmp_path, "https://sts.example.com", HTTPS_PROXY="http://me:secret@127.0.0.1:1")
    assert found.code == "NoConnection"
    assert "HTTPS_PROXY" in found.remedy
    assert "secret" not in str(found)


def test_a_dead_endpoint_that_is_configured_is_named(tmp_path: Path) -> None:
    found = problem(tmp_path, "http://127.0.0.1:1")
    assert found.code == "NoConnection"
    assert "AWS_ENDPOINT_URL" in found.remedy
    assert "http://127.0.0.1:1" in found.remedy


def unreachable(region: str) -> Problem:
    """What is said where nobody answers."""
    error = EndpointConnectionError(endpoint_url=f"https://sts.{region}.amazonaws.com/")
    note_on_error(error, Caller(Target(region)))
    return problem_of_connection(error, "look")


@pytest.mark.parametrize(
    ("region", "says"),
    [("us-wset-2", "us-west-2"), ("us-west-2a", "us-west-2"), ("US-WEST-2", "us-west-2"), ("Oregon", "--region")],
)
def test_a_region_that_there_is_not_is_named(tmp_path: Path, region: str, says: str) -> None:
    with aws_home(tmp_path, ""):
        found = unreachable(region)
    assert found.code == "NoConnection"
    assert region in found.remedy
    assert says in found.remedy


def test_a_port_without_tls_is_not_blamed_on_a_certificate(tmp_path: Path) -> None:
    with StubAws(lambda _: identity()) as stub:
        found = problem(tmp_path, stub.url.replace("http:", "https:"))
    assert "certificate" not in str(found)
    assert "AWS_ENDPOINT_URL" in found.remedy


def test_a_socks_proxy_is_named(tmp_path: Path) -> None:
    found = problem(tmp_path, "https://sts.example.com", HTTPS_PROXY="socks5://127.0.0.1:1")
    assert "SOCKS" in found.remedy
    assert "HTTPS_PROXY" in found.remedy
    assert "_Watched" not in found.message


@pytest.mark.parametrize("name", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
def test_an_endpoint_of_a_kind_that_was_asked_for_names_the_variable(tmp_path: Path, name: str) -> None:
    with aws_home(tmp_path, "", **{name: "true"}):
        assert name in unreachable("us-west-2").remedy
