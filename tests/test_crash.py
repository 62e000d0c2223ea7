"""Crash reports: where they are written, what is in them, and how many stay."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from jsft_tui.crash import KEPT, write_crash_report
from tests.common.hostile import HOSTILE, OBEYED


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log folder of an own home."""
    monkeypatch.setenv("JSFT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / "home" / "log"


def test_only_the_newest_reports_are_kept(log: Path) -> None:
    log.mkdir(parents=True)
    for second in range(KEPT + 4):
        (log / f"crash-20200101-0000{second:02}.log").write_text("old")
    (log / "jsft.log").write_text("another file")

    newest = write_crash_report(RuntimeError("now"))

    kept = sorted(path.name for path in log.glob("crash-*"))
    assert len(kept) == KEPT
    assert kept[:-1] == [f"crash-20200101-0000{second:02}.log" for second in range(5, KEPT + 4)]
    assert newest == log / kept[-1]
    assert (log / "jsft.log").exists()


def test_the_report_of_now_stays_whatever_the_clock_says(log: Path) -> None:
    log.mkdir(parents=True)
    for second in range(KEPT):
        (log / f"crash-29990101-0000{second:02}.log").write_text("of a wrong clock")

    newest = write_crash_report(RuntimeError("now"))

    assert newest is not None
    assert newest.exists()
    assert len(list(log.glob("crash-*"))) == KEPT


@pytest.mark.parametrize("text", HOSTILE)
def test_a_report_can_be_shown_on_a_terminal(log: Path, text: str) -> None:
    path = write_crash_report(RuntimeError(text))

    assert path is not None
    assert not OBEYED.search(path.read_text(encoding="utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_refuses_does_not_hide_the_error(log: Path) -> None:
    log.parent.mkdir()
    log.write_text("a file where the folder should be")

    path = write_crash_report(RuntimeError("why"))

    assert path is not None
    assert path.parent == log.parent.parent
    assert "why" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
