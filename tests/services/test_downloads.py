"""Downloads go on where they were, and never leave wrong bytes under the right name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jsft_tui.core.checksums import ObjectFacts
from jsft_tui.core.errors import Problem
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.services import downloads
from jsft_tui.services.downloads import download

URI = S3Uri("bucket-one", "model.tar.gz")


class Flaky:
    """An object whose reads fail from a byte on."""

    def __init__(self, data: bytes, fails_from: int | None = None, etag: str = "") -> None:
        self.data, self.fails_from = data, fails_from
        self.etag = etag or hashlib.md5(data).hexdigest()
        self.starts: list[int] = []

    def facts(self, uri: S3Uri) -> ObjectFacts:
        return ObjectFacts(len(self.data), self.etag)

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        self.starts.append(start)
        if self.fails_from is not None and start >= self.fails_from:
            raise Problem("NoConnection", "it broke.", retryable=True)
        return self.data[start : start + length]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "CHUNK", 100)


DATA = bytes(range(256)) * 10


def test_a_download_goes_on_where_it_was(tmp_path: Path) -> None:
    path, told = tmp_path / "new" / "model.tar.gz", [0]
    with pytest.raises(Problem, match="broke"):
        download(Flaky(DATA, fails_from=1500), URI, path, lambda _: None)
    assert not path.exists()

    source = Flaky(DATA)
    assert download(source, URI, path, lambda count: told.append(told[-1] + count))

    assert path.read_bytes() == DATA
    assert min(source.starts) >= 1100
    assert told[-1] == len(DATA)
    assert [entry.name for entry in path.parent.iterdir()] == ["model.tar.gz"]


def test_an_object_that_was_replaced_meanwhile_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem):
        download(Flaky(DATA, fails_from=500), URI, path, lambda _: None)
    other = DATA[::-1]
    download(Flaky(other), URI, path, lambda _: None)

    assert path.read_bytes() == other


def test_wrong_bytes_are_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem, match="checksum") as caught:
        download(Flaky(DATA, etag="0" * 32), URI, path, lambda _: None)

    assert caught.value.code == "BadChecksum"
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_somebody_spoilt_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem):
        download(Flaky(DATA, fails_from=500), URI, path, lambda _: None)
    part = tmp_path / "model.tar.gz.part"
    part.write_bytes(b"?" * part.stat().st_size)
    with pytest.raises(Problem, match="checksum"):
        download(Flaky(DATA), URI, path, lambda _: None)


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    assert not download(Flaky(DATA, etag="opaque"), URI, tmp_path / "model", lambda _: None)
    assert (tmp_path / "model").read_bytes() == DATA


def test_an_empty_object_is_a_file(tmp_path: Path) -> None:
    assert download(Flaky(b""), URI, tmp_path / "empty", lambda _: None)
    assert (tmp_path / "empty").read_bytes() == b""
