"""Commands in sentences name the target."""

from __future__ import annotations

import pytest

from jsft_tui.cli.discovery import find_commands
from jsft_tui.core.account.own_commands import COMMANDS, for_target
from jsft_tui.core.common.remedy import Remedy, RemedyCommand


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("List them: jsft jobs", "List them: jsft --sandbox jobs"),
        (
            "Its log: jsft endpoint x --logs. Delete it: jsft teardown x",
            "Its log: jsft --sandbox endpoint x --logs. Delete it: jsft --sandbox teardown x",
        ),
        ("jsft never turns it on; jsft cannot deploy it.", "jsft never turns it on; jsft cannot deploy it."),
        ("Start it: jsft sandbox start", "Start it: jsft sandbox start"),
        ("Run: jsft --sandbox jobs", "Run: jsft --sandbox jobs"),
        ("Run: jsft models --sandbox --runnable", "Run: jsft models --sandbox --runnable"),
    ],
)
def test_every_command_in_a_text_names_the_target_once(text: str, named: str) -> None:
    assert for_target(text, "--sandbox") == named
    assert for_target(named, "--sandbox") == named
    assert for_target(text, "") == text


def test_a_remedy_stays_one_and_a_flag_is_no_template() -> None:
    remedy = for_target(Remedy("List them", RemedyCommand.SHELL, "jsft endpoints"), r"--profile '\1'")

    assert isinstance(remedy, Remedy)
    assert remedy == r"List them: jsft --profile '\1' endpoints"


def test_every_command_that_has_a_target_is_known() -> None:
    assert set(COMMANDS) == set(find_commands()) - {"sandbox", "demo"}
