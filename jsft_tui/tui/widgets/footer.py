"""The footer: which keys do what here, the most important ones when there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.tui.keymap.action import Hint

GAP = 2


def that_fit(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that fit in so many cells, in their order; of several alike the last go first."""
    shown = list(enumerate(hints))
    while shown and sum(hint.width + GAP for _, hint in shown) - GAP > width:
        shown.remove(max(shown, key=lambda entry: (entry[1].priority, entry[0])))
    return [hint for _, hint in shown]


class KeyHints(Widget):
    """One line of hints."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-hints--key"}
    DEFAULT_CSS = """
    KeyHints { height: 1; color: $foreground; background: $panel; padding: 0 1; }
    KeyHints > .key-hints--key { color: $primary; text-style: bold; }
    """

    @dataclass
    class Chosen(Message):
        """A hint was clicked."""

        key_hints: KeyHints
        hint: Hint

        @property
        def control(self) -> KeyHints:
            """The footer."""
            return self.key_hints

    def __init__(
        self,
        hints: Sequence[Hint] = (),
        *,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._hints = tuple(hints)

    def set_hints(self, hints: Sequence[Hint]) -> None:
        """Show these hints."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A hint is a button, too."""
        offset = event.get_content_offset(self)
        x = 0
        for hint in that_fit(self._hints, self.size.width):
            if offset is not None and x <= offset.x < x + hint.width:
                self.post_message(self.Chosen(self, hint))
                return
            x += hint.width + GAP

    def render_line(self, _y: int) -> Strip:
        """The hints."""
        base, width = self.rich_style, self.size.width
        key = base + self.get_component_rich_style("key-hints--key", partial=True)
        segments: list[Segment] = []
        for hint in that_fit(self._hints, width):
            if segments:
                segments.append(Segment(" " * GAP, base))
            segments += [Segment(hint.key, key), Segment(f" {hint.label}", base)]
        return Strip(segments).adjust_cell_length(width, base)
