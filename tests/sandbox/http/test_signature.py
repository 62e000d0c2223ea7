"""Signatures: what is signed rightly gets in, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import http.client
import urllib.error
import urllib.request
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from jsft_tui.sandbox.http.signature import ChunkVerifier, Key, Scope, Signed, chunk_signer
from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox

CALLS = [("s3", "list_buckets"), ("sts", "get_caller_identity"), ("sagemaker", "list_training_jobs")]


def wrong_client(sandbox: RunningSandbox, service: str, **session: Any) -> Any:
    options: dict[str, Any] = {
        "aws_access_key_id": sandbox.info["access_key_id"],
        "aws_secret_access_key": sandbox.info["secret_access_key"],
        **session,
    }
    config = Config(retries={"total_max_attempts": 1})
    return boto3.session.Session(region_name="us-west-2", **options).client(
        service, endpoint_url=sandbox.info["endpoint"], config=config
    )


def refused(client: Any, operation: str) -> str:
    with pytest.raises(ClientError) as error:
        getattr(client, operation)()
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "list_buckets", "SignatureDoesNotMatch"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("sagemaker", "list_training_jobs", "InvalidSignatureException"),
        ("ec2", "describe_vpcs", "SignatureDoesNotMatch"),
    ],
)
def test_a_wrong_secret_is_refused(sandbox: RunningSandbox, service: str, operation: str, expected: str) -> None:
    assert refused(wrong_client(sandbox, service, aws_secret_access_key="wrong"), operation) == expected


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("sagemaker", "list_training_jobs", "UnrecognizedClientException"),
    ],
)
def test_an_unknown_key_is_refused(sandbox: RunningSandbox, service: str, operation: str, expected: str) -> None:
    assert refused(wrong_client(sandbox, service, aws_access_key_id="AKIAIOSFODNN7EXAMPLE"), operation) == expected


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "list_buckets", "InvalidToken"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("sagemaker", "list_training_jobs", "UnrecognizedClientException"),
    ],
)
def test_a_session_token_that_is_not_ours_is_refused(
    sandbox: RunningSandbox, service: str, operation: str, expected: str
) -> None:
    assert refused(wrong_client(sandbox, service, aws_session_token="of a real account"), operation) == expected


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "list_buckets", "RequestTimeTooSkewed"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("sagemaker", "list_training_jobs", "InvalidSignatureException"),
    ],
)
@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_off_by_more_than_a_quarter_of_an_hour_is_refused(
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    operation: str,
    expected: str,
    minutes: int,
) -> None:
    client = wrong_client(sandbox, service)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    assert refused(client, operation) == expected


def test_an_unsigned_request_is_refused(sandbox: RunningSandbox) -> None:
    s3 = boto3.client(
        "s3",
        region_name="us-west-2",
        endpoint_url=sandbox.info["endpoint"],
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )
    assert refused(s3, "list_buckets") == "AccessDenied"
    for path in ("/", "/_sandbox/unimplemented", "/moto-api/reset"):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(sandbox.info["endpoint"] + path, timeout=PATIENCE)
        assert error.value.code == 403


def send(sandbox: RunningSandbox, request: AWSRequest, body: bytes) -> tuple[int, bytes]:
    host = sandbox.info["endpoint"].removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    prepared = request.prepare()
    headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    connection.request(request.method, prepared.url.removeprefix(f"http://{host}"), body, headers)
    reply = connection.getresponse()
    answer = reply.status, reply.read()
    connection.close()
    return answer


def signed_put(sandbox: RunningSandbox, path: str, body: bytes, headers: dict[str, str] | None = None) -> AWSRequest:
    request = AWSRequest("PUT", sandbox.info["endpoint"] + path, data=body, headers=headers or {})
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    S3SigV4Auth(credentials, "s3", "us-west-2").add_auth(request)
    return request


def test_a_body_that_was_changed_on_the_way_is_refused_and_not_stored(sandbox: RunningSandbox, bucket: str) -> None:
    status, body = send(sandbox, signed_put(sandbox, f"/{bucket}/k", b"first"), b"other")
    assert (status, b"XAmzContentSHA256Mismatch" in body) == (400, True)
    assert sandbox.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_path_that_was_changed_on_the_way_is_refused(sandbox: RunningSandbox, bucket: str) -> None:
    request = signed_put(sandbox, f"/{bucket}/k", b"body")
    request.url = request.url.replace("/k", "/other")
    status, body = send(sandbox, request, b"body")
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)


def test_a_json_body_that_was_changed_on_the_way_is_refused(sandbox: RunningSandbox) -> None:
    client = wrong_client(sandbox, "sagemaker")

    def change(request: Any, **_: Any) -> None:
        request.body = request.body.replace(b"{}", b"[]")

    client.meta.events.register("before-send", change)
    assert refused(client, "list_training_jobs") == "InvalidSignatureException"


def test_a_session_of_an_assumed_role_gets_in_with_its_token_only(sandbox: RunningSandbox) -> None:
    role = sandbox.client("iam").list_roles()["Roles"][0]["Arn"]
    session = sandbox.client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    keys = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"]}
    for service, operation in CALLS:
        getattr(wrong_client(sandbox, service, **keys, aws_session_token=session["SessionToken"]), operation)()
        assert refused(wrong_client(sandbox, service, **keys), operation) in (
            "InvalidToken",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
        )
    named = wrong_client(sandbox, "sts", **keys, aws_session_token=session["SessionToken"])
    assert "assumed-role/JsftSandboxRole/me" in named.get_caller_identity()["Arn"]


def presigned(sandbox: RunningSandbox, service: str, query: str = "") -> AWSRequest:
    request = AWSRequest("GET", f"{sandbox.info['endpoint']}/{query}")
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    auth = {"s3": S3SigV4QueryAuth, "sts": SigV4QueryAuth}[service]
    auth(credentials, service, "us-west-2").add_auth(request)
    return request


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("X-Amz-Target", "SageMaker.ListTrainingJobs", b"<Code>AccessDenied</Code>"),
        ("smithy-protocol", "rpc-v2-cbor", b"<ListAllMyBucketsResult"),
    ],
)
def test_a_presigned_url_of_s3_opens_no_other_service(
    sandbox: RunningSandbox, name: str, value: str, expected: bytes
) -> None:
    request = presigned(sandbox, "s3")
    assert b"<ListAllMyBucketsResult" in send(sandbox, request, b"")[1]
    request.headers[name] = value
    assert expected in send(sandbox, request, b"{}")[1]


def test_a_presigned_url_does_not_let_another_action_in_by_its_body(sandbox: RunningSandbox) -> None:
    request = presigned(sandbox, "sts", "?Action=GetCallerIdentity&Version=2011-06-15")
    assert send(sandbox, request, b"")[0] == 200
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    status, body = send(sandbox, request, b"Action=GetSessionToken&Version=2011-06-15")
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)


def test_a_presigned_url_with_a_signed_hash_lets_no_other_body_in(sandbox: RunningSandbox) -> None:
    wanted, other = (f"Action={action}&Version=2011-06-15".encode() for action in ("GetCallerIdentity", "GetX"))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Amz-Content-SHA256": sha256(wanted)}
    request = AWSRequest("POST", f"{sandbox.info['endpoint']}/", headers=headers)
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    SigV4QueryAuth(credentials, "sts", "us-west-2").add_auth(request)
    assert send(sandbox, request, wanted)[0] == 200
    status, body = send(sandbox, request, other)
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)


def test_a_signed_header_that_was_changed_on_the_way_is_refused(sandbox: RunningSandbox) -> None:
    request = signed_put(sandbox, "/bucket/k", b"", {"x-amz-meta-a": "b"})
    request.headers.replace_header("x-amz-meta-a", "c")
    status, body = send(sandbox, request, b"")
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)


def test_a_query_that_was_changed_on_the_way_is_refused(sandbox: RunningSandbox, bucket: str) -> None:
    request = AWSRequest("GET", f"{sandbox.info['endpoint']}/{bucket}?list-type=2&prefix=a%2Fb%20~c")
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    S3SigV4Auth(credentials, "s3", "us-west-2").add_auth(request)
    assert send(sandbox, request, b"")[0] == 200
    request.url = request.url.replace("~c", "%7Ec")
    assert send(sandbox, request, b"")[0] == 200  # the same, encoded in another way
    request.url = request.url.replace("%7Ec", "d")
    assert send(sandbox, request, b"")[0] == 403


@pytest.mark.parametrize("in_query", [True, False])
def test_version_2_is_refused_as_s3_refuses_it_for_new_buckets(
    sandbox: RunningSandbox, bucket: str, in_query: bool
) -> None:
    s3 = sandbox.client("s3", signature_version="s3")
    if in_query:
        url = s3.generate_presigned_url("list_objects_v2", Params={"Bucket": bucket})
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(url, timeout=PATIENCE)
        assert b"Please use AWS4-HMAC-SHA256" in error.value.read()
    else:
        assert refused(s3, "list_buckets") == "InvalidRequest"


def test_a_header_that_decides_must_be_signed(sandbox: RunningSandbox) -> None:
    request = AWSRequest("POST", sandbox.info["endpoint"] + "/", data=b"{}")
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    SigV4Auth(credentials, "sagemaker", "us-west-2").add_auth(request)
    request.headers["X-Amz-Target"] = "SageMaker.ListTrainingJobs"
    status, body = send(sandbox, request, b"{}")
    assert (status, b"headers present in the request which were not signed" in body) == (400, True)


def test_a_request_signed_for_one_service_is_not_taken_for_another(sandbox: RunningSandbox) -> None:
    request = AWSRequest(
        "POST", sandbox.info["endpoint"] + "/", data=b"{}", headers={"X-Amz-Target": "SageMaker.ListTrainingJobs"}
    )
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    SigV4Auth(credentials, "logs", "us-west-2").add_auth(request)
    status, body = send(sandbox, request, b"{}")
    assert (status, b"scoped to correct service: 'sagemaker'" in body) == (400, True)


def test_a_scope_without_a_date_is_malformed(sandbox: RunningSandbox) -> None:
    request = signed_put(sandbox, "/", b"")
    scope = f"{sandbox.info['access_key_id']}//us-west-2/s3/aws4_request"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"
    status, body = send(sandbox, request, b"")
    assert (status, b"<Code>InvalidRequest</Code>" in body) == (400, True)


# Bodies that are sent in chunks.


def sign_chunks(sandbox: RunningSandbox, request: AWSRequest) -> Any:
    """Return what signs the next chunk of a request; the example of the S3 documentation below checks its key."""
    timestamp = request.context["timestamp"]
    scope = Scope(sandbox.info["access_key_id"], timestamp[:8], "us-west-2", "s3")
    previous: list[str] = [request.headers["Authorization"].rpartition("=")[2]]
    sign_text = chunk_signer(Signed(scope, "", timestamp, previous[0]), sandbox.info["secret_access_key"])

    def sign(algorithm: str, digests: str) -> str:
        previous[0] = sign_text(f"{algorithm}\n{timestamp}\n{scope}\n{previous[0]}\n{digests}")
        return previous[0]

    return sign


def streaming_put(sandbox: RunningSandbox, path: str, kind: str, size: int, **headers: str) -> AWSRequest:
    class Auth(S3SigV4Auth):  # type: ignore[misc]
        def payload(self, request: AWSRequest) -> str:
            return kind

    request = AWSRequest(
        "PUT",
        sandbox.info["endpoint"] + path,
        headers={"Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": str(size), **headers},
    )
    credentials = Credentials(sandbox.info["access_key_id"], sandbox.info["secret_access_key"])
    Auth(credentials, "s3", "us-west-2").add_auth(request)
    return request


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("broken", [False, True])
def test_signed_chunks_are_checked_one_by_one(sandbox: RunningSandbox, bucket: str, broken: bool) -> None:
    pieces = [b"a" * 70_000, b"b" * 100, b""]
    request = streaming_put(sandbox, f"/{bucket}/k", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", 70_100)
    sign = sign_chunks(sandbox, request)
    body = b""
    for piece in pieces:
        signature = sign("AWS4-HMAC-SHA256-PAYLOAD", f"{sha256(b'')}\n{sha256(piece)}")
        body += f"{len(piece):x};chunk-signature={signature}\r\n".encode() + piece + b"\r\n"
    if broken:
        body = body.replace(b"bbb", b"bcb", 1)
    status, answer = send(sandbox, request, body)
    if broken:
        assert (status, b"SignatureDoesNotMatch" in answer) == (403, True)
        assert sandbox.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    else:
        assert status == 200
        stored = sandbox.client("s3").get_object(Bucket=bucket, Key="k")
        assert (stored["Body"].read(), "ContentEncoding" in stored) == (b"".join(pieces), False)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_checksum_behind_unsigned_chunks_is_checked(sandbox: RunningSandbox, bucket: str, wrong: bool) -> None:
    data = b"0123456789" * 20_000
    request = streaming_put(
        sandbox,
        f"/{bucket}/k",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        len(data),
        **{"x-amz-trailer": "x-amz-checksum-crc32"},
    )
    crc = base64.b64encode(zlib.crc32(data[1:] if wrong else data).to_bytes(4, "big")).decode()
    half = len(data) // 2
    body = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in (data[:half], data[half:]))
    status, answer = send(sandbox, request, body + f"0\r\nx-amz-checksum-crc32:{crc}\r\n\r\n".encode())
    if wrong:
        assert (status, b"BadDigest" in answer) == (400, True)
    else:
        assert status == 200
        stored = sandbox.client("s3").get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
        assert (stored["Body"].read(), stored["ChecksumCRC32"]) == (data, crc)


def test_a_signed_trailer_is_checked(sandbox: RunningSandbox, bucket: str) -> None:
    data = b"body"
    crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
    for tampered in (False, True):
        request = streaming_put(
            sandbox,
            f"/{bucket}/k",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            len(data),
            **{"x-amz-trailer": "x-amz-checksum-crc32"},
        )
        sign = sign_chunks(sandbox, request)
        body = b""
        for piece in (data, b""):
            signature = sign("AWS4-HMAC-SHA256-PAYLOAD", f"{sha256(b'')}\n{sha256(piece)}")
            body += f"{len(piece):x};chunk-signature={signature}\r\n".encode() + piece + (b"\r\n" if piece else b"")
        trailer = f"x-amz-checksum-crc32:{crc}\n".encode()
        signature = sign("AWS4-HMAC-SHA256-TRAILER", sha256(b"other" if tampered else trailer))
        body += f"x-amz-checksum-crc32:{crc}\r\nx-amz-trailer-signature:{signature}\r\n\r\n".encode()
        status, _ = send(sandbox, request, body)
        assert status == (403 if tampered else 200)


def test_the_chain_of_chunk_signatures_is_that_of_the_s3_documentation() -> None:
    # The example of "Transferring Payload in Multiple Chunks" in the Amazon S3 API reference.
    scope = Scope("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", "s3")
    seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    signed = Signed(scope, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "20130524T000000Z", seed)
    chain = ChunkVerifier(signed, Key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").secret)
    chain.check_chunk(b"a" * 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648")
    chain.check_chunk(b"a" * 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497")
    chain.check_chunk(b"", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")
