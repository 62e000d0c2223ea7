"""Screen 4: the form of the hyperparameters, made from the model's spec."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.form import (
    Editor,
    Form,
    FormRow,
    Hold,
    fitting,
    form,
    with_automatic_batch,
    with_reset,
)
from jsft_tui.core.hyperparameters.values import with_default_hyperparameters, with_hyperparameter
from jsft_tui.tui.base.screen import WorkScreen, screen_bindings
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.hyperparameters.rows import COLUMNS, FieldRows, detail_lines
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.filter_bar import FilterBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import line


class HyperparametersScreen(WorkScreen):
    """Change values."""

    WHERE = ScreenId.HYPERPARAMETERS
    AUTO_FOCUS = "#fields"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.HYPERPARAMETERS)
    DEFAULT_CSS = """
    HyperparametersScreen #field { height: 11; }
    HyperparametersScreen.-narrow #field { height: 7; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._table = VirtualTable(COLUMNS, id="fields")
        self._filter = FilterBar(lambda: self.key("filter_values"), placeholder="search names and help")
        self._list = Pane("Values", self._table)
        self._text = DetailPane()
        self._field = Pane("Value", self._text, id="field")
        self._form = Form(())
        self._only_changed = False

    def compose_body(self) -> ComposeResult:
        """Search, values, help."""
        yield self._filter
        yield self._list
        yield self._field

    # Showing

    def load(self) -> None:
        """Ask for the spec again where it is missing."""
        if (fact := self.session.spec_fact()) is not None:
            self.jsft.find_out(fact)

    def draw(self) -> None:
        """The form follows the draft."""
        spec = self.session.spec
        self._form = form(self.session.run, spec) if spec is not None else Form(())
        self._show_rows()

    def _show_rows(self) -> None:
        rows = fitting(self._form.rows, self._filter.value, only_changed=self._only_changed)
        self._table.set_message(self._why_empty())
        self._table.set_source(FieldRows(rows))
        self._draw_title(len(rows))
        self._draw_field()

    def _why_empty(self) -> str:
        session = self.session
        if not session.drafts.run.model.id:
            models = self.key("go_models")
            return f"No model is chosen, so there is nothing to set yet. Press {models} to choose one."
        if session.spec is None:
            problem = session.problems.get("spec")
            again = f"{self.key('retry')} asks again."
            return f"The spec cannot be read: {problem}  {again}" if problem else "Reading the spec …"
        if not self._form.rows:
            return "This model has no hyperparameters."
        if self._only_changed and not self._filter.value:
            return f"Everything is at the model's defaults. Press {self.key('only_changed')} to show all values."
        return f"No value fits. Clear the search: {self.key('filter_values')} and esc."

    def _draw_title(self, count: int) -> None:
        whole = self._form
        if not whole.rows:
            self._list.set_title("Values")
            return
        total = plural(len(whole.rows), "value")
        shown = total if count == len(whole.rows) else f"{count} of {total}"
        errors = plural(whole.error_count, "error")
        title = f"{shown} · {whole.changed_count} changed · {errors}"
        self._list.set_title(title, [Cell("changed only")] if self._only_changed else [])

    def _draw_field(self) -> None:
        row = self._row
        if row is None:
            self._field.set_title("Value")
            self._text.show([])
            return
        self._field.set_title(row.name)
        self._text.show_from_top(detail_lines(row, self._form, self.key("follow_batch")))

    @property
    def _row(self) -> FormRow | None:
        source = self._table.source
        if not isinstance(source, FieldRows) or self._table.cursor >= len(source):
            return None
        return source.rows[self._table.cursor]

    @on(VirtualTable.RowHighlighted)
    def _highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        event.stop()
        self.when_cursor_rests(self._draw_field)

    # Narrowing

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        if self._loaded is None:
            return
        self._show_rows()
        if event.value:
            self._table.action_cursor_to_end(-1)
            self._table.move_to_key(event.value.strip())

    @on(FilterBar.Left)
    def _filter_left(self, event: FilterBar.Left) -> None:
        event.stop()
        self._table.focus()

    def action_filter(self) -> None:
        """Begin to search."""
        self._filter.focus()

    def action_changed(self) -> None:
        """Show only what differs from the defaults, or everything."""
        self._only_changed = not self._only_changed
        self._show_rows()

    # Editing

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the value under the cursor with what fits its type."""
        row = self._row
        if row is None:
            return
        match row.editor:
            case Editor.TOGGLE:
                self._set(row, row.toggled)
            case Editor.CHOICE:
                self._choose(row)
            case Editor.LINE:
                self._type(row)

    def _choose(self, row: FormRow) -> None:
        notes = {row.default: "default"}
        choices = [Choice(option, option, notes.get(option, "")) for option in row.declared.options]

        def chosen(value: str | None) -> None:
            if value is not None:
                self._set(row, value)

        self.app.push_screen(ChoiceDialog(row.name, choices, at=row.value), chosen)

    def _type(self, row: FormRow) -> None:
        about = [row.type_text, f"default {row.default}" if row.default else "", "auto: follows the instance"]
        hint = " · ".join(part for part in about[: 3 if row.hold is not None else 2] if part)

        def typed(value: str | None) -> None:
            if value is not None:
                self._set(row, value)

        def check(text: str) -> str | None:
            wrong = row.wrong(text)
            return f"{row.name} {wrong}" if wrong else None

        self.app.push_screen(PromptDialog(row.name, row.value, check=check, about=hint), typed)

    def _set(self, row: FormRow, value: str) -> None:
        session = self.session
        session.drafts.put(with_hyperparameter(session.drafts.run, row.name, value))
        self._say_value(row.name)

    def _say_value(self, name: str) -> None:
        """What a value is now."""
        row = self._form.row(name)
        if row is None:
            self.say(f"{name} is not sent any more.", Status.COMPLETED)
        elif row.errors:
            self.say(f"{name} {row.errors[0]}", Status.WARNING)
        else:
            self.say(f"{name} is {row.value} now" + (f", {row.hold.value}." if row.hold else "."), Status.COMPLETED)

    def action_reset(self) -> None:
        """Take the value under the cursor back to its default."""
        row, spec = self._row, self.session.spec
        if row is not None and spec is not None:
            self.session.drafts.put(with_reset(self.session.drafts.run, spec, row.name))
            self._say_value(row.name)

    def action_reset_all(self) -> None:
        """Take all values back to their defaults; asks first when some were changed."""
        spec = self.session.spec
        if spec is None:
            return
        if not self._form.changed_count and not any(row.hold is Hold.TYPED for row in self._form.rows):
            self._reset_all(spec)
            return
        names = [row.name for row in self._form.rows if row.is_changed or row.hold is Hold.TYPED]
        text = line(f"{', '.join(names)}: back to what the model has.")
        self.app.push_screen(
            ConfirmDialog("Reset all values?", [text], label="reset"),
            lambda agreed: self._reset_all(spec) if agreed else None,
        )

    def _reset_all(self, spec: ModelSpec) -> None:
        session = self.session
        session.drafts.put(with_default_hyperparameters(session.drafts.run, spec))
        self.say("Everything is at the model's defaults.", Status.COMPLETED)

    def action_auto_batch(self) -> None:
        """Let the batch size follow the instance; a scaled one where it was only suggested."""
        spec, rule = self.session.spec, self._form.rule
        if spec is None or rule is None:
            self.say("This model has no batch size." if spec else "No model is chosen.", Status.WARNING)
            return
        self.session.drafts.put(with_automatic_batch(self.session.drafts.run, spec))
        self._table.move_to_key(rule.parameter)
        plan = self._form.batch
        self.say(f"{rule.parameter}: {plan.explanation}" if plan else f"{rule.parameter} follows the instance.")
