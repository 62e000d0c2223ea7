"""Uploads: what is left to do, several at once, ended at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.storage.uploads import LocalFile, UploadPlan, Uploads, is_there
from tests.home import BUCKET, Home, environment
from tests.tui.pilot import SANDBOX


@pytest.fixture
def uploads(home: Home) -> Uploads:
    from jsft_tui.config import load_config

    with environment(home.environment()):
        return SessionFactory(SANDBOX, home.paths, load_config(home.paths.config_file)).open_session().services.uploads


@pytest.mark.parametrize(
    ("size", "etag", "expected"),
    [
        (3, "900150983cd24fb0d6963f7d28e17f72", True),  # MD5 of abc (RFC 1321, A.5)
        (3, "d41d8cd98f00b204e9800998ecf8427e", False),
        (3, "d41d8cd98f00b204e9800998ecf8427e-2", True),  # uploaded in parts
        (4, "900150983cd24fb0d6963f7d28e17f72", False),
    ],
)
def test_a_file_is_there_when_size_and_contents_agree(tmp_path: Path, size: int, etag: str, expected: bool) -> None:
    path, uri = tmp_path / "x", S3Uri("b", "x")
    path.write_bytes(b"abc")

    assert is_there(LocalFile(path, uri, 3), {uri: Entry(uri, size, 1.0, etag)}) is expected
    assert not is_there(LocalFile(path, uri, 3), {})


def test_an_upload_goes_on_where_it_was_left(uploads: Uploads, tmp_path: Path) -> None:
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
    assert rest.done == f"Uploaded 11 files, 16 Bytes, to {place}; 20 files there already with the same contents."

    uploads.send(rest, lambda _: None)
    assert uploads.plan(tmp_path, place).done == "Nothing to do: 31 files there already with the same contents."
    plan.files[0].path.write_text("Z")
    assert uploads.plan(tmp_path, place).files == plan.files[:1]


def test_whoever_may_not_list_uploads_all(home: Home, uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    plan = uploads.plan(tmp_path, S3Uri(BUCKET, "unlisted/"))
    uploads.send(plan, lambda _: None)
    home.sandbox.set_faults({"do": "denied", "service": "s3", "operation": "ListObjectsV2"})

    assert uploads.plan(tmp_path, S3Uri(BUCKET, "unlisted/")) == plan


def test_an_upload_ends_when_nobody_wants_it(uploads: Uploads, tmp_path: Path) -> None:
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


def test_a_file_that_went_away_is_a_problem(uploads: Uploads, tmp_path: Path) -> None:
    file = LocalFile(tmp_path / "gone", S3Uri(BUCKET, "gone"), 1)

    with pytest.raises(Problem) as caught:
        uploads.send(UploadPlan(tmp_path, file.uri, (file,)), lambda _: None)
    assert caught.value.code == "CannotRead"
