"""Keep escape and a following key apart when both arrive in one read, as over a slow link or from tmux.

Terminals encode alt+x as escape and x, so Textual reads the two as alt+x (and escape before `b`, `f` or a digit as
other keys), which loses the escape and the letter. Here such a pair stays one event that holds both readings;
`key_queue` decides between them by what is bound when its turn comes. `ESCDELAY` does not help, because both are in
one read. This module relies on private parts of Textual 8.2.
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

from jsft_tui.tui.terminal.background_color import AnswerFilter, asked
from jsft_tui.tui.theme.color_support import Background

# Longer sequences are left to Textual: CSI, SS3, and the strings that terminals reply with.
_PAIR_OR_PASTE = re.compile(r"\x1b\[20(?P<paste>[01])~|\x1b(?P<then>[^\x1b\[OP\]^_])", re.DOTALL)
_LONGEST_CUT = len("\x1b[200~") - 1
"""Characters of the last read that may be the start of a sequence that ends in this one."""


class EscapedKey(events.Key):
    """Escape and a key, or one key with alt: `chords` are the names that the latter may be bound to."""

    def __init__(self, chords: tuple[str, ...], then: events.Key) -> None:
        super().__init__(chords[-1], None)
        self.chords, self.then = chords, then


class BackgroundAnswered(Message):
    """Posted when the terminal says its background after the first frame."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.background = background


class EscapeParser(XTermParser):
    """Textual's parser, except for pairs of escape and a key, and for answers about the background."""

    _before = ""
    """The end of the last read."""
    _is_pasting = False

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        question = asked()
        self._answers = question.answer_filter() if question else AnswerFilter(0.0)
        self._early_keys = question.take_early_keys() if question else ""

    def feed(self, data: str) -> Iterable[Message]:
        """Parse one read, after what was typed before."""
        if not data:  # the end of input
            yield from self.tick()
            yield from super().feed(data)
            return
        data, self._early_keys = self._early_keys + data, ""
        if keys := self._answers.feed(data):
            yield from self._feed_keys(keys)
        if (background := self._answers.background) is not None:
            self._answers.background = None
            yield BackgroundAnswered(background)

    def tick(self) -> Iterable[Message]:
        """Parse what nothing followed; called at regular intervals."""
        if self._early_keys:
            keys, self._early_keys = self._early_keys, ""
            yield from self.feed(keys)
        if held := self._answers.release():
            yield from self._feed_keys(held)
            if held == "\x1b":
                yield from self._flush_escape()
        yield from super().tick()

    def _feed_keys(self, data: str) -> Iterator[Message]:
        read, done = self._before + data, len(self._before)
        offset = done
        for found in _PAIR_OR_PASTE.finditer(read):
            if found.end() <= offset:
                continue
            if found["paste"]:
                self._is_pasting = found["paste"] == "0"
            elif not self._is_pasting:
                yield from self._feed_textual(read[done : found.start()])
                yield from self._flush_escape()
                done = max(done, found.start())
                if found.start() >= offset:
                    yield self._pair(found["then"])
                    done = found.end()
        if done < len(read):
            yield from super().feed(read[done:])
        self._before = read[-_LONGEST_CUT:]

    def _feed_textual(self, data: str) -> Iterator[Message]:
        if data:
            yield from super().feed(data)

    def _flush_escape(self) -> Iterator[Message]:
        """Emit a pending escape as a key of its own."""
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


def install_escape_parser() -> None:
    """Install the parser; it takes effect when the app starts."""
    linux_driver.XTermParser = EscapeParser  # type: ignore[attr-defined]  # an import there
