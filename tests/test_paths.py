"""Files are written whole, and nothing is left beside them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.paths import STALE, write_atomically


def test_what_a_killed_writer_left_is_removed_when_it_is_old(tmp_path: Path) -> None:
    others = (".hidden.json", "quotas-1.json.4711-140", ".zcompdump-host-5.9-1", ".notes.2024-11", ".a.json.4711-140")
    names = (".quotas-1.json.4711-140", ".quotas-1.json.4712-140", *others)
    for name in names:
        (tmp_path / name).write_text("half")
        os.utime(tmp_path / name, times=(0, time.time() - STALE - 60))
    os.utime(tmp_path / names[1])

    write_atomically(tmp_path / "quotas-1.json", b"{}")

    assert {path.name for path in tmp_path.iterdir()} == {"quotas-1.json", *names[1:]}


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.json"
    write_atomically(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="No space left"):
        write_atomically(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["draft.json"]
    assert path.read_bytes() == b"old"
