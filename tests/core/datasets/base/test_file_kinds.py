"""What a file is by its first bytes and by its name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import sqlite3
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.datasets.base.file_kinds import kind_by_name, kind_of, there_instead


def _zip(name: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(name, "text")
    return body.getvalue()


def _tar() -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("data.csv"))
    return body.getvalue()


def _database() -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.execute("create table a (b)")
        return database.serialize()


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (gzip.compress(b"0,text"), "a gzip file"),
        (bz2.compress(b"0,text"), "a bzip2 file"),
        (lzma.compress(b"0,text"), "an xz file"),
        (b"\x28\xb5\x2f\xfd\x24", "a zstd file"),
        (_zip("data.csv"), "a zip or Excel file"),
        (_zip("[Content_Types].xml"), "a zip or Excel file"),
        (_tar(), "a tar archive"),
        (_database(), "an SQLite database"),
        (pickle.dumps([1]), "a Python pickle"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an old Excel or Word file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"%PDF-1.7\n", "a PDF document"),
        (rb"{\rtf1\ansi", "an RTF document"),
        (b"\n<!DOCTYPE html><html>", "an HTML page"),
        (b'\xef\xbb\xbf<html lang="en">', "an HTML page"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code>', "an XML document"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "a Git LFS pointer"),
        (b'[ {"prefix": "s3://bucket/train/"},\n"a.csv"]', "a SageMaker manifest"),
        (b'{"source-ref": "s3://b/a.jpg", "class": 1, "class-metadata": {}}\n', "an augmented manifest"),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "a resource fork that macOS left"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_kind_is_known_by_its_first_bytes(head: bytes, words: str) -> None:
    found = kind_of(head)
    assert found is not None
    assert found.words.startswith(words)
    assert found.remedy


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"0,PAR for the course",
        b"ORCA,1",
        b"PAR1,1",
        b"PK,1",
        b'{"q": "a"}\n',
        b'[{"q": "a"}]',
        b'{"source": "wiki", "text": "a"}\n',
        b"BMW,1",
        "überall\n".encode(),
        b"\xff\xfea\0",
        b"<p>text,1",
    ],
)
def test_a_text_is_of_no_kind(head: bytes) -> None:
    assert kind_of(head) is None


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), max_size=40))
def test_rows_of_letters_and_numbers_are_of_no_kind(text: str) -> None:
    assert kind_of(f"0,{text}\n1,{text}\n".encode()) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("train.jsonl.gz", "a gzip file"),
        ("train.tar.gz", "a tar archive"),
        ("IMAGES.ZIP", "a zip archive"),
        ("train.jsonl.zst", "a zstd file"),
        ("data.xlsx", "a spreadsheet"),
        ("part-0.parquet", "a Parquet file"),
        ("train.tfrecord", "a TFRecord file"),
    ],
)
def test_a_kind_is_known_by_its_name(name: str, words: str) -> None:
    found = kind_by_name(name)
    assert found is not None
    assert found.words.startswith(words)


def test_what_lies_there_instead_is_named_first() -> None:
    assert there_instead(["readme.md", "a.jsonl.gz", "b.zip"]).startswith("a.jsonl.gz is a gzip file (compressed); ")
    assert there_instead(["readme.md", "data.csv"]) == ""
