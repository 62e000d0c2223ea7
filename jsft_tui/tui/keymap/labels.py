"""What the keys of actions are called: texts that name keys ask here, and so follow the person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jsft_tui.tui.keymap.action import key_name, key_word, keys_of
from jsft_tui.tui.keymap.actions import find_action

KeyOf = Callable[[str], str]
"""Action id -> its key, as it is named in a sentence."""


class KeyNames:
    """The first key of each action, under the person's own keymap."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._keymap = keymap

    def word(self, action_id: str) -> str:
        """Return the key as a sentence names it: `ctrl+r`."""
        return key_word(self._first(action_id))

    def short(self, action_id: str) -> str:
        """Return the key where there is little room: `^r`."""
        return key_name(self._first(action_id))

    def _first(self, action_id: str) -> str:
        return keys_of(find_action(action_id)[1], self._keymap)[0]
