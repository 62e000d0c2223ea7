"""What is printed is cleaned and encoded, whatever the names, the terminal and the stream are."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jsft_tui.cli
from jsft_tui.cli.app import run
from jsft_tui.cli.console.output import (
    Styled,
    for_target,
    labeled,
    out,
    print_document,
    print_json,
    print_json_list,
    print_lines,
    say,
    table,
)
from jsft_tui.cli.console.streams import ERRORS
from jsft_tui.cli.options import GlobalOptions
from jsft_tui.core.common.escapes import code_escape
from tests.common.hostile import OBEYED, TEXTS

ENCODINGS = ("latin-1", "ascii", "cp1252", "shift_jis", "utf-8", "utf-16")
PRINTERS: tuple[Callable[[str], object], ...] = (
    out,
    say,
    lambda text: out("name: ", Styled(text, "red"), text),
    lambda text: labeled("Label", text),
    lambda text: print_lines([text, text]),
    lambda text: table(("A", text), [(text, Styled(text, "green")), ("x", "y")], right=(0,)),
    print_json,
    lambda text: print_json({text: [text, {"a": text}]}),
    lambda text: print_json_list([{text: text}, text]),
)


@contextlib.contextmanager
def streams(encoding: str) -> Iterator[io.BytesIO]:
    """Standard output and error as a file in an encoding."""
    raw = io.BytesIO()
    with (
        contextlib.redirect_stdout(io.TextIOWrapper(raw, encoding=encoding, errors=ERRORS)),
        contextlib.redirect_stderr(sys.stdout),
    ):
        yield raw
        sys.stdout.flush()


def printed(action: Callable[[], object], encoding: str = "utf-8") -> str:
    with streams(encoding) as raw:
        action()
        sys.stdout.flush()
        return raw.getvalue().decode(encoding)


@given(TEXTS, st.sampled_from(PRINTERS), st.sampled_from(ENCODINGS))
def test_no_printer_lets_a_control_through(text: str, printer: Callable[[str], object], encoding: str) -> None:
    assert not OBEYED.search(printed(lambda: printer(text), encoding))


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_a_json_document_is_the_same_in_every_encoding(text: str, encoding: str) -> None:
    assert json.loads(printed(lambda: print_json({"a": text}), encoding)) == {"a": text}


@given(TEXTS)
def test_one_line_stays_one_line(text: str) -> None:
    assert printed(lambda: out("a", text, "b")).count("\n") == 1
    assert printed(lambda: table(("A", "B"), [(text, "b")])).count("\n") == 2


@given(TEXTS)
def test_no_further_line_passes_for_a_label(text: str) -> None:
    first, *others = printed(lambda: labeled("Label", text)).split("\n")

    assert first.startswith("Label ")
    assert all(not line or line.startswith(" " * 19) for line in others)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_an_encoding_lacks_takes_as_many_cells(encoding: str) -> None:
    lines = printed(lambda: table(("NAME", "SIZE"), [("日本語", "1"), ("ü…", "2")]), encoding).splitlines()

    assert {line.rstrip()[-1] for line in lines[1:]} == {"1", "2"}
    if encoding in ("ascii", "latin-1"):
        assert lines[1] == "??????  1"
        assert lines[2].endswith(".      2")


def test_a_document_is_escaped_where_a_stream_is_not_utf_8() -> None:
    document = 'name: "日本語 \\ud83c ü"\n'

    assert printed(lambda: print_document(document, code_escape)) == document
    assert printed(lambda: print_document(document, code_escape), "latin-1") == (
        'name: "\\u65e5\\u672c\\u8a9e \\ud83c \\xfc"\n'
    )


def test_numbers_that_json_lacks_are_null() -> None:
    assert json.loads(printed(lambda: print_json({"loss": [1.5, float("nan"), float("-inf")]}))) == {
        "loss": [1.5, None, None]
    }


@given(TEXTS)
def test_a_remedy_names_any_profile(text: str) -> None:
    remedy = for_target("Try: jsft jobs", GlobalOptions(profile=text or "p"))

    assert remedy.startswith("Try: jsft --profile ")
    assert remedy.endswith(" jobs")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "words", [["jobs", "--limit", "\x1b]0;x\x07\u202e日"], ["\x1b[2J日"], ["--bad\x9b2J"], ["plan"], ["--help"], []]
)
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_errors_of_the_command_line_are_cleaned(words: list[str], encoding: str, as_json: bool) -> None:
    text = printed(lambda: run([*words, *["--json"] * as_json]), encoding)

    assert text
    assert not OBEYED.search(text)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["models", "--help"]], ids=" ".join)
def test_a_full_disk_below_stdout_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    stream = Path("/dev/full").open("w")  # noqa: SIM115  (its end fails, too)
    monkeypatch.setattr(sys, "stdout", stream)
    assert run(words) == 2
    error = capsys.readouterr().err
    assert "the output cannot be written: No space left on device" in error
    assert "unexpected" not in error


def test_a_closed_stdout_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert run(["--help"]) == 0
    assert run([]) == 0


def test_nothing_else_on_the_command_line_writes_to_a_stream() -> None:
    folder = Path(jsft_tui.cli.__file__).parent
    found = [
        f"{path.relative_to(folder)}:{node.lineno}"
        for path in folder.rglob("*.py")
        if path.name != "output.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("echo", "secho", "echo_via_pager", "write", "writelines")
        and isinstance(node.value, (ast.Name, ast.Attribute))
        and ast.unparse(node.value) in ("click", "sys.stdout", "sys.stderr")
    ]

    assert found == []


@pytest.mark.parametrize(
    ("columns", "headers"),
    [(120, "NAME STATUS MODEL COST"), (68, "NAME STATUS COST"), (60, "NAME COST"), (20, "NAME COST")],
)
def test_columns_are_left_out_before_a_name_is_cut(columns: int, headers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "efficientnet-lite0-classification-20261129-172102"
    monkeypatch.setattr("jsft_tui.cli.console.output.is_terminal", lambda stream: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    row = (name, "Completed", "tensorflow-ic-efficientnet-lite0", "$0.01")
    shown = printed(lambda: table(("NAME", "STATUS", "MODEL", "COST"), [row], spare=(2, 1)))
    assert shown.splitlines()[0].split() == headers.split()
    assert (name in shown) is (columns > 50)
