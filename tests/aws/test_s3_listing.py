"""What S3 says of an object in a listing, and when asked for it: its storage class, and whether it is restored."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from jsft_tui.aws.client.session import AwsSession
from jsft_tui.aws.s3 import S3
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.storage.uri import S3Uri

MOMENT = "2026-11-29T00:00:00Z"


@pytest.mark.parametrize(
    ("more", "storage_class", "is_restored"),
    [
        ({}, "", False),
        ({"StorageClass": "STANDARD"}, "STANDARD", False),
        ({"StorageClass": "GLACIER"}, "GLACIER", False),
        ({"StorageClass": "GLACIER", "RestoreStatus": {"IsRestoreInProgress": True}}, "GLACIER", False),
        (
            {
                "StorageClass": "DEEP_ARCHIVE",
                "RestoreStatus": {"IsRestoreInProgress": False, "RestoreExpiryDate": MOMENT},
            },
            "DEEP_ARCHIVE",
            True,
        ),
    ],
)
def test_an_archived_object_is_restored_when_its_copy_has_an_expiry_date(
    more: dict[str, Any], storage_class: str, is_restored: bool
) -> None:
    keys = StaticCredentials("AKIAEXAMPLE", "secret")
    session = AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:9", credentials=keys))
    answer = {"Name": "b", "KeyCount": 1, "Contents": [{"Key": "k", "Size": 1, "ETag": '"e"', **more}]}
    expected = {"Bucket": "b", "Prefix": "", "MaxKeys": 1000, "OptionalObjectAttributes": ["RestoreStatus"]}

    with Stubber(session.client("s3")) as stub:
        stub.add_response("list_objects_v2", answer, expected)
        (entry,) = S3(session).flat_page(S3Uri("b")).entries

    assert (entry.storage_class, entry.is_restored) == (storage_class, is_restored)


@pytest.mark.parametrize(
    ("more", "storage_class", "is_restored"),
    [
        ({}, "", False),
        ({"StorageClass": "GLACIER", "Restore": 'ongoing-request="true"'}, "GLACIER", False),
        ({"StorageClass": "GLACIER", "Restore": 'ongoing-request="false", expiry-date="Fri"'}, "GLACIER", True),
        ({"StorageClass": "INTELLIGENT_TIERING"}, "INTELLIGENT_TIERING", False),
        ({"StorageClass": "INTELLIGENT_TIERING", "ArchiveStatus": "ARCHIVE_ACCESS"}, "ARCHIVE_ACCESS", False),
    ],
)
def test_only_the_object_itself_tells_its_archive_tier(
    more: dict[str, Any], storage_class: str, is_restored: bool
) -> None:
    keys = StaticCredentials("AKIAEXAMPLE", "secret")
    session = AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:9", credentials=keys))

    with Stubber(session.client("s3")) as stub:
        stub.add_response("head_object", {"ContentLength": 1, "ETag": '"e"', **more}, {"Bucket": "b", "Key": "k"})
        entry = S3(session).head(S3Uri("b", "k"))

    assert (entry.storage_class, entry.is_restored) == (storage_class, is_restored)
