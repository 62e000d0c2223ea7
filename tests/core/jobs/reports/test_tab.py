"""The title and the progress of the terminal's tab."""

from __future__ import annotations

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.reports.tab import tab_progress, tab_title
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.tui.terminal.tab import PUSH, TerminalTab, draws_progress
from tests.core.jobs.examples import answer


def job(status: str) -> TrainingJob:
    return TrainingJob.parse({**answer(), "TrainingJobName": "flowers-lite0-b", "TrainingJobStatus": status}, {})


def test_it_tells_how_far_a_job_is_and_how_it_ended() -> None:
    running, half = job("InProgress"), Progress(41, 100)
    assert tab_title(running, half, 0.9641) == "● 41 % flowers-lite0-b 0.964"
    assert tab_progress(running, half) == "1;41"
    assert tab_title(job("Completed"), half, 0.9643) == "✔ flowers-lite0-b 0.9643"
    assert [tab_progress(job(status), half) for status in ("Completed", "Failed")] == ["0", "2"]


@pytest.mark.parametrize(
    ("version", "draws"),
    [
        ("ghostty 1.2.0", True),
        ("WezTerm 20240203", True),
        ("iTerm2 3.6.6", True),
        ("iTerm2 3.6.5", False),
        ("VTE(8000)", True),
        ("VTE(7600)", False),
        ("tmux 3.5a", False),
        ("", False),
    ],
)
def test_progress_is_for_those_that_draw_it(version: str, draws: bool) -> None:
    assert draws_progress(version) is draws


def test_only_changes_are_written_and_taken_back_at_the_end() -> None:
    written: list[str] = []
    tab = TerminalTab(written.append)
    assert not tab.restore()
    for _ in range(2):
        tab.show("● flowers", "1;41")
    assert written == [f"{PUSH}\x1b]2;● flowers\x07", "\x1b]9;4;1;41\x07"]
    assert tab.restore() == "\x1b]9;4;0\x07\x1b[23;2t"
    assert not tab.restore()
