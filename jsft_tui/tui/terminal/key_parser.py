"""Escape and a key that came in one piece: over a slow link, or out of tmux, both are read at once.

A terminal writes alt+x as escape and x, so Textual takes the two for alt+x (and escape before `b`, `f` or a digit for
something else still), and the letter is lost, or the escape is. Here such a pair stays one event that knows both ways
to read it; `key_order` decides, when its turn comes, by what is bound. Like the guard, this knows private parts of
Textual 8.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._parser import ParseTimeout
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

# What begins a longer sequence stays with Textual: CSI, SS3, and the strings that terminals answer with.
_PAIR_OR_PASTE = re.compile(r"\x1b\[20(?P<paste>[01])~|\x1b(?P<then>[^\x1b\[OP\]^_])", re.DOTALL)
_LONGEST_CUT = len("\x1b[200~") - 1
"""Characters of the last read that may be the beginning of what ends in this one."""


class EscapedKey(events.Key):
    """Escape and a key, or one key with alt: `chords` are the names under which the latter may be bound."""

    def __init__(self, chords: tuple[str, ...], then: events.Key) -> None:
        super().__init__(chords[-1], None)
        self.chords, self.then = chords, then


class EscapeParser(XTermParser):
    """Textual's parser, but for the pairs."""

    _before = ""
    """The end of what was read last."""
    _is_pasting = False

    def feed(self, data: str) -> Iterable[Message]:
        """Read what came in one piece."""
        read, done = self._before + data, len(self._before)
        offset = done
        for found in _PAIR_OR_PASTE.finditer(read):
            if found.end() <= offset:
                continue
            if found["paste"]:
                self._is_pasting = found["paste"] == "0"
            elif not self._is_pasting:
                yield from self._plain(read[done : found.start()])
                yield from self._stop_waiting()
                done = max(done, found.start())
                if found.start() >= offset:
                    yield self._pair(found["then"])
                    done = found.end()
        if done < len(read) or not data:  # no data: that is the end
            yield from super().feed(read[done:])
        self._before = read[-_LONGEST_CUT:]

    def _plain(self, data: str) -> Iterator[Message]:
        if data:
            yield from super().feed(data)

    def _stop_waiting(self) -> Iterator[Message]:
        """An escape before this pair, or the escape of the last read, was the key."""
        if self._timeout_time is not None:
            self._timeout_time = None
            self._awaiting = self._gen.throw(ParseTimeout())
        while self._tokens:
            yield self._tokens.popleft()

    def _pair(self, character: str) -> EscapedKey:
        then = next(iter(self._sequence_to_key_events(character)))
        chord = next(iter(self._sequence_to_key_events(character, alt=True))).key
        chord = chord if chord.startswith("alt+") else f"alt+{chord}"
        known = ANSI_SEQUENCES_KEYS.get(f"\x1b{character}")
        others = tuple(key.value for key in known) if isinstance(known, tuple) else ()
        return EscapedKey((*others, chord), then)


def read_escapes_apart() -> None:
    """Have the terminal read so, from the next start of the interface on."""
    linux_driver.XTermParser = EscapeParser  # type: ignore[attr-defined]
