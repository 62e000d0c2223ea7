"""The footer: the keys of the current screen, as many as there is room for, by importance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.tui.keymap.action import RIGHT, Hint

GAP = 2
"""Cells between two hints."""
RIGHT_GAP = 3
"""Cells between the hints and those at the right end."""


def that_fit(hints: Sequence[Hint], width: int) -> list[Hint]:
    """Return the hints that fit in `width` cells, in their order.

    Where there is no room for all, first their labels become short; then, among equal priorities, the last goes first.
    """
    if _width(hints) <= width:
        return list(hints)
    shown = list(enumerate(hint._replace(label=hint.short or hint.label) for hint in hints))
    while shown and _width([hint for _, hint in shown]) > width:
        shown.remove(max(shown, key=lambda entry: (entry[1].priority, entry[0])))
    return [hint for _, hint in shown]


def _width(hints: Sequence[Hint]) -> int:
    is_split = any(hint.priority == RIGHT for hint in hints) and any(hint.priority != RIGHT for hint in hints)
    return sum(hint.width + GAP for hint in hints) - GAP + (RIGHT_GAP - GAP if is_split else 0)


class KeyHints(Widget):
    """One line of hints."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-hints--key"}
    DEFAULT_CSS = """
    KeyHints { height: 1; color: $foreground; background: $bar; padding: 0 1; }
    KeyHints > .key-hints--key { color: $primary; text-style: bold; }
    """

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """Posted when a hint is clicked."""

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
        """Run the action of a clicked hint."""
        offset = event.get_content_offset(self)
        for hint, x in self._placed():
            if offset is not None and x <= offset.x < x + hint.width:
                self.post_message(self.Chosen(self, hint))
                return

    def _placed(self) -> list[tuple[Hint, int]]:
        """Return the hints that fit with the cells where they begin: some at the left, some at the right end."""
        width = self.size.width
        shown = that_fit(self._hints, width)
        right = [hint for hint in shown if hint.priority == RIGHT]
        placed, x = [], 0
        for hint in shown:
            if hint.priority != RIGHT:
                placed.append((hint, x))
                x += hint.width + GAP
        x = width - _width(right)
        for hint in right:
            placed.append((hint, x))
            x += hint.width + GAP
        return placed

    def render_line(self, _y: int) -> Strip:
        """Render the hints."""
        base, width = self.rich_style, self.size.width
        key = base + self.get_component_rich_style("key-hints--key", partial=True)
        segments: list[Segment] = []
        at = 0
        for hint, x in self._placed():
            segments.append(Segment(" " * (x - at), base))
            segments += [Segment(hint.key, key), Segment(f" {hint.label}", base)]
            at = x + hint.width
        return Strip(segments).adjust_cell_length(width, base)
