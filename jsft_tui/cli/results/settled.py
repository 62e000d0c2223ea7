"""Say what became of earlier launches whose answer was lost."""

from __future__ import annotations

from jsft_tui.cli.console.output import say
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.services.launch.journal import UNREADABLE
from jsft_tui.services.launch.launched import sentence
from jsft_tui.services.session.services import Services


def settle_launches(services: Services) -> None:
    """Look for the jobs of such launches, and say what is known of them now; nothing where there are none.

    Raises:
        Problem: the target's endpoint is not known.
    """
    try:
        verdicts = services.settling.settle_all()
    except Problem as problem:
        if problem.code != UNREADABLE:
            raise
        say(f"{problem} Until then it is not known whether launches were answered.")  # a launch is refused then
        return
    for verdict in verdicts:
        say(clean(sentence(verdict)))
