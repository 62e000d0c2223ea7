"""No remedy that a screen shows names a command of ours."""

from __future__ import annotations

import pytest

from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.tui.base.texts.remedy_text import on_screen, remedy_text


@pytest.mark.parametrize("way", RemedyCommand)
def test_a_screen_names_no_command_of_ours_and_no_option(way: RemedyCommand) -> None:
    said = remedy_text(Remedy("Do it", way, "one", "two"))
    assert said.startswith("Do it") and said.endswith(".")
    assert not any(word in said for word in ("jsft", "--", "export", "{"))


def test_a_problem_keeps_everything_but_the_words_of_its_remedy() -> None:
    problem = Problem("NoSuchBucket", "none.", Remedy("Check its name", RemedyCommand.BUCKETS), kind=ProblemKind.JOB)
    shown = on_screen(problem)
    assert str(shown) == "none. Check its name (Data screen)."
    assert (shown.code, shown.kind) == (problem.code, problem.kind)
    plain = Problem("Other", "none.", "Run: pip install x")
    assert on_screen(plain) is plain
