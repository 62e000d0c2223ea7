"""A remedy is a text for the command line, and keeps its parts for other faces."""

from __future__ import annotations

import copy
import json

import pytest

from jsft_tui.core.common.remedy import COMMANDS, Remedy, RemedyCommand, filled
from jsft_tui.core.jobs.failures import diagnose


@pytest.mark.parametrize("way", RemedyCommand)
def test_every_way_has_a_command_that_takes_its_words(way: RemedyCommand) -> None:
    remedy = Remedy("Do it", way, "one", "two")
    assert remedy == f"Do it: {COMMANDS[way].format('one', 'two')}"
    assert json.loads(json.dumps(remedy)) == remedy


def test_its_parts_survive_a_copy_and_the_filling_in_of_names() -> None:
    remedy = copy.deepcopy(Remedy("Look at NAME", RemedyCommand.LOGS, "NAME"))
    named = filled(remedy, lambda text: text.replace("NAME", "flowers"))

    assert isinstance(named, Remedy)
    assert (named, named.what, named.words) == ("Look at flowers: jsft logs flowers", "Look at flowers", ("flowers",))
    assert filled("a plain NAME", str.lower) == "a plain name"


def test_what_a_failure_means_keeps_its_way() -> None:
    found = diagnose("AlgorithmError: exit code 1")
    assert found is not None
    assert isinstance(found.remedy, Remedy)
    assert found.remedy.way is RemedyCommand.LOGS
