"""What the keys of actions are called: texts that name keys ask here, and so follow the person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsft_tui.core.run.draft import Part
from jsft_tui.tui.keymap.action import Action, key_name, key_word, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN

KeyOf = Callable[[str], str]
"""Action id -> its key, as it is named in a sentence."""

_ACTIONS: Mapping[str, Action] = {action.id: action for actions in BY_SCREEN.values() for action in actions}


CHOOSE = {Part.MODEL: "go_models", Part.OUTPUT: "go_data", Part.INSTANCE: "go_instance"}
"""Part of a draft -> the action that goes where it is chosen."""


class KeyNames:
    """The first key of each action, under the person's own keymap."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._keymap = keymap

    def word(self, action_id: str) -> str:
        """The key as a sentence names it: `ctrl+r`."""
        return key_word(self._first(action_id))

    def short(self, action_id: str) -> str:
        """The key where there is little room: `^r`."""
        return key_name(self._first(action_id))

    def _first(self, action_id: str) -> str:
        return keys_of(_ACTIONS[action_id], self._keymap)[0]
