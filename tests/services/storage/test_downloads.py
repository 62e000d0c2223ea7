"""Downloads resume, and never leave wrong bytes under the final name."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.checksums import ObjectFacts
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.tasks import BackgroundCall
from jsft_tui.services.storage import downloads
from jsft_tui.services.storage.downloads import download
from tests.common.effort import PATIENCE

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


def test_a_download_resumes(tmp_path: Path) -> None:
    path, counts = tmp_path / "new" / "model.tar.gz", [0]
    with pytest.raises(Problem, match="broke"):
        download(Flaky(DATA, fails_from=1500), URI, path, lambda _: None)
    assert not path.exists()

    source = Flaky(DATA)
    assert download(source, URI, path, lambda count: counts.append(counts[-1] + count))

    assert path.read_bytes() == DATA
    assert min(source.starts) >= 1100
    assert counts[-1] == len(DATA)
    assert [entry.name for entry in path.parent.iterdir()] == ["model.tar.gz"]


def test_a_replaced_object_is_downloaded_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem):
        download(Flaky(DATA, fails_from=500), URI, path, lambda _: None)
    other = DATA[::-1]
    download(Flaky(other), URI, path, lambda _: None)

    assert path.read_bytes() == other


def test_wrong_bytes_are_discarded(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem) as caught:
        download(Flaky(DATA, etag="0" * 32), URI, path, lambda _: None)

    assert caught.value.code == "BadChecksum"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_partial_file_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with pytest.raises(Problem):
        download(Flaky(DATA, fails_from=500), URI, path, lambda _: None)
    part = tmp_path / "model.tar.gz.part"
    part.write_bytes(b"?" * part.stat().st_size)
    with pytest.raises(Problem) as caught:
        download(Flaky(DATA), URI, path, lambda _: None)
    assert caught.value.code == "BadChecksum"


def test_a_missing_checksum_is_reported(tmp_path: Path) -> None:
    assert not download(Flaky(DATA, etag="opaque"), URI, tmp_path / "model", lambda _: None)
    assert (tmp_path / "model").read_bytes() == DATA


def test_an_empty_object_is_a_file(tmp_path: Path) -> None:
    assert download(Flaky(b""), URI, tmp_path / "empty", lambda _: None)
    assert (tmp_path / "empty").read_bytes() == b""


class Gated(Flaky):
    """An object whose reads block until they are released."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.asked, self.may_come = threading.Event(), threading.Event()

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        self.asked.set()
        self.may_come.wait(PATIENCE)
        return super().read_same(uri, start, length, etag)


class Stopped(Exception):
    """The download was cancelled."""


def test_of_a_stopped_and_a_restarted_download_only_one_writes(tmp_path: Path) -> None:
    path, source, stopped = tmp_path / "model.tar.gz", Gated(DATA), threading.Event()

    def advance(count: int) -> None:
        if stopped.is_set():
            raise Stopped

    first = BackgroundCall(lambda: download(source, URI, path, advance), "the first try")
    assert source.asked.wait(PATIENCE)
    stopped.set()
    assert download(Flaky(DATA), URI, path, lambda _: None)  # the first one's read is still under way
    assert path.read_bytes() == DATA
    source.may_come.set()
    with pytest.raises(Stopped):
        first.result(PATIENCE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.tar.gz"]
    assert path.read_bytes() == DATA


def test_bytes_that_arrive_after_the_stop_are_not_written(tmp_path: Path) -> None:
    path, counts = tmp_path / "model.tar.gz", [0]

    def advance(count: int) -> None:
        if counts[0] == 300:
            raise Stopped
        counts[0] += count

    with pytest.raises(Stopped):
        download(Flaky(DATA), URI, path, advance)
    assert (tmp_path / "model.tar.gz.part").read_bytes() == DATA[:300]

    begun_anew: list[int] = []

    def stop(count: int) -> None:
        begun_anew.append(count)
        raise Stopped

    with pytest.raises(Stopped):
        download(Flaky(DATA), URI, path, stop)
    assert begun_anew == [0]  # before all of what is there is read again


def test_two_downloads_of_one_file_exclude_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PATIENCE", 0.0)
    path, source = tmp_path / "model.tar.gz", Gated(DATA)
    first = BackgroundCall(lambda: download(source, URI, path, lambda _: None), "the first one")
    assert source.asked.wait(PATIENCE)
    with pytest.raises(Problem) as caught:
        download(Flaky(DATA), URI, path, lambda _: None)
    assert caught.value.code == "Busy"
    assert "another folder" in caught.value.remedy
    source.may_come.set()
    assert first.result(PATIENCE)
    assert path.read_bytes() == DATA


def test_a_lock_of_a_running_process_holds_and_that_of_a_killed_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    hold = "import fcntl, sys; file = open(sys.argv[1], 'ab'); fcntl.flock(file, 2); print(flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", hold, f"{path}.part"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()

        def kill(count: int) -> None:
            other.kill()  # it holds the file as long as it lives

        assert download(Flaky(DATA), URI, path, kill)
    assert path.read_bytes() == DATA


def test_a_partial_file_that_is_renamed_while_it_is_opened_is_not_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, part, locked = tmp_path / "model.tar.gz", tmp_path / "model.tar.gz.part", list[bool]()
    lock = fcntl.flock

    def ends_before(file: BinaryIO, operation: int) -> None:
        if not path.exists():
            part.replace(path)  # by the download that held the lock until now
        lock(file, operation)

    def look(_: int) -> None:
        if part.exists():
            with part.open("ab") as another:
                try:
                    lock(another, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    locked.append(True)
                else:
                    locked.append(False)

    monkeypatch.setattr("jsft_tui.services.storage.downloads.fcntl.flock", ends_before)
    assert download(Flaky(DATA), URI, path, look)
    assert set(locked) == {True}


def test_a_file_system_without_locks_accepts_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(file: BinaryIO, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("jsft_tui.services.storage.downloads.fcntl.flock", no_locks)
    assert download(Flaky(DATA), URI, tmp_path / "model.tar.gz", lambda _: None)
