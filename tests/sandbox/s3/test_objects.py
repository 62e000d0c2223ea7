"""S3 as boto3 sees it."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from jsft_tui.sandbox.s3.storage.listing import ListRequest, Page, decode_token, encode_token, list_page, start_after
from jsft_tui.sandbox.s3.storage.store import ObjectInfo, ObjectStore
from tests.common.effort import PATIENCE
from tests.sandbox.running import RunningSandbox

MIB = 1 << 20
ODD_KEYS = [
    "a b",
    "ü/ñ 日本",
    "plus+and=",
    "a//b",
    "/lead",
    "trail/",
    "q?x&y#z",
    "100%25",
    "..",
    "dots/../up",
    "~'\"<>*",
]


@pytest.fixture
def s3(sandbox: RunningSandbox) -> Any:
    return sandbox.client("s3")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_object_of_any_key_comes_back_as_it_was_put(s3: Any, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=b"body", ContentType="text/csv", Metadata={"who": "me"})
    found = s3.get_object(Bucket=bucket, Key=key)
    assert found["Body"].read() == b"body"
    assert (found["ContentType"], found["Metadata"], found["ContentLength"]) == ("text/csv", {"who": "me"}, 4)
    assert found["ETag"] == f'"{hashlib.md5(b"body").hexdigest()}"'
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.delete_object(Bucket=bucket, Key=key)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_what_is_not_there_is_refused_as_s3_does(s3: Any, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="nothing")
    assert code(error) == "NoSuchKey"
    with pytest.raises(ClientError) as error:
        s3.head_object(Bucket=bucket, Key="nothing")
    assert code(error) == "404"
    with pytest.raises(ClientError) as error:
        s3.list_objects_v2(Bucket="no-such-bucket")
    assert code(error) == "NoSuchBucket"
    with pytest.raises(ClientError) as error:
        s3.head_bucket(Bucket="no-such-bucket")
    assert code(error) == "404"


def test_a_large_upload_that_is_refused_says_why(s3: Any, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="no-such-bucket", Key="k", Body=b"x" * (20 * MIB))
    assert code(error) == "NoSuchBucket"
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="k", Body=b"x" * (20 * MIB), Tagging="a=b")
    assert code(error) == "NotImplemented"


def test_buckets_are_created_listed_in_pages_and_deleted(s3: Any, sandbox: RunningSandbox) -> None:
    names = [f"paged-{number}" for number in range(5)]
    for name in names:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    pages = s3.get_paginator("list_buckets").paginate(Prefix="paged-", PaginationConfig={"PageSize": 2})
    found = [[entry["Name"] for entry in page["Buckets"]] for page in pages]
    assert found == [names[:2], names[2:4], names[4:]]
    assert s3.get_bucket_location(Bucket="paged-0")["LocationConstraint"] == "us-west-2"
    with pytest.raises(ClientError) as error:
        s3.create_bucket(Bucket="paged-0", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert code(error) == "BucketAlreadyOwnedByYou"
    s3.put_object(Bucket="paged-0", Key="x", Body=b"")
    with pytest.raises(ClientError) as error:
        s3.delete_bucket(Bucket="paged-0")
    assert code(error) == "BucketNotEmpty"
    s3.delete_object(Bucket="paged-0", Key="x")
    for name in names:
        s3.delete_bucket(Bucket=name)
    assert s3.list_buckets(Prefix="paged-")["Buckets"] == []


@pytest.mark.parametrize("name", ["Upper-case", "192.168.1.1", "dots..twice"])
def test_a_bucket_name_against_the_rules_is_refused(s3: Any, name: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert code(error) == "InvalidBucketName"


def test_a_bucket_is_created_only_in_the_region_of_the_request(s3: Any) -> None:
    with pytest.raises(ClientError) as error:
        s3.create_bucket(Bucket="elsewhere-1", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert code(error) == "IllegalLocationConstraintException"


def test_a_client_of_another_region_is_sent_to_the_buckets_own(sandbox: RunningSandbox) -> None:
    ireland = sandbox.client("s3", "eu-west-1")
    ireland.create_bucket(Bucket="in-ireland", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    ireland.put_object(Bucket="in-ireland", Key="k", Body=b"v")
    retrying = {"retries": {"total_max_attempts": 3}}
    for operation in ("head_bucket", "list_objects_v2"):
        # A client that has not been told yet where the bucket is.
        fresh = sandbox.client("s3", "us-east-1", user_agent_extra=operation, **retrying)
        reply = getattr(fresh, operation)(Bucket="in-ireland")
        assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200
    for operation in ("head_object", "get_object"):
        fresh = sandbox.client("s3", "us-east-1", user_agent_extra=operation, **retrying)
        assert getattr(fresh, operation)(Bucket="in-ireland", Key="k")["ContentLength"] == 1
    oregon = sandbox.client("s3", "us-west-2")
    assert oregon.get_bucket_location(Bucket="in-ireland")["LocationConstraint"] == "eu-west-1"


@pytest.mark.parametrize(
    ("asked", "body", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_of_an_object_is_read(s3: Any, bucket: str, asked: str, body: bytes, content_range: str) -> None:
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    reply = s3.get_object(Bucket=bucket, Key="digits", Range=asked)
    assert (reply["Body"].read(), reply["ContentRange"]) == (body, content_range)
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_outside_of_the_object_is_refused(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    for asked in ("bytes=10-12", "bytes=-0"):
        with pytest.raises(ClientError) as error:
            s3.get_object(Bucket=bucket, Key="digits", Range=asked)
        assert code(error) == "InvalidRange"


def test_conditional_reads_answer_304_and_412(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"v")["ETag"]
    later, before = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(hours=1)
    for operation in (s3.get_object, s3.head_object):
        assert operation(Bucket=bucket, Key="k", IfMatch=etag)["ETag"] == etag
        assert operation(Bucket=bucket, Key="k", IfModifiedSince=before)["ETag"] == etag
        for condition in ({"IfNoneMatch": etag}, {"IfModifiedSince": later}):
            with pytest.raises(ClientError) as error:
                operation(Bucket=bucket, Key="k", **condition)
            assert code(error) == "304"
        for condition in ({"IfMatch": '"other"'}, {"IfUnmodifiedSince": before}):
            with pytest.raises(ClientError) as error:
                operation(Bucket=bucket, Key="k", **condition)
            assert code(error) in ("412", "PreconditionFailed")


def test_conditional_writes_replace_only_what_they_name(s3: Any, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert code(error) == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)
    assert code(error) == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


@pytest.mark.parametrize("size", [0, 1, 32 * 1024, 32 * 1024 + 1, 3 * MIB])
def test_objects_of_every_size_survive_the_way_to_and_fro(s3: Any, bucket: str, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    s3.put_object(Bucket=bucket, Key="k", Body=body[:size])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == body[:size]


def test_a_large_file_goes_up_in_parts_and_comes_down_whole(s3: Any, bucket: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(hashlib.sha256(b"seed").digest() * (19 * MIB // 32))
    s3.upload_file(str(source), bucket, "dir/big", ExtraArgs={"Metadata": {"a": "b"}})
    head = s3.head_object(Bucket=bucket, Key="dir/big", ChecksumMode="ENABLED")
    assert head["ETag"].endswith('-3"')
    assert head["Metadata"] == {"a": "b"}
    assert head["ChecksumCRC32"].endswith("-3")
    s3.download_file(bucket, "dir/big", str(tmp_path / "copy"))
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
    s3.copy({"Bucket": bucket, "Key": "dir/big"}, bucket, "copied", Config=TransferConfig(multipart_threshold=MIB))
    assert s3.head_object(Bucket=bucket, Key="copied")["ContentLength"] == 19 * MIB
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_an_upload_can_be_listed_resumed_and_aborted(s3: Any, bucket: str) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    place = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    etags = [s3.upload_part(**place, PartNumber=n, Body=bytes([n]) * 100)["ETag"] for n in (1, 2, 3)]
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    pages = s3.get_paginator("list_parts").paginate(**place, PaginationConfig={"PageSize": 2})
    assert [p["ETag"] for page in pages for p in page["Parts"]] == etags
    parts = [{"PartNumber": n, "ETag": etags[n - 1]} for n in (1, 2)]
    for wrong, expected in (
        (parts, "EntityTooSmall"),
        (parts[::-1], "InvalidPartOrder"),
        ([{"PartNumber": 9, "ETag": etags[0]}], "InvalidPart"),
    ):
        with pytest.raises(ClientError) as error:
            s3.complete_multipart_upload(**place, MultipartUpload={"Parts": wrong})
        assert code(error) == expected
    s3.abort_multipart_upload(**place)
    with pytest.raises(ClientError) as error:
        s3.upload_part(**place, PartNumber=4, Body=b"late")
    assert code(error) == "NoSuchUpload"


def test_a_whole_object_checksum_of_parts_is_computed_and_checked(s3: Any, bucket: str) -> None:
    body = b"x" * (5 * MIB) + b"tail"
    created = s3.create_multipart_upload(Bucket=bucket, Key="k", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    place = {"Bucket": bucket, "Key": "k", "UploadId": created["UploadId"]}
    parts = []
    for number, piece in ((1, body[: 5 * MIB]), (2, body[5 * MIB :])):
        sent = s3.upload_part(**place, PartNumber=number, Body=piece, ChecksumAlgorithm="CRC32")
        parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC32": sent["ChecksumCRC32"]})
    done = s3.complete_multipart_upload(**place, MultipartUpload={"Parts": parts}, ChecksumType="FULL_OBJECT")
    assert done["ChecksumCRC32"] == base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == body


def test_copies_keep_or_replace_the_headers(s3: Any, bucket: str) -> None:
    source = {"Bucket": bucket, "Key": "a b+ü"}
    s3.put_object(**source, Body=b"v", ContentType="text/plain", Metadata={"a": "1"})
    s3.copy_object(Bucket=bucket, Key="kept", CopySource=source)
    s3.copy_object(
        Bucket=bucket, Key="new", CopySource=source, MetadataDirective="REPLACE", Metadata={"b": "2"}, ContentType="x/y"
    )
    kept, new = s3.head_object(Bucket=bucket, Key="kept"), s3.head_object(Bucket=bucket, Key="new")
    assert (kept["ContentType"], kept["Metadata"]) == ("text/plain", {"a": "1"})
    assert (new["ContentType"], new["Metadata"]) == ("x/y", {"b": "2"})
    with pytest.raises(ClientError) as error:
        s3.copy_object(Bucket=bucket, Key="a b+ü", CopySource=source)
    assert code(error) == "InvalidRequest"
    with pytest.raises(ClientError) as error:
        s3.copy_object(Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "nothing"})
    assert code(error) == "NoSuchKey"


def test_many_objects_are_deleted_at_once(s3: Any, bucket: str) -> None:
    keys = ["a", "b & <c>", "ü", "not there"]
    for key in keys[:3]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    reply = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    assert [entry["Key"] for entry in reply["Deleted"]] == keys
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_encryption_with_kms_is_kept_and_the_default_is_aes256(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="kms", Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/mine")
    head = s3.head_object(Bucket=bucket, Key="kms")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/mine")
    s3.put_object(Bucket=bucket, Key="plain", Body=b"")
    assert s3.head_object(Bucket=bucket, Key="plain")["ServerSideEncryption"] == "AES256"


def test_what_the_sandbox_cannot_do_is_refused_and_recorded(s3: Any, sandbox: RunningSandbox, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.get_bucket_policy(Bucket=bucket)
    assert code(error) == "NotImplemented"
    assert {"service": "s3", "operation": "GetBucketPolicy"} in sandbox.control("GET", "unimplemented")
    assert "s3 GetBucketPolicy" in (sandbox.state_dir / "unimplemented.log").read_text()


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_checked_and_given_back(s3: Any, bucket: str, algorithm: str) -> None:
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"body", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"body"
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="k", Body=b"other", **{f"Checksum{algorithm}": put[f"Checksum{algorithm}"]})
    assert code(error) == "BadDigest"


@pytest.mark.parametrize(
    ("name", "value"),
    # The check values of "123456789" in the catalog of parametrised CRC algorithms.
    [("ChecksumCRC32C", 0xE3069283.to_bytes(4, "big")), ("ChecksumCRC64NVME", 0xAE8B14860A799888.to_bytes(8, "big"))],
)
def test_checksums_that_boto3_cannot_compute_are_checked_too(s3: Any, bucket: str, name: str, value: bytes) -> None:
    right, wrong = (base64.b64encode(v).decode() for v in (value, bytes(len(value))))
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"123456789", **{name: right})[name] == right
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="k", Body=b"123456789", **{name: wrong})
    assert code(error) == "BadDigest"


def test_presigned_urls_work_and_expire(sandbox: RunningSandbox, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = sandbox.client("s3", signature_version="s3v4")
    place = {"Bucket": bucket, "Key": "a b/ü+c"}
    put = s3.generate_presigned_url("put_object", Params=place, ExpiresIn=60)
    urllib.request.urlopen(urllib.request.Request(put, b"sent", {"Content-Type": ""}, method="PUT"), timeout=PATIENCE)
    get = s3.generate_presigned_url("get_object", Params={**place, "ResponseContentType": "text/x"}, ExpiresIn=60)
    with urllib.request.urlopen(get, timeout=PATIENCE) as reply:
        assert (reply.read(), reply.headers["Content-Type"]) == (b"sent", "text/x")
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: datetime.now(UTC) - timedelta(seconds=5))
    expired = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=1)
    for url in (expired, get.replace("Signature=", "Signature=0")):
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(url, timeout=PATIENCE)
        assert error.value.code == 403


def test_listings_of_both_versions_agree(s3: Any, bucket: str) -> None:
    keys = ["a/1", "a/2", "b", "c/d/e", "c/f", "ü"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    for options in ({}, {"Delimiter": "/"}, {"Prefix": "c/"}, {"Prefix": "c/", "Delimiter": "/"}):
        found = []
        for operation in ("list_objects", "list_objects_v2"):
            pages = s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}, **options)
            names: list[str] = []
            for page in pages:
                names += [entry["Key"] for entry in page.get("Contents", [])]
                names += [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]
            found.append(sorted(names))
        assert found[0] == found[1]


def test_a_listing_with_a_foreign_token_is_refused(s3: Any, bucket: str) -> None:
    for options in ({"ContinuationToken": "?!"}, {"MaxKeys": -1}):
        with pytest.raises(ClientError) as error:
            s3.list_objects_v2(Bucket=bucket, **options)
        assert code(error) == "InvalidArgument"


# The listing against a model that sorts and cuts a list.

_alphabet = st.text("ab/é\U0010ffff", max_size=5)


def model_entries(keys: list[str], prefix: str, delimiter: str, after: str) -> list[str]:
    entries: list[str] = []
    for key in sorted(keys):
        if not key.startswith(prefix):
            continue
        head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
        entry = prefix + head + delimiter if found else key
        rolled_after = after.startswith(entry) and bool(found)
        if key > after and not rolled_after and entry not in entries:
            entries.append(entry)
    return entries


def all_pages(store: ObjectStore, name: str, question: ListRequest) -> Iterator[Page]:
    bucket = store.bucket(name).id

    def read(first: str, stop: str | None, count: int) -> list[ObjectInfo]:
        return store.range(bucket, first, stop, count)

    page = list_page(question, read)
    yield page
    while page.next_start is not None:
        start = decode_token(encode_token(page.next_start))
        page = list_page(ListRequest(question.prefix, question.delimiter, start, question.limit), read)
        yield page


@pytest.fixture(scope="module")
def model_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    store = ObjectStore(tmp_path_factory.mktemp("model"))
    yield store
    store.close()


_numbers = itertools.count()


@settings(max_examples=150, deadline=None)
@given(
    keys=st.sets(_alphabet.filter(bool), max_size=12),
    prefix=_alphabet,
    delimiter=st.sampled_from(["", "/", "a", "/a"]),
    after=_alphabet,
    limit=st.integers(1, 4),
)
def test_pages_of_a_listing_are_those_of_a_sorted_list(
    model_store: ObjectStore, keys: set[str], prefix: str, delimiter: str, after: str, limit: int
) -> None:
    name = f"model-{next(_numbers)}"
    model_store.create_bucket(name, "us-west-2")
    model_store.write_many(name, [(key, b"") for key in keys])
    question = ListRequest(prefix, delimiter, start_after(after, prefix, delimiter), limit)
    pages = list(all_pages(model_store, name, question))
    found = [sorted([entry.key for entry in page.objects] + page.prefixes) for page in pages]
    entries = model_entries(list(keys), prefix, delimiter, after)
    assert [name for page in found for name in page] == entries
    assert all(len(page) == limit for page in found[:-1])
    assert pages[-1].next_start is None
    assert found[-1] or not entries


# The store in process.


def test_the_store_keeps_what_was_written_and_forgets_the_rest(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.create_bucket("mine", "us-west-2")
    store.create_bucket("mine", "us-west-2")
    with pytest.raises(ValueError, match="us-west-2"):
        store.create_bucket("mine", "eu-west-1")
    store.write("mine", "small", b"1")
    store.write("mine", "large", io.BytesIO(b"2" * MIB), "text/plain")
    store.write("mine", "large", b"3" * MIB)
    store.write_many("mine", [("many/1", b"a"), ("many/2", b"b")])
    store.delete("mine", "many/1")
    store.close()
    (tmp_path / "blobs" / "ab").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "ab" / "abandoned").write_bytes(b"half")
    again = ObjectStore(tmp_path)
    assert [entry.key for entry in again.keys("mine")] == ["large", "many/2", "small"]
    assert [entry.key for entry in again.keys("mine", "many/")] == ["many/2"]
    assert again.read("mine", "large").read() == b"3" * MIB
    info = again.info("mine", "small")
    assert info is not None and info.size == 1
    assert again.info("mine", "nothing") is None
    with pytest.raises(KeyError):
        again.read("mine", "nothing")
    with pytest.raises(KeyError):
        again.write("nowhere", "k", b"")
    files = [file for file in (tmp_path / "blobs").rglob("*") if file.is_file()]
    assert len(files) == 1, "replaced and abandoned files must be gone"


def test_a_failing_upload_leaves_nothing(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.create_bucket("mine", "us-west-2")

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "first", b"x" * MIB
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        store.write_many("mine", broken())
    assert list(store.keys("mine")) == []
    assert not list(tmp_path.rglob("blobs/*/*"))


def test_an_open_object_can_be_read_to_its_end_when_it_is_replaced(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)
    store.create_bucket("mine", "us-west-2")
    store.write("mine", "k", b"1" * MIB)
    source = store.read("mine", "k")
    store.write("mine", "k", b"2" * MIB)
    assert source.read() == b"1" * MIB
    source.close()
