"""Keys of which SageMaker cannot make files, and the names of the files that it makes."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.storage.key_rules import KeyFault, KeyJudge, local_name
from jsft_tui.core.storage.uri import Entry, S3Uri


def faults(prefix: str, *keys: str, sizes: dict[str, int] | None = None) -> dict[KeyFault, tuple[str, ...]]:
    judge = KeyJudge(prefix)
    for key in sorted(keys, key=str.encode):
        judge.add([Entry(S3Uri("b", key), (sizes or {}).get(key, 0 if key.endswith("/") else 1))])
    return {finding.fault: finding.keys for finding in judge.findings}


@pytest.mark.parametrize(
    ("key", "prefix", "name"),
    [
        ("a/b/c.csv", "a/b/", "c.csv"),
        ("a/b/c.csv", "a/b", "c.csv"),
        ("a/b/c.csv", "a/b/c.csv", "c.csv"),
        ("data.csv", "data.csv", "data.csv"),
        ("a/data.csv", "a/data", "data.csv"),
        ("a/train/x", "a/tra", "train/x"),
        ("a/train-old/x", "a/train", "train-old/x"),
        ("a/b", "", "a/b"),
    ],
)
def test_a_file_has_a_name_relative_to_the_prefix(key: str, prefix: str, name: str) -> None:
    assert local_name(key, prefix) == name


@pytest.mark.parametrize("key", ["p//x", "/x", "p/a//b/c", "p//", "p/a//"])
def test_an_empty_part_is_a_fault(key: str) -> None:
    assert faults("", "p/fine", key) == {KeyFault.EMPTY_PART: (key,)}


@pytest.mark.parametrize("key", ["p/./x", "p/../x", "p/a/..", "."])
def test_a_dot_part_is_a_fault(key: str) -> None:
    assert faults("", key) == {KeyFault.DOT_PART: (key,)}


def test_names_with_dots_are_fine() -> None:
    assert faults("", ".hidden", "a/...", "a/..b", "a/b.", "a/ ", "täxt+50%25 o'clock/x") == {}


def test_a_part_may_have_255_bytes() -> None:
    assert faults("p/", "p/" + "x" * 255, "p/" + "ü" * 127) == {}
    assert set(faults("p/", "p/" + "ü" * 128)) == {KeyFault.LONG_PART}
    assert faults("x" * 300 + "/", "x" * 300 + "/a") == {}  # no file has that part


def test_a_nul_is_a_fault() -> None:
    assert set(faults("", "a\0b")) == {KeyFault.NUL}


@pytest.mark.parametrize(
    ("prefix", "keys", "clash"),
    [
        ("", ("notes", "notes/x"), "notes"),
        ("p/", ("p/notes", "p/notes-1", "p/notes.txt", "p/notes/x"), "p/notes"),
        ("p/", ("p/a/b", "p/a/b/c/d/e"), "p/a/b"),
        ("p/", ("p/a", "p/a/b/c"), "p/a"),
        ("p", ("p/a", "p/a/b"), "p/a"),
        ("train", ("train", "train/x"), "train"),
        ("train", ("train-a", "train/train-a/x"), "train-a"),
    ],
)
def test_a_key_that_is_a_file_and_a_folder_is_a_fault(prefix: str, keys: tuple[str, ...], clash: str) -> None:
    assert faults(prefix, *keys) == {KeyFault.FILE_AND_FOLDER: (clash,)}


def test_two_keys_that_would_become_one_file_are_a_fault() -> None:
    assert faults("p/data", "p/data.csv", "p/data/data.csv") == {KeyFault.SAME_FILE: ("p/data/data.csv",)}
    assert faults("p/data/", "p/data/data.csv") == {}


def test_folders_of_the_console_and_names_in_other_case_are_fine() -> None:
    assert faults("p/", "p/", "p/notes/", "p/notes/x", "p/Notes", "p/a/x", "p/a/y") == {}


def test_an_empty_object_with_the_name_of_a_folder_and_bytes_in_a_folder_are_faults() -> None:
    assert set(faults("", "notes", "notes/x", sizes={"notes": 0})) == {KeyFault.FILE_AND_FOLDER}
    assert set(faults("", "notes/", sizes={"notes/": 5})) == {KeyFault.FILE_AND_FOLDER}


def test_archived_objects_are_a_fault_until_they_are_restored() -> None:
    judge = KeyJudge("")
    for number, (storage_class, is_restored) in enumerate(
        [
            ("DEEP_ARCHIVE", False),
            ("GLACIER", False),
            ("GLACIER", True),
            ("GLACIER_IR", False),
            ("STANDARD", False),
            ("INTELLIGENT_TIERING", False),
            ("", False),
        ]
    ):
        judge.add([Entry(S3Uri("b", f"{number}"), 1, storage_class=storage_class, is_restored=is_restored)])
    assert [(finding.storage_class, finding.keys) for finding in judge.findings] == [
        ("DEEP_ARCHIVE", ("0",)),
        ("GLACIER", ("1",)),
    ]


def test_faults_are_counted_beyond_the_examples() -> None:
    judge = KeyJudge("")
    judge.add([Entry(S3Uri("b", f"a//{number}"), 1) for number in range(1000)])
    (finding,) = judge.findings
    assert (finding.count, len(finding.keys)) == (1000, 3)


PARTS = st.sampled_from(["a", "b", "c", "a-", "a.b", "ü"])
KEYS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@given(st.sets(KEYS, max_size=12))
def test_clashes_are_those_of_a_disk(keys: set[str]) -> None:
    folders = {parent for key in keys for parent in parents(key)}
    assert (KeyFault.FILE_AND_FOLDER in faults("", *keys)) is bool(keys & folders)


def parents(key: str) -> list[str]:
    found = []
    while key := posixpath.dirname(key):
        found.append(key)
    return found
