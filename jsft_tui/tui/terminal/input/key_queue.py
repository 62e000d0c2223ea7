"""Handle keys one after the other: the effects of a key are complete before the next one is dispatched.

Textual dispatches each key to the widget that has the focus when the key arrives, and runs bindings only after the key
has bubbled up. When keys arrive together (fast typing, a slow link, a paste into tmux), later ones reach the old
focus: `/lite` would run whatever `t` is bound to instead of typing a filter. The queue is the app's and not the filter
bar's, because keys that open a dialog or another screen (`2us3`) have the same problem; without it, two of the four
tests of this module fail.
"""

from __future__ import annotations

import asyncio
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

from jsft_tui.tui.terminal.input.key_parser import EscapedKey, install_escape_parser
from jsft_tui.tui.terminal.one_shot import one_shot

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

DELAYED_KEYS = frozenset({"enter", "escape", "tab", "shift+tab"})
"""Keys whose effects pass through several widgets, because they end something."""

KEY_TIMEOUT = 1.0
"""Seconds after which the next key is dispatched, even if the last one is not settled."""


class KeyQueueMixin(_Base):
    """Queues keys. Put it before `App` in the bases."""

    _pending: deque[events.Event]
    _in_flight: Screen[Any] | None = None
    """The screen on which the last key was dispatched; None if that key is settled."""
    _number = 0
    """Number of the last key, so that late callbacks of earlier keys have no effect."""
    _target: MessagePump
    """The widget or screen that had the focus then."""
    _settles_at_once = True
    _has_bubbled = True
    """Whether the messages that the key caused have reached all ancestors, or need not."""
    _timeout_timer: Timer | None = None
    last_key_at = 0.0
    """Time of the last key (`time.monotonic`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pending = deque()
        install_escape_parser()

    @property
    def keys_are_settled(self) -> bool:
        """Whether all keys have been handled."""
        return self._in_flight is None and not self._pending

    async def on_event(self, event: events.Event) -> None:
        """Queue a key until the previous one is settled."""
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if is_typed:
            self.last_key_at = time.monotonic()
        if not is_typed:
            await super().on_event(event)
        elif self._in_flight is not None:
            self._pending.append(event)
        else:
            await self._dispatch_key(event)

    async def _dispatch_key(self, event: events.Event) -> None:
        if isinstance(event, EscapedKey):
            event = self._read(event)
        self._in_flight = self.screen
        self._number += 1
        self._settles_at_once = not isinstance(event, events.Key) or not self._is_delayed(event)
        self._target = self.focused or self.screen
        self._has_bubbled = self._settles_at_once
        self._timeout_timer = one_shot(self, KEY_TIMEOUT, partial(self._release, self._number))
        await super().on_event(event)
        self._follow(self._target, self._number)

    def _read(self, pair: EscapedKey) -> events.Key:
        """Read a pair as the key with alt if that is bound, else as escape followed by the key."""
        is_empty_line = isinstance(self.focused, Input) and not self.focused.value  # so alt+b has no words to move over
        bound = self.screen.active_bindings
        for chord in pair.chords:
            if chord in bound and not (is_empty_line and bound[chord].node is self.focused):
                return events.Key(chord, None)
        self._pending.appendleft(pair.then)
        return events.Key("escape", "\x1b")

    def _is_delayed(self, key: events.Key) -> bool:
        # In an input, a key that is not printable may end the typing.
        return key.key in DELAYED_KEYS or (isinstance(self.focused, Input) and not key.is_printable)

    def _follow(self, node: MessagePump, number: int) -> None:
        """Follow the key up the DOM: when a node processes this callback, it has processed the key."""
        if node is self:
            self.call_later(self._key_settled, number)
        else:
            above = node.parent if isinstance(node, DOMNode) and node.parent else self
            node.call_later(self._follow, above, number)

    async def _key_settled(self, number: int) -> None:
        await asyncio.sleep(0)  # what the key started as a coroutine has run up to its first pause
        if number != self._number:
            return
        if not self._has_bubbled and self._target.is_running and self.screen is self._in_flight:
            # Messages that a widget posts because of the key (such as Input.Submitted) bubble up after it.
            self._has_bubbled = True
            self._follow(self._target, number)
        elif not self._settles_at_once or self.screen is not self._in_flight:
            # Another screen was or may be opened: the next key is for its focused widget, once there is one.
            self.screen.call_after_refresh(self._release, number)
        else:
            await self._release(number)

    async def _release(self, number: int) -> None:
        if number != self._number or self._in_flight is None:
            return
        if self._timeout_timer is not None:
            self._timeout_timer.stop()
            self._timeout_timer = None
        self._in_flight = None
        if self._pending:
            await self._dispatch_key(self._pending.popleft())
