"""What a model of the sandbox says, in the form that it has."""

from __future__ import annotations

from jsft_tui.core.serving.invoke.answers import Line
from jsft_tui.core.serving.invoke.input_kind import InputKind
from jsft_tui.services.session.asking import Attempt, said_by_job
from jsft_tui.tui.screens.ask.lines import answer_lines

SAID = "Lev keeps the Bell Tower, which stands beside the river."


def shown(kind: InputKind, found: list[tuple[str, float]], width: int = 90) -> str:
    lines = answer_lines(Attempt("item", said_by_job(found, kind), "", 0.1), width)
    return "\n".join("".join(cell.text for cell in each.cells) for each in lines)


def test_a_text_that_goes_on_with_a_prompt_is_no_class() -> None:
    assert said_by_job([(SAID, 0.4)], InputKind.PROMPT) == (Line("", SAID),)
    assert SAID in shown(InputKind.PROMPT, [(SAID, 0.4)])
    assert "%" not in shown(InputKind.PROMPT, [(SAID, 0.4)])


def test_an_answer_is_not_cut_where_there_is_room() -> None:
    assert SAID[:40] in shown(InputKind.TEXTS, [(SAID[:40], 0.75), ("Lev", 0.25)])
    assert "75.0 %" in shown(InputKind.SENTENCE, [("stars", 0.75), ("rings", 0.25)])
