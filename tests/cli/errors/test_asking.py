"""Questions that are answered with ctrl+c."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.runs import created_jobs, run_file, unique_name
from tests.common.home import Home


class Interrupting:
    """A person's keyboard, on which only ctrl+c is pressed."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1) -> str:
        raise KeyboardInterrupt


@pytest.mark.parametrize("max_runtime", ["30m", "5d"])
def test_ctrl_c_at_the_question_says_that_nothing_was_launched(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch, max_runtime: str
) -> None:
    path = run_file(folder, unique_name("asked"), instance={"type": "ml.g4dn.xlarge", "max_runtime": max_runtime})
    monkeypatch.setattr(sys, "stdin", Interrupting())
    home.sandbox.forget_calls()

    outcome = home.jsft("launch", path)

    assert outcome.code == 130
    assert ("whole dollars" in outcome.out + outcome.err) is (max_runtime == "5d")
    assert outcome.err.endswith("\njsft: interrupted.\n      Nothing was launched.\n")
    assert created_jobs(home) == 0
