"""A remedy is a text for the command line, and keeps its parts for the TUI."""

from __future__ import annotations

import copy
import json

import pytest

from jsft_tui.core.common.remedy import COMMANDS, Remedy, RemedyCommand, filled
from jsft_tui.core.failures import diagnose


@pytest.mark.parametrize("command", RemedyCommand)
def test_every_command_accepts_its_arguments(command: RemedyCommand) -> None:
    remedy = Remedy("Do it", command, "one", "two")
    assert remedy == f"Do it: {COMMANDS[command].format('one', 'two')}"
    assert json.loads(json.dumps(remedy)) == remedy


def test_its_parts_survive_a_copy_and_the_filling_in_of_names() -> None:
    remedy = copy.deepcopy(Remedy("Look at NAME", RemedyCommand.LOGS, "NAME"))
    named = filled(remedy, lambda text: text.replace("NAME", "flowers"))

    assert isinstance(named, Remedy)
    assert (named, named.what, named.arguments) == (
        "Look at flowers: jsft logs flowers",
        "Look at flowers",
        ("flowers",),
    )
    assert filled("a plain NAME", str.lower) == "a plain name"


def test_a_diagnosis_keeps_the_command_of_its_remedy() -> None:
    found = diagnose("AlgorithmError: exit code 1")
    assert found is not None
    assert isinstance(found.remedy, Remedy)
    assert found.remedy.command is RemedyCommand.LOGS
