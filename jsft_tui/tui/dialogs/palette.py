"""A dialog to find any action by what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.keymap.action import Action, ScreenId, key_name, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN

_PLACES = {"Hyperparameters": "Hyperparams"}
"""Names of screens that are too long beside a key."""
BESIDE_TEXT = 26
"""Cells of a key, a place, and the blanks around them."""
_BY_KEY_ONLY = ("palette", "back", "interrupt")
COMMAND_LINE, COPY_COMMAND = "command line", "app.copy_command"
"""Where a command is run, and what choosing it does."""
_NO_WAY_THERE = (ScreenId.ANYWHERE, ScreenId.WELCOME)


class PaletteDialog(ChoiceDialog):
    """Returns what runs the chosen action."""

    IS_CLOSE = True
    PROMPT = ":"
    WIDEST = 104

    def __init__(self, actions: Sequence[Choice]) -> None:
        super().__init__("Find an action", actions, empty="No action is called so.", noun="actions")
        self._longest = max((cell_len(choice.text) for choice in actions if choice.key != COPY_COMMAND), default=0)

    def content_width(self) -> int:
        """Return the cells in which no action is cut, beside its key and its place."""
        return self._longest + BESIDE_TEXT


def palette_choices(where: ScreenId, keymap: Mapping[str, str], command: str = "") -> list[Choice]:
    """Return every action: first those of this screen, then those of other screens, which switch there.

    After those of this screen stands its command on the command line, which is copied.
    """
    everywhere = {action.id: action for action in BY_SCREEN[ScreenId.ANYWHERE]}
    own = [action for action in BY_SCREEN[where] if action.id not in everywhere]
    here = (*own, *everywhere.values())
    elsewhere: dict[str, tuple[ScreenId, Action]] = {}
    for other in ScreenId:
        if other not in (where, *_NO_WAY_THERE):
            for action in BY_SCREEN[other]:
                # The actions on a job are those of two screens.
                if action not in here and action.id not in everywhere:
                    elsewhere.setdefault(action.id, (other, action))
    return [
        *(_choice(action.run, where.title, action, keymap) for action in own if action.id not in _BY_KEY_ONLY),
        *([Choice(COPY_COMMAND, command, place=COMMAND_LINE)] if command else []),
        *(_choice(action.run, "", action, keymap) for action in everywhere.values() if action.id not in _BY_KEY_ONLY),
        *(
            _choice(f"app.show_action('{action.id}')", other.title, action, keymap)
            for other, action in elsewhere.values()
        ),
    ]


def _choice(run: str, place: str, action: Action, keymap: Mapping[str, str]) -> Choice:
    keys = keys_of(action, keymap)[:2]
    return Choice(run, action.help.removesuffix("."), " ".join(map(key_name, keys)), place=_PLACES.get(place, place))
