"""Keys one after the other: what a key does is done before the next one is looked at.

Textual hands each key to the widget that has the focus when the key arrives, and runs bindings only when the key has
bubbled up from there. Of keys that come together (fast typing, a slow link, a paste into tmux) the later ones then
reach the old focus: `/lite` would open whatever `t` is bound to instead of typing a filter.
"""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from jsft_tui.tui.terminal.key_parser import EscapedKey, read_escapes_apart

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

TAKES_EFFECT_LATER = frozenset({"enter", "escape", "tab", "shift+tab"})
"""Keys that end something: what follows from them goes through several widgets."""

LONGEST = 1.0
"""Seconds after which the next key is looked at whatever became of the last one."""


class KeyQueueMixin(_Base):
    """Put before `App` in the bases."""

    _held: deque[events.Event]
    _in_flight: Screen[Any] | None = None
    """The screen that was shown when the last key was handed over; None when that key is settled."""
    _number = 0
    """Of the last key: what comes late of one before it frees nothing."""
    _target: MessagePump
    """What had the focus then."""
    _is_quick = True
    _is_done_below = True
    """Whether what the key did below has been told to all above, or need not be."""
    _give_up: Timer | None = None
    last_key_at = 0.0
    """When the last key came (`time.monotonic`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = deque()
        read_escapes_apart()

    @property
    def keys_are_settled(self) -> bool:
        """Whether all keys are handled."""
        return self._in_flight is None and not self._held

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back until the one before it is settled."""
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if is_typed:
            self.last_key_at = time.monotonic()
        if not is_typed:
            await super().on_event(event)
        elif self._in_flight is not None:
            self._held.append(event)
        else:
            await self._hand_over(event)

    async def _hand_over(self, event: events.Event) -> None:
        if isinstance(event, EscapedKey):
            event = self._read(event)
        self._in_flight = self.screen
        self._number += 1
        self._is_quick = not isinstance(event, events.Key) or not self._takes_effect_later(event)
        self._target = self.focused or self.screen
        self._is_done_below = self._is_quick
        self._give_up = self.set_timer(LONGEST, partial(self._release, self._number))
        await super().on_event(event)
        self._follow(self._target, self._number)

    def _read(self, pair: EscapedKey) -> events.Key:
        """The key with alt where something is bound to that; else escape, and the other key is the next one."""
        is_empty_line = isinstance(self.focused, Input) and not self.focused.value  # without words to move over
        bound = self.screen.active_bindings
        for chord in pair.chords:
            if chord in bound and not (is_empty_line and bound[chord].node is self.focused):
                return events.Key(chord, None)
        self._held.appendleft(pair.then)
        return events.Key("escape", "\x1b")

    def _takes_effect_later(self, key: events.Key) -> bool:
        # In a line to type into, a key that types nothing may end the typing.
        return key.key in TAKES_EFFECT_LATER or (isinstance(self.focused, Input) and not key.is_printable)

    def _follow(self, node: MessagePump, number: int) -> None:
        """Go the way of the key, behind it: at each node what it does is done when the node comes to this."""
        if node is self:
            self.call_later(self._key_settled, number)
        else:
            above = node.parent if isinstance(node, DOMNode) and node.parent else self
            node.call_later(self._follow, above, number)

    async def _key_settled(self, number: int) -> None:
        if number != self._number:
            return
        if not self._is_done_below and self._target.is_running and self.screen is self._in_flight:
            # What a widget tells because of the key (that the typing is done) goes up behind it, step by step.
            self._is_done_below = True
            self._follow(self._target, number)
        elif not self._is_quick or self.screen is not self._in_flight:
            # Another screen was opened, or may be: the next key is for what has the focus there, once it has.
            self.screen.call_after_refresh(self._release, number)
        else:
            await self._release(number)

    async def _release(self, number: int) -> None:
        if number != self._number or self._in_flight is None:
            return
        if self._give_up is not None:
            self._give_up.stop()
            self._give_up = None
        self._in_flight = None
        if self._held:
            await self._hand_over(self._held.popleft())
