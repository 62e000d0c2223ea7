"""Archives are listed without unpacking, and unpacking writes nothing outside the folder."""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.archives import Limits, Member, MemberKind
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.archives import contents, extract, remote_contents
from tests.common.effort import at_most
from tests.common.home import BUCKET, Home


def archive(path: Path, *infos: tarfile.TarInfo, data: bytes = b"payload") -> Path:
    """Write an archive of these members; files have the data."""
    with tarfile.open(path, "w:gz") as tar:
        for info in infos:
            if info.isreg():
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            else:
                tar.addfile(info)
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def test_a_good_archive_is_listed_and_unpacked(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "model.tar.gz", entry(".", tarfile.DIRTYPE), entry("./code/train.py"), entry("weights.bin")
    )
    counts: list[int] = []

    assert [(m.name, m.size, m.kind) for m in contents(path).members][1:] == [
        ("code/train.py", 7, MemberKind.FILE), ("weights.bin", 7, MemberKind.FILE),
    ]  # fmt: skip
    files = extract(path, tmp_path / "out", counts.append)
    assert sorted(file.relative_to(tmp_path / "out").as_posix() for file in files) == ["code/train.py", "weights.bin"]
    assert (tmp_path / "out" / "code" / "train.py").read_bytes() == b"payload"
    assert sum(counts) == 14


def claimed(size: int, megabytes: int) -> bytes:
    """A gzip file of an archive whose only member claims to have so many bytes, and has zeros."""
    info = tarfile.TarInfo("zeros")
    info.size = size
    return gzip.compress(info.tobuf() + bytes(megabytes << 20))


def test_zeros_are_listed_in_the_time_that_they_take_to_unpack(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(claimed(64 << 20, 64))
    with at_most(4):
        assert [member.size for member in contents(path).members] == [64 << 20]


def test_a_member_that_claims_far_more_than_there_is_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(claimed(400 << 30, 1))
    with at_most(4), pytest.raises(Problem) as caught:
        contents(path)
    assert caught.value.code == "BadArchive"


def test_what_follows_the_end_of_gzip_is_ignored_and_a_second_gzip_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "model.tar.gz", entry("a"), entry("b"))
    whole = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(whole[:700]) + gzip.compress(whole[700:]) + b"and more")
    assert [member.name for member in contents(path).members] == ["a", "b"]


HOSTILE: list[tuple[str, Callable[[], list[tarfile.TarInfo]]]] = [
    ("absolute", lambda: [entry("/tmp/evil")]),
    ("parent", lambda: [entry("good"), entry("../evil")]),
    ("deep parent", lambda: [entry("a/../../evil")]),
    ("backslashes", lambda: [entry("..\\evil")]),
    ("drive", lambda: [entry("C:evil")]),
    ("symbolic link", lambda: [entry("link", tarfile.SYMTYPE, "/etc"), entry("link/passwd")]),
    ("link inside", lambda: [entry("a"), entry("link", tarfile.SYMTYPE, "a")]),
    ("hard link", lambda: [entry("hard", tarfile.LNKTYPE, "../../evil")]),
    ("device", lambda: [entry("null", tarfile.CHRTYPE)]),
    ("pipe", lambda: [entry("pipe", tarfile.FIFOTYPE)]),
    ("long name", lambda: [entry("ok"), entry("folder/" + "ü" * 150)]),
    ("file, then folder", lambda: [entry("name"), entry("name/inside")]),
    ("folder, then file", lambda: [entry("name/inside"), entry("name")]),
]


@pytest.mark.parametrize(("name", "infos"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_archives_are_refused_completely(
    tmp_path: Path, name: str, infos: Callable[[], list[tarfile.TarInfo]]
) -> None:
    room = tmp_path / "deep" / "down"
    room.mkdir(parents=True)
    path = archive(room / "model.tar.gz", *infos())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Problem) as caught:
        extract(path, room / "out", lambda _: None)

    assert caught.value.code == "UnsafeArchive"
    assert sorted(tmp_path.rglob("*")) == before
    assert contents(path).members


def test_limits_hold_before_the_disk_is_full(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb.tar.gz", entry("zeros"), data=bytes(10_000_000))
    many = archive(tmp_path / "many.tar.gz", *(entry(str(number)) for number in range(30)))
    for path, limits in ((bomb, Limits(bytes=1_000_000)), (many, Limits(members=20))):
        with pytest.raises(Problem) as caught:
            extract(path, tmp_path / "out", lambda _: None, limits)
        assert caught.value.code == "UnsafeArchive"
        assert not (tmp_path / "out").exists()


def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path) -> None:
    zeros = archive(tmp_path / "zeros.tar.gz", entry("zeros"), data=bytes(2_000_000))
    sparse = tmp_path / "sparse.tar"
    sparse.write_bytes(sparse_archive(1 << 50))
    for path in (zeros, sparse):
        with pytest.raises(Problem) as caught:
            extract(path, tmp_path / "out", lambda _: None, Limits(bytes=1 << 60, free_bytes=1_000_000))
        assert caught.value.code == "UnsafeArchive"
        assert "times its" in caught.value.message


def sparse_archive(size: int) -> bytes:
    """A GNU tar with one sparse member that is nothing but a hole."""
    info = entry("hole", tarfile.GNUTYPE_SPARSE)
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"\x80" + size.to_bytes(11, "big")  # the real size, in base 256 (GNU tar manual, "Extended")
    header[148:156] = b"%06o\0 " % (256 + sum(header[:148]) + sum(header[156:512]))
    return bytes(header) + bytes(1024)


def test_more_than_the_free_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "large.tar.gz", entry("weights"), data=bytes(5_000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4_000))
    with pytest.raises(Problem) as caught:
        extract(path, tmp_path / "out", lambda _: None)
    assert caught.value.code == "NoRoom"
    assert [each.name for each in tmp_path.iterdir()] == ["large.tar.gz"]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_archive_leaves_nothing(tmp_path: Path, part: float) -> None:
    path = archive(tmp_path / "whole.tar.gz", entry("a"), entry("b"), data=os.urandom(50_000))
    data = path.read_bytes()
    path.write_bytes(data[: int(part * len(data))])
    with pytest.raises(Problem) as caught:
        extract(path, tmp_path / "out", lambda _: None)
    assert caught.value.code == "BadArchive"
    assert [each.name for each in tmp_path.iterdir()] == ["whole.tar.gz"]


def test_what_a_killed_unpacking_left_is_cleared_and_one_under_way_is_not(tmp_path: Path) -> None:
    left, held = (tmp_path / f".out-unpacking-{name}" for name in ("left", "held"))
    left.mkdir()
    held.mkdir()
    path = archive(tmp_path / "good.tar.gz", entry("a"))
    with held_folder(held):
        extract(path, tmp_path / "out", lambda _: None)
    assert not left.exists()
    assert held.exists()


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Another process that unpacks into a folder."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.kill()


HOLD = """
import fcntl, os, sys, time
descriptor = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(9999)
"""


def test_of_a_duplicate_name_the_last_member_counts(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "twice.tar", "w") as tar:
        for data in (b"one", b"two!"):
            info = entry("file")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    extract(tmp_path / "twice.tar", tmp_path / "out", lambda _: None)

    assert (tmp_path / "out" / "file").read_bytes() == b"two!"


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    path = archive(tmp_path / "model.tar.gz", entry("a"), entry("b"))

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(path, tmp_path / "out", stop)
    assert [found.name for found in tmp_path.iterdir()] == ["model.tar.gz"]


def test_a_folder_that_exists_is_not_written_to(tmp_path: Path) -> None:
    path = archive(tmp_path / "model.tar.gz", entry("a"))
    (tmp_path / "out").mkdir()
    with pytest.raises(Problem) as caught:
        extract(path, tmp_path / "out", lambda _: None)
    assert caught.value.code == "FileExists"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 2))
def test_damaged_archives_end_in_a_problem(tmp_path: Path, noise: bytes, form: int) -> None:
    whole = archive(tmp_path / "whole.tar.gz", entry("a"), entry("b")).read_bytes()
    data = (noise, whole[: len(whole) // 2] + noise, gzip.compress(noise))[form]
    path = tmp_path / "damaged.tar.gz"
    path.write_bytes(data)
    try:
        contents(path)
    except Problem as problem:
        assert problem.code == "BadArchive"


def test_an_archive_in_s3_is_listed_without_downloading_it(home: Home, tmp_path: Path) -> None:
    small = archive(tmp_path / "small.tar.gz", entry("a"), entry("b"))
    client = home.sandbox.client("s3")
    client.upload_file(str(small), BUCKET, "archives/small.tar.gz")
    s3 = home.account().s3

    found = remote_contents(s3, S3Uri(BUCKET, "archives/small.tar.gz"))
    assert found.complete
    assert found.members == (Member("a", 7, MemberKind.FILE), Member("b", 7, MemberKind.FILE))
    with pytest.raises(Problem):
        remote_contents(s3, S3Uri(BUCKET, "archives/missing.tar.gz"))


def test_only_the_beginning_of_a_large_archive_in_s3_is_read(home: Home, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(3_000_000)
    large = archive(tmp_path / "large.tar.gz", entry("first"), entry("second"), data=noise)
    home.sandbox.client("s3").upload_file(str(large), BUCKET, "archives/large.tar.gz")
    found = remote_contents(home.account().s3, S3Uri(BUCKET, "archives/large.tar.gz"), budget=1_000_000)

    assert not found.complete
    assert [member.name for member in found.members] == ["first"]


def test_a_bomb_in_s3_is_listed_as_far_as_it_may_unpack(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.services.storage.archives.LIST_UNPACKED", 1 << 20)
    home.sandbox.client("s3").put_object(Bucket=BUCKET, Key="archives/bomb.tar.gz", Body=claimed(8 << 20, 8))
    found = remote_contents(home.account().s3, S3Uri(BUCKET, "archives/bomb.tar.gz"))
    assert not found.complete
    assert [member.name for member in found.members] == ["zeros"]
