"""A file that somebody names is read only if it is one: a named pipe would wait for ever, a device never ends."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.given_files import open_given, read_given, special_kind
from jsft_tui.services.storage.local_files import is_file
from tests.cli.session.test_sign_in import jsft
from tests.common.servers.stub_aws import aws_home


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe that nobody writes to."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("check", "FILE"),
        ("launch", "FILE", "--yes"),
        ("export", "FILE", "--as", "json"),
        ("convert", "FILE", "new.jsonl"),
        ("jobs", "--config", "FILE"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_no_command_waits_for_what_is_no_file(folder: Path, pipe: Path, words: tuple[str, ...], kind: str) -> None:
    path = pipe if kind == "pipe" else Path("/dev/zero")
    outcome = jsft(*[str(path) if word == "FILE" else word for word in words], "--json")
    assert outcome.code == 2
    assert f"it is a {kind}, not a file" in outcome.error["message"]
    assert not (folder / "new.jsonl").exists()


def test_a_pipe_beside_the_file_is_no_template(folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"prompt": "1+1?", "completion": "2"}\n')
    os.mkfifo(folder / "template.json")
    assert jsft("convert", str(folder / "a.jsonl"), str(folder / "b.jsonl")).code == 0


@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_pipe_as_aws_configuration_is_refused(tmp_path: Path, pipe: Path, variable: str) -> None:
    with aws_home(tmp_path, "", **{variable: str(pipe), "AWS_REGION": "us-west-2"}):
        outcome = jsft("s3", "ls", "--json")
    assert outcome.code == 4
    assert "it is a pipe, not a file" in outcome.error["message"]


def test_a_pipe_of_the_shell_and_the_null_device_are_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"version: 1\n")
    os.close(writer)
    try:
        assert read_given(Path(f"/dev/fd/{reader}")) == b"version: 1\n"
    finally:
        os.close(reader)
    assert read_given(Path(os.devnull)) == b""


def test_a_folder_and_nothing_are_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="it is a folder"):
        open_given(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_given(tmp_path / "none")


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Path]:
    """A socket in the file system."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        yield path


def test_the_text_to_answer_is_no_pipe_and_no_device(pipe: Path, listener: Path) -> None:
    kinds = [special_kind(each) for each in (pipe, listener, Path("/dev/zero"), pipe.parent, Path("What is new?"))]
    assert kinds == ["a pipe", "a socket", "a device", "", ""]
    with pytest.raises(Problem, match="is a pipe, not a file"):
        is_file(pipe)
