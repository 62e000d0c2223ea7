"""The objects of a channel and their names, for every kind of URI that an S3Prefix can be."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.s3 import S3Dataset
from tests.common.home import BUCKET, TEXT_MODEL, Home

ROWS = "\n".join(f'{number % 2},"sentence number {number} about things"' for number in range(30)) + "\n"


def put(home: Home, objects: Mapping[str, str]) -> None:
    for key, body in objects.items():
        home.sandbox.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body.encode())


def dataset(home: Home, key: str) -> S3Dataset:
    return S3Dataset(home.account().s3, S3Uri(BUCKET, key))


@pytest.fixture
def tree(home: Home) -> Home:
    put(
        home,
        {
            "tree/data.csv": "csv",
            "tree/data/": "",
            "tree/data/x": "in x",
            "tree/data/sub/y": "in y",
            "tree/data-old/z": "old z",
            "tree/other": "o",
        },
    )
    return home


@pytest.mark.parametrize(
    ("key", "objects", "prefixes"),
    [
        ("tree/", {"data.csv", "other"}, {"data/", "data-old/"}),
        ("tree", {"data.csv", "other"}, {"data/", "data-old/"}),
        ("tree/data/", {"x"}, {"sub/"}),
        ("tree/data", {"x", "data.csv"}, {"sub/", "data-old/"}),
        ("tree/data.csv", {"data.csv"}, set()),
        ("tree/data.", {"data.csv"}, set()),
        ("tree/data-", set(), {"data-old/"}),
        ("tree/none", set(), set()),
        ("tree/none/", set(), set()),
    ],
)
def test_the_names_are_those_of_the_files(tree: Home, key: str, objects: set[str], prefixes: set[str]) -> None:
    found = dataset(tree, key).listing()

    assert {item.name for item in found.objects} == objects
    assert set(found.prefixes) == prefixes


@pytest.mark.parametrize(
    ("key", "name", "text"),
    [
        ("tree/data", "x", "in x"),
        ("tree/data", "sub/y", "in y"),
        ("tree/data", "data-old/z", "old z"),
        ("tree/data", "data.csv", "csv"),
        ("tree/data.csv", "data.csv", "csv"),
        ("tree/data/", "sub/y", "in y"),
    ],
)
def test_a_file_is_read_by_its_name(tree: Home, key: str, name: str, text: str) -> None:
    assert dataset(tree, key).read(name, 0, 100).decode() == text
    folder, _, last = name.rpartition("/")
    if folder:
        listed = dataset(tree, key).listing(f"{folder}/")
        assert {item.name for item in listed.objects} == {f"{folder}/{last}"}


def verdict(home: Home, uri: str) -> tuple[int, str]:
    outcome = home.jsft("lint", TEXT_MODEL, uri)
    return outcome.code, outcome.out + outcome.err


def test_one_file_by_its_key_or_the_start_of_its_name_is_data(home: Home) -> None:
    put(home, {"one/data.csv": ROWS, "other/train.csv": ROWS})

    assert verdict(home, f"s3://{BUCKET}/one/data.csv")[0] == 0
    assert verdict(home, f"s3://{BUCKET}/one/da")[0] == 0
    code, text = verdict(home, f"s3://{BUCKET}/other/train.csv")
    assert code == 3
    assert "data.csv" in text


@pytest.mark.parametrize(
    "body",
    [
        '[{"prefix": "s3://team-data/flowers/"}, "1.jpg"]',
        '\ufeff [ {"prefix":"s3://team-data/flowers/"} ]',
        '{"source-ref": "s3://team-data/flowers/1.jpg", "class": 1}\n',
    ],
    ids=["plain", "spaced", "augmented"],
)
def test_a_manifest_is_said_to_be_one(home: Home, body: str) -> None:
    put(home, {"listed/all.manifest": body})

    code, text = verdict(home, f"s3://{BUCKET}/listed/all.manifest")

    assert code == 3
    assert "manifest, which a channel of the type S3Prefix takes for data" in text


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
def test_archived_data_blocks(home: Home, storage_class: str) -> None:
    s3 = home.sandbox.client("s3")
    s3.put_object(Bucket=BUCKET, Key="cold/data.csv", Body=ROWS.encode(), StorageClass=storage_class)

    code, text = verdict(home, f"s3://{BUCKET}/cold/")

    assert code == 3
    assert "storage class" in text and "restore-object" in text
    entry = next(home.account().s3.objects(S3Uri(BUCKET, "cold/")))
    assert (entry.storage_class, entry.is_restored) == (storage_class, False)


def test_a_folder_that_holds_only_its_marker_is_empty(home: Home) -> None:
    put(home, {"marker/": ""})

    assert "nothing under the prefix" in verdict(home, f"s3://{BUCKET}/marker/")[1]
