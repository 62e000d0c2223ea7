"""The files of a folder to upload, and what is left out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.left_out import Reason
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.storage.upload.upload_files import files_of

TARGET = S3Uri("bucket", "to/")


def keys(source: Path) -> list[str]:
    return [file.uri.key.removeprefix("to/") for file in files_of(source, TARGET).files]


def left_out(source: Path) -> dict[str, Reason]:
    return {entry.name: entry.reason for entry in files_of(source, TARGET).left_out}


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_linked_folders_and_files_are_followed(tmp_path: Path) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    write(data / "roses" / "1.jpg")
    write(other / "daisies" / "deep" / "3.jpg")
    (data / "daisies").symlink_to(other / "daisies")
    (data / "roses" / "linked.jpg").symlink_to(other / "daisies" / "deep" / "3.jpg")

    assert keys(data) == ["daisies/deep/3.jpg", "roses/1.jpg", "roses/linked.jpg"]
    assert left_out(data) == {}


def test_the_source_may_be_a_link_and_a_folder_may_be_linked_twice(tmp_path: Path) -> None:
    write(tmp_path / "other" / "a")
    data = tmp_path / "data"
    data.mkdir()
    for name in ("one", "two"):
        (data / name).symlink_to(tmp_path / "other")
    (tmp_path / "link").symlink_to(data)

    assert keys(tmp_path / "link") == ["one/a", "two/a"]


def test_a_loop_of_links_ends_and_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "x")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")

    assert keys(tmp_path) == ["a/b/x"]
    assert left_out(tmp_path) == {"a/b/up/": Reason.LOOP, "self": Reason.BROKEN_LINK}


def test_broken_links_pipes_hidden_and_empty_ones_are_named(tmp_path: Path) -> None:
    write(tmp_path / "x")
    write(tmp_path / ".git" / "config")
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")

    assert keys(tmp_path) == ["x"]
    assert left_out(tmp_path) == {
        ".git": Reason.HIDDEN,
        "empty/": Reason.EMPTY,
        "gone.jpg": Reason.BROKEN_LINK,
        "pipe": Reason.SPECIAL,
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path / "x")
    write(tmp_path / "shut" / "y").parent.chmod(0)
    write(tmp_path / "z").chmod(0)

    assert left_out(tmp_path) == {"shut/": Reason.UNREADABLE, "z": Reason.UNREADABLE}
    (tmp_path / "shut").chmod(0o700)


def test_a_name_that_is_not_utf8_is_named_with_its_bytes(tmp_path: Path) -> None:
    write(tmp_path / "ok.jpg")
    for name in (b"caf\xe9.jpg", b"fold\xe9r/x.jpg"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        write(path)

    assert keys(tmp_path) == ["ok.jpg"]
    assert left_out(tmp_path) == {r"caf\xe9.jpg": Reason.NOT_UTF8, r"fold\xe9r": Reason.NOT_UTF8}


def test_a_name_too_long_for_s3_is_named(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(5):
        deep = deep / ("ü" * 110)
    write(deep / "x")
    write(tmp_path / "y")

    assert keys(tmp_path) == ["y"]
    assert set(left_out(tmp_path).values()) == {Reason.LONG_NAME}


def test_a_folder_deeper_than_the_recursion_limit_is_read(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(400):
        deep = deep / "d"
    write(deep / "x")

    assert keys(tmp_path) == ["d/" * 400 + "x"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: write(path / ".env"), r"hidden\): .env"),
        (lambda path: (path / "gone").symlink_to("nowhere"), r"broken link\): gone"),
        (lambda path: None, "nothing to upload"),
    ],
    ids=["hidden", "broken", "empty"],
)
def test_a_folder_without_files_says_why(tmp_path: Path, make: object, says: str) -> None:
    make(tmp_path)  # type: ignore[operator]
    with pytest.raises(Problem, match=says) as caught:
        files_of(tmp_path, TARGET)
    assert caught.value.code == "NothingToUpload"


def test_one_file_goes_to_the_key_or_below_the_prefix(tmp_path: Path) -> None:
    file = write(tmp_path / "x")

    assert files_of(file, S3Uri("b", "k")).files[0].uri == S3Uri("b", "k")
    assert files_of(file, S3Uri("b", "k/")).files[0].uri == S3Uri("b", "k/x")
    assert files_of(file, S3Uri("b")).files[0].uri == S3Uri("b", "x")


def test_one_file_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    latin = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    write(latin)
    (tmp_path / "gone").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")

    for source, code, says in (
        (latin, "NothingToUpload", r"caf\\xe9 cannot be uploaded: its name is not UTF-8"),
        (tmp_path / "gone", "NoSuchFile", "link to nothing"),
        (tmp_path / "pipe", "NothingToUpload", "not a regular file"),
        (tmp_path / "none", "NoSuchFile", "there is no file"),
        (Path("a\0b"), "NoSuchFile", "there is no file"),
    ):
        with pytest.raises(Problem, match=says) as caught:
            files_of(source, TARGET)
        assert caught.value.code == code
    assert files_of(latin, S3Uri("b", "cafe")).files[0].uri == S3Uri("b", "cafe")
