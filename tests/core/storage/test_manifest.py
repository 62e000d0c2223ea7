"""Files that list objects instead of being data."""

from __future__ import annotations

import pytest

from jsft_tui.core.storage.manifest import manifest_fault


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b'[{"prefix": "s3://b/x/"}, "a"]', "give the prefix in it: s3://b/x/"),
        (b'[{"customer": "x", "prefix": "s3://b/x/"}, "a"]', "give the prefix in it: s3://b/x/"),
        (b'[\n {\n "prefix":"S3:\\/\\/b\\/x\\/"\n }, "a"]', "give the prefix in it: S3://b/x/"),
        (b'{"label": 0, "source-ref": "s3://b/a.jpg"}\n', "augmented manifest"),
        (b'[{"source-ref":"s3://b/a.jpg"}]', "augmented manifest"),
        (b'{"source": "I love it", "mood": 1, "mood-metadata": {"type": "groundtruth"}}\n', "augmented manifest"),
        (b'["s3://b/x/a.jpg", "s3://b/x/b.jpg"]', "list of S3 URIs"),
        (b"s3://b/x/a.jpg\r\ns3://b/x/b.jpg\r\n", "list of S3 URIs"),
        (b'{"entries": [{"url": "s3://b/a.csv", "mandatory": true}]}', "Redshift"),
        (b'{"fileLocations": [{"URIs": ["s3://b/a.csv"]}]}', "QuickSight"),
        (b'{"sourceBucket": "b", "files": []}', "S3 Inventory"),
    ],
)
def test_a_list_of_objects_is_named(head: bytes, says: str) -> None:
    assert says in manifest_fault(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b"s3://b/a.jpg,1\\ns3://b/b.jpg,0\\n",
        b"0,s3://b/x is a place\n",
        b'{"source": "wiki", "text": "x"}\n',
        b'{"instruction": "s3://b/x", "response": "y"}\n',
        b'[{"image": "s3://b/a.jpg"}]',
        b'{"entries": 5}',
        b"s3://b is where the data lies, and it was read by nobody\n",
    ],
)
def test_data_is_no_manifest(head: bytes) -> None:
    assert manifest_fault(head) == ""
