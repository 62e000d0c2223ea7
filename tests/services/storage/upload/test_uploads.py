"""Uploads: resumed, in parallel, cancelled."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.storage.upload.upload_files import LocalFile
from jsft_tui.services.storage.upload.uploads import UploadPlan, Uploads
from tests.common.effort import PATIENCE
from tests.common.home import BUCKET, Home, environment
from tests.tui.driver.pilot import SANDBOX


@pytest.fixture
def uploads(home: Home) -> Uploads:
    from jsft_tui.config import load_config

    with environment(home.environment()):
        return SessionFactory(SANDBOX, home.paths, load_config(home.paths.config_file)).open_session().services.uploads


PART = 8 << 20


def put(home: Home, key: str, body: bytes, **more: str) -> None:
    home.sandbox.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body, **more)


def put_in_parts(home: Home, key: str, body: bytes, part: int, **more: str) -> None:
    s3 = home.sandbox.client("s3")
    s3.upload_fileobj(
        io.BytesIO(body),
        BUCKET,
        key,
        ExtraArgs=more,
        Config=TransferConfig(multipart_threshold=1, multipart_chunksize=part),
    )


def is_sent(uploads: Uploads, path: Path, key: str) -> bool:
    return bool(uploads.plan(path, S3Uri(BUCKET, key)).files)


@pytest.mark.parametrize("key", ["a//b/", "/a/", "a/../b/", "./a"])
def test_nothing_is_sent_where_no_job_could_read_it(uploads: Uploads, folder: Path, key: str) -> None:
    (folder / "a.txt").write_text("x")
    with pytest.raises(Problem) as refused:
        uploads.plan(folder, S3Uri(BUCKET, key))
    assert refused.value.code == "BadPlace"
    assert "//" not in str(refused.value.remedy).replace("s3://", "")


@pytest.mark.parametrize("kms", [{}, {"ServerSideEncryption": "aws:kms"}], ids=["plain", "kms"])
@pytest.mark.parametrize("part", [0, 5 << 20, PART], ids=["whole", "5-MiB", "8-MiB"])
def test_a_file_is_there_only_if_its_contents_agree(
    home: Home, uploads: Uploads, tmp_path: Path, part: int, kms: dict[str, str]
) -> None:
    path, body = tmp_path / "x.csv", b"0,a\n" * (5 << 19)  # 10 MiB
    path.write_bytes(body)
    key = f"compared/{part}-{len(kms)}"
    if part:
        put_in_parts(home, key, body, part, **kms)
    else:
        put(home, key, body, **kms)

    assert not is_sent(uploads, path, key)
    for place in (0, PART, len(body) - 1):
        changed = bytearray(body)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert is_sent(uploads, path, key)


def test_a_file_of_many_parts_that_cannot_be_compared_is_sent(home: Home, uploads: Uploads, tmp_path: Path) -> None:
    path, body = tmp_path / "x", b"x" * (13 << 20)
    path.write_bytes(body)
    put_in_parts(home, "odd/x", body, 6 << 20)

    plan = uploads.plan(path, S3Uri(BUCKET, "odd/x"))
    assert len(plan.files) == (0 if home.account().s3.facts(S3Uri(BUCKET, "odd/x")).part_size else 1)
    uploads.send(plan, lambda _: None)
    assert not is_sent(uploads, path, "odd/x")


def test_an_interrupted_upload_continues(uploads: Uploads, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"class-{number}").mkdir()
        (tmp_path / f"class-{number}" / "x.txt").write_text(f"{number}")
    (tmp_path / "top.txt").write_text("top")
    place = S3Uri(BUCKET, "resumed/")
    plan = uploads.plan(tmp_path, place)
    assert (len(plan.files), plan.already, plan.leaves_out) == (31, 0, "")

    seen: list[int] = []
    begun = replace(plan, files=plan.files[:20])
    uploads.send(begun, seen.append)
    assert sum(seen) == begun.total
    rest = uploads.plan(tmp_path, place)
    assert (rest.files, rest.already) == (plan.files[20:], 20)
    assert all(part in rest.done for part in ("11 files", "16 B", f"{place}", "20 files"))

    uploads.send(rest, lambda _: None)
    assert (uploads.plan(tmp_path, place).files, uploads.plan(tmp_path, place).already) == ((), 31)
    plan.files[0].path.write_text("Z")
    assert uploads.plan(tmp_path, place).files == plan.files[:1]


def test_without_permission_to_list_everything_is_uploaded(home: Home, uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    plan = uploads.plan(tmp_path, S3Uri(BUCKET, "unlisted/"))
    uploads.send(plan, lambda _: None)
    home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListObjectsV2"})

    assert uploads.plan(tmp_path, S3Uri(BUCKET, "unlisted/")) == plan


def test_a_cancelled_upload_ends(uploads: Uploads, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def advance(_: int) -> None:
        raise Enough

    for number in range(40):
        (tmp_path / f"{number:02}").write_text("x")
    place = S3Uri(BUCKET, "ended/")

    with pytest.raises(Enough):
        uploads.send(uploads.plan(tmp_path, place), advance)
    assert len(uploads.plan(tmp_path, place).files) > 30


def test_a_file_that_disappeared_is_a_problem(uploads: Uploads, tmp_path: Path) -> None:
    file = LocalFile(tmp_path / "gone", S3Uri(BUCKET, "gone"), 1)

    with pytest.raises(Problem) as caught:
        uploads.send(UploadPlan(tmp_path, file.uri, (file,)), lambda _: None)
    assert caught.value.code == "CannotRead"


BIG = b"0,a\n" * (6 << 20)
"""24 MiB: three parts."""


def incomplete(home: Home) -> list[str]:
    return [
        upload["Key"] for upload in home.sandbox.client("s3").list_multipart_uploads(Bucket=BUCKET).get("Uploads", ())
    ]


class Enough(Exception):
    pass


def after(count: int, act: Callable[[], None]) -> Callable[[int], None]:
    """Return an `Advance` that acts once after so many bytes."""
    sent = 0

    def advance(more: int) -> None:
        nonlocal sent
        before, sent = sent, sent + more
        if before < count <= sent:
            act()

    return advance


def stop() -> None:
    raise Enough


def test_a_cancelled_upload_leaves_no_parts(home: Home, uploads: Uploads, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(BIG)

    with pytest.raises(Enough):
        uploads.send(uploads.plan(tmp_path, S3Uri(BUCKET, "stopped/")), after(9 << 20, stop))
    assert incomplete(home) == []
    assert not list((home.paths.state / "uploads").iterdir())


def test_a_refused_part_leaves_no_parts(home: Home, uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(BIG)
    plan = uploads.plan(tmp_path, S3Uri(BUCKET, "refused/"))
    home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "UploadPart"})

    with pytest.raises(Problem) as caught:
        uploads.send(plan, lambda _: None)
    assert caught.value.code == "AccessDenied"
    assert incomplete(home) == []


@pytest.mark.parametrize("size", [len(BIG), 3 << 20], ids=["parts", "whole"])
@pytest.mark.parametrize("change", ["shrinks", "grows", "rewritten", "replaced", "deleted"])
def test_a_file_that_changes_is_said_and_the_others_are_sent(
    home: Home, uploads: Uploads, tmp_path: Path, change: str, size: int
) -> None:
    path = tmp_path / "log"
    path.write_bytes(BIG[:size])
    (tmp_path / "z").write_text("other")

    def act() -> None:
        if change == "shrinks":
            os.truncate(path, size // 2)
        elif change == "grows":
            with path.open("ab") as stream:
                stream.write(b"more")
        elif change == "rewritten":
            with path.open("r+b") as stream:
                stream.write(b"1")
        elif change == "replaced":
            (tmp_path / "new").write_bytes(BIG[:size])
            (tmp_path / "new").replace(path)
        else:
            path.unlink()

    target = S3Uri(BUCKET, f"changing/{change}-{size}/")
    with pytest.raises(Problem) as caught:
        uploads.send(uploads.plan(tmp_path, target), after(1 << 20, act))
    assert caught.value.code in ("Changed", "CannotRead")
    assert str(path) in caught.value.message
    assert incomplete(home) == []
    assert home.account().s3.head(target.child("z")).size == 5


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart"])
def test_the_parts_of_a_killed_upload_are_deleted_at_the_next_start(
    home: Home, uploads: Uploads, tmp_path: Path, operation: str
) -> None:
    (tmp_path / "a").write_bytes(BIG)
    home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": operation})
    words = [sys.executable, "-m", "jsft_tui", "s3", "upload", str(tmp_path), f"s3://{BUCKET}/killed/", "--sandbox"]
    child = subprocess.Popen(words, env={**os.environ, **home.environment()}, stderr=subprocess.DEVNULL)
    until(lambda: incomplete(home) == ["killed/a"])
    still_running = uploads.plan(tmp_path, S3Uri(BUCKET, "killed/"))
    assert still_running.cleared == ()
    assert incomplete(home) == ["killed/a"]
    child.kill()
    child.wait()
    home.sandbox.set_faults()

    plan = uploads.plan(tmp_path, S3Uri(BUCKET, "killed/"))
    if operation == "UploadPart":
        assert "1 interrupted upload" in plan.cleared[0]
    assert incomplete(home) == []
    assert not list((home.paths.state / "uploads").iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_an_upload_without_leaving_parts(home: Home, tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "a").write_bytes(BIG)
    home.sandbox.set_faults({"do": "hold", "service": "s3", "operation": "UploadPart"})
    words = [sys.executable, "-m", "jsft_tui", "s3", "upload", str(tmp_path), f"s3://{BUCKET}/ended/", "--sandbox"]
    child = subprocess.Popen(words, env={**os.environ, **home.environment()}, stderr=subprocess.DEVNULL)
    until(lambda: incomplete(home) == ["ended/a"])
    child.send_signal(number)

    assert child.wait() == 130
    assert incomplete(home) == []


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)
