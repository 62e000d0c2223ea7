"""Editing a value in its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Input

from jsft_tui.core.hyperparameters.editing import complaint, completed, step_words, stepped
from jsft_tui.core.hyperparameters.form import Form, FormRow
from jsft_tui.core.run.run import AUTO
from jsft_tui.tui.base.screens.master_detail_screen import MasterDetailScreen
from jsft_tui.tui.keymap.action import Hint, ScreenId, hints, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.screens.hyperparameters.field import ValueField
from jsft_tui.tui.screens.hyperparameters.rows import VALUE, Editing
from jsft_tui.tui.widgets.table.virtual_table import EDITED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.widget import Widget

RESET, RIGHT_END = "reset_one", ("help", "palette")
"""Actions by their ids."""


class ValueEditor(MasterDetailScreen):
    """Opens the field on the row under the cursor. A subclass says which row that is, and keeps the value."""

    DEFAULT_CSS: ClassVar[str] = "ValueEditor .list > .pane--body { layers: default edit; }"

    def __init__(self) -> None:
        self._field = ValueField()
        super().__init__()
        self._editing: Editing | None = None
        self._form = Form(())

    # What a subclass says

    @property
    def current_row(self) -> FormRow | None:
        """The row under the cursor."""
        raise NotImplementedError

    def set_value(self, row: FormRow, value: str) -> None:
        """Put a value into the draft."""
        raise NotImplementedError

    def text_of(self, row: FormRow) -> str:
        """Return what is edited."""
        return row.value

    def keep_text(self, row: FormRow, text: str) -> None:
        """Keep a text that nothing is wrong with."""
        if (value := completed(row, text)) != row.value:
            self.set_value(row, value)

    def complaint_of(self, row: FormRow, text: str) -> str:
        """Return what is wrong with a text; empty if it can be kept."""
        return complaint(row, completed(row, text)) or ""

    def stepped_text(self, row: FormRow, text: str, steps: int) -> str:
        """Return the text so many steps up."""
        return stepped(row, text, steps)

    def step_words_of(self, row: FormRow, text: str) -> str:
        """Return what a step does; empty where there are none."""
        del text
        return step_words(row)

    def editing_changed(self) -> None:
        """Show the rows and the state: a field was opened or closed, or what is wrong with its text has changed."""
        raise NotImplementedError

    # The field

    def over_list(self) -> Sequence[Widget]:
        """Return the field, which is there while a value is edited."""
        return (self._field,)

    @property
    def _edited(self) -> FormRow | None:
        return self._form.row(self._editing.name) if self._editing is not None else None

    def action_edit(self) -> None:
        """Make the value under the cursor a field."""
        row = self.current_row
        if row is None or self._editing is not None:
            return
        if self.panes.zoomed is not None:
            self.action_zoom()
        self._editing = Editing(row.name)
        self.editing_changed()
        where = self._table.cell_region(VALUE)
        if where is None:
            self._editing = None
            return
        self._table.add_class(EDITED)
        self._field.open(self.text_of(row), where, self._reset_keys(row))
        self.draw_hints()

    def _reset_keys(self, row: FormRow) -> tuple[str, ...]:
        """Return the keys that no value of the row is typed with."""
        keys = [key for key in self._keys_of(RESET) if len(key) == 1]
        if not row.options and not row.declared.is_number:
            return ()
        return tuple(key for key in keys if not any(key in option.lower() for option in row.options))

    def _keys_of(self, action_id: str) -> tuple[str, ...]:
        action = next(action for action in BY_SCREEN[self.WHERE] if action.id == action_id)
        return keys_of(action, self.jsft.keymap)

    def stand_field(self) -> None:
        """Move the field to where its row is now."""
        if self._editing is None:
            return
        where = self._table.cell_region(VALUE)
        if where is not None and self._table.cursor_key == self._editing.name:
            self._field.stand_at(where)
        else:
            self.action_undo_value()

    def action_keep_value(self) -> None:
        """Keep the value, if there is nothing wrong with it."""
        row = self._edited
        if row is None:
            self.action_undo_value()
            return
        text = self._field.text
        if self._complain(row, text):
            return
        self.action_undo_value()
        self.keep_text(row, text)

    def action_undo_value(self) -> None:
        """Leave the field; the run stays as it was."""
        if self._editing is None:
            return
        self._editing = None
        self._table.remove_class(EDITED)
        self._field.close()
        self.set_focus(self._table)
        self.editing_changed()
        self.draw_hints()

    def action_default_value(self) -> None:
        """Put the default into the field."""
        if (row := self._edited) is not None:
            self._field.set_text(AUTO if row.hold is not None else row.default)

    def action_step_value(self, steps: int) -> None:
        """Put the value into the field that is so many steps up."""
        if (row := self._edited) is not None:
            self._field.set_text(self.stepped_text(row, self._field.text, steps))

    def _complain(self, row: FormRow, text: str) -> str:
        """Show what is wrong with a text, and return it."""
        said = self.complaint_of(row, text)
        if self._editing != (now := Editing(row.name, said)):
            self._editing = now
            self.editing_changed()
            self.call_after_refresh(self.stand_field)
        return said

    @on(Input.Changed, "ValueField")
    def _value_typed(self, event: Input.Changed) -> None:
        event.stop()
        if (row := self._edited) is not None:
            # Nothing at all may be the beginning of something.
            self._complain(row, self._field.text or self.text_of(row))

    @on(Input.Submitted, "ValueField")
    def _value_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep_value()

    @on(ValueField.Stepped)
    def _value_stepped(self, event: ValueField.Stepped) -> None:
        event.stop()
        self.action_step_value(event.steps)

    @on(ValueField.Undone)
    def _value_undone(self, event: ValueField.Undone) -> None:
        event.stop()
        self.action_undo_value()

    @on(ValueField.ResetAsked)
    def _default_asked(self, event: ValueField.ResetAsked) -> None:
        event.stop()
        self.action_default_value()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Leave the field when something else is clicked."""
        if self._editing is not None and event.widget is not self._field:
            self.action_undo_value()

    # The footer

    def draw_hints(self) -> None:
        """Draw the footer: while a value is edited, the keys of the field."""
        row = self._edited
        if row is None:
            super().draw_hints()
            return
        steps = self.step_words_of(row, self._field.text)
        right = [action for action in BY_SCREEN[ScreenId.ANYWHERE] if action.id in RIGHT_END]
        keys = [
            Hint("enter", "keep", 0, "screen.keep_value"),
            Hint("esc", "undo", 0, "screen.undo_value"),
            *([Hint("↑↓", steps, 1)] if steps else []),
            *(Hint(key, "reset", 2, "screen.default_value") for key in self._reset_keys(row)[:1]),
        ]
        self._hints.set_hints([*keys, *hints(right, self.jsft.keymap)])
