"""Archives are looked into without unpacking, and nothing that they hold gets out of its folder."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.archives import Limits, Member, MemberKind
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.archives import contents, extract, remote_contents
from jsft_tui.services.storage.s3 import Storage
from tests.home import BUCKET, Home


def archive(path: Path, *infos: tarfile.TarInfo, data: bytes = b"payload") -> Path:
    """An archive of these members; files hold the data."""
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
    told: list[int] = []

    assert [(m.name, m.size, m.kind) for m in contents(path).members][1:] == [
        ("code/train.py", 7, MemberKind.FILE), ("weights.bin", 7, MemberKind.FILE),
    ]  # fmt: skip
    files = extract(path, tmp_path / "out", told.append)
    assert sorted(file.relative_to(tmp_path / "out").as_posix() for file in files) == ["code/train.py", "weights.bin"]
    assert (tmp_path / "out" / "code" / "train.py").read_bytes() == b"payload"
    assert sum(told) == 14


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
]


@pytest.mark.parametrize(("name", "infos"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_archives_are_refused_whole(
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
        with pytest.raises(Problem, match="nothing was unpacked"):
            extract(path, tmp_path / "out", lambda _: None, limits)
        assert not (tmp_path / "out").exists()


def test_a_name_that_stands_twice_is_the_last_one(tmp_path: Path) -> None:
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
    with pytest.raises(Problem, match="exists"):
        extract(path, tmp_path / "out", lambda _: None)


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
    storage = Storage(home.account().s3)

    found = remote_contents(storage, S3Uri(BUCKET, "archives/small.tar.gz"))
    assert found.complete
    assert found.members == (Member("a", 7, MemberKind.FILE), Member("b", 7, MemberKind.FILE))
    with pytest.raises(Problem):
        remote_contents(storage, S3Uri(BUCKET, "archives/missing.tar.gz"))


def test_of_a_large_archive_in_s3_only_the_beginning_is_read(home: Home, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(3_000_000)
    large = archive(tmp_path / "large.tar.gz", entry("first"), entry("second"), data=noise)
    home.sandbox.client("s3").upload_file(str(large), BUCKET, "archives/large.tar.gz")
    found = remote_contents(Storage(home.account().s3), S3Uri(BUCKET, "archives/large.tar.gz"), budget=1_000_000)

    assert not found.complete
    assert [member.name for member in found.members] == ["first"]
