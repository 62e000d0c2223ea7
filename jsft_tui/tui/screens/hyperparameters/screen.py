"""The Hyperparameters screen: a form built from the model's spec, what people change first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.advice.groups import grouped
from jsft_tui.core.hyperparameters.form import (
    Form,
    FormRow,
    Hold,
    fitting,
    with_automatic_batch,
    with_reset,
)
from jsft_tui.core.hyperparameters.values import with_default_hyperparameters, with_hyperparameter
from jsft_tui.core.tuning.choices.form import search_form, without_range
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.screens.work_screen import screen_bindings
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.screens.hyperparameters.detail import KnownValue, rest_detail, value_detail
from jsft_tui.tui.screens.hyperparameters.rows import FOLD, NATURAL_WIDTH, FieldRows, Fold, columns, state_cells
from jsft_tui.tui.screens.hyperparameters.tuning import RangeEditor
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.row_painter import GUTTER, MARGIN
from jsft_tui.tui.widgets.table.virtual_table import AIRY
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Detail, Shape
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

if TYPE_CHECKING:
    from textual.binding import BindingType

    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.jobs.compare.tried_values import TriedValue
    from jsft_tui.tui.keymap.action import Action

FRAME = 6
"""Rows of the terminal that no list has."""
AFTER_SEARCH = 5
"""Rank in the footer of the step that follows."""


class HyperparametersScreen(RangeEditor):
    """View and change the hyperparameters."""

    WHERE = ScreenId.HYPERPARAMETERS
    TITLE = "Hyperparameters"
    LIST_COLUMNS = columns((), 0)
    NATURAL_WIDTH = NATURAL_WIDTH
    FILTER_ACTION = "filter_values"
    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(ScreenId.HYPERPARAMETERS)

    def __init__(self) -> None:
        super().__init__()
        self._only_changed = self._is_rest_open = False
        self._cursor_placed_for: str | None = None
        """The model for which the cursor was put on the first row."""

    # Showing

    def load(self) -> None:
        """Request the spec again if it is missing."""
        self._cursor_placed_for = None
        if (fact := self.session.spec_fact()) is not None:
            self.jsft.find_out(fact)

    def draw(self) -> None:
        """Redraw the form from the draft."""
        spec = self.session.spec
        self._form = search_form(self.session.run, spec) if spec is not None else Form(())
        self._show_values()
        self.stand_field()
        if self._form.rows and self._cursor_placed_for != self.session.run.model.id:
            self._cursor_placed_for = self.session.run.model.id
            self._table.action_cursor_to_end(-1)

    def jobs_changed(self) -> None:
        """Draw what became of one's own runs."""
        super().jobs_changed()
        if self.is_mounted and self._loaded is not None:
            self.draw_detail()

    def editing_changed(self) -> None:
        """Show the rows and the state with what is wrong in the field."""
        self._show_values()

    def _show_values(self) -> None:
        rows = fitting(self._form.rows, self._filter.value, only_changed=self._only_changed)
        self._table.set_columns(columns(self._form.rows, self._table.size.width - GUTTER - MARGIN))
        is_wrong = self._editing is not None and bool(self._editing.complaint)
        state = state_cells(self._form, only_changed=self._only_changed, wrong_field=is_wrong)
        shown = FieldRows(grouped(rows), self._form, self._editing, self.search_words)
        self.show_rows(
            replace(shown, fold=self._fold_of(shown), fold_key=self.key("edit")), state if self._form.rows else ()
        )
        if not rows:
            self.show_notice(self._why_empty())

    def _fold_of(self, shown: FieldRows) -> Fold | None:
        """Return how the rest is shown: folded where the terminal is low, until it is opened or the cursor is in it."""
        height = self.app.size.height
        is_whole = not self._filter.value and not self._only_changed
        if not is_whole or height >= AIRY or len(shown.rows) + len(shown.grouped) <= height - FRAME:
            return None
        if any(row.name == self._table.cursor_key for row in shown.rest):
            self._is_rest_open = True
        return Fold.OPEN if self._is_rest_open else Fold.CLOSED

    def _draw_place(self) -> None:
        """Count values, and no heading."""
        source = self._table.source
        if not isinstance(source, FieldRows) or source.fold is None:
            super()._draw_place()
            return
        row, every = self.current_row, source.rows
        words = f"{every.index(row) + 1} of {len(every)}" if row is not None else plural(len(source.rest), "more value")
        self.panes.set_place((Cell(words, Ink.MUTED),))

    def _why_empty(self) -> list[TextLine]:
        session = self.session
        if not session.drafts.run.model.id:
            return empty("There is nothing to set yet.", ((self.key("go_models"), "choose a model"),))
        if session.spec is None:
            problem = session.problems.get("spec")
            if problem is None:
                return [line("Reading the spec …")]
            return unread("The spec cannot be read.", str(problem), ((self.key("retry"), "ask again"),))
        if not self._form.rows:
            return [line("This model has no hyperparameters.")]
        if self._only_changed and not self._filter.value:
            return empty("Everything is at the model's defaults.", ((self.key("only_changed"), "show all values"),))
        return empty("No hyperparameter fits.", ((self.key("back"), "take the search away"),))

    def detail(self, key: str, shape: Shape) -> Detail:
        """Return what is known of a hyperparameter."""
        from jsft_tui.core.hyperparameters.advice.hints import hints

        row, spec = self.current_row, self.session.spec
        if key == FOLD and isinstance(rows := self._table.source, FieldRows):
            return rest_detail([each.name for each in rows.rest], self.key("edit"), self._fold_verb, shape)
        if row is None or spec is None:
            return Detail(key)
        known = KnownValue(
            row,
            self._form,
            self._tried(key),
            hints(row, self._form, self.session.run, spec) if row.tried is None else (),
            self.key("edit"),
            self.key("follow_batch"),
            self.key("tune_value") if self.can_be_tuned(row) else "",
            self.panes.view.text_width,
        )
        return value_detail(known, shape)

    def _tried(self, name: str) -> tuple[TriedValue, ...]:
        from jsft_tui.core.jobs.compare.tried_values import tried_values
        from jsft_tui.core.jobs.history import runs_of

        session = self.session
        model = session.run.model.id
        return tried_values(name, runs_of(model, session.job_list.state.jobs, session.prices, session.now()))

    @property
    def current_row(self) -> FormRow | None:
        """The row under the cursor."""
        source = self._table.source
        if not isinstance(source, FieldRows) or self._table.cursor >= len(source):
            return None
        return source.at(self._table.cursor)

    def hinted(self, action: Action) -> Action:
        """Name the step that follows: values are edited one after the other, so enter does not go on."""
        if action.id == "edit" and self._table.cursor_key == FOLD:
            return replace(action, label=self._fold_verb)
        return replace(action, priority=AFTER_SEARCH) if action.id == "go_review" else action

    def cursor_rests(self) -> None:
        """Tell what the row means, and what enter does there."""
        super().cursor_rests()
        self.draw_hints()

    # Filtering

    def filter_changed(self) -> None:
        """Show the rows that fit the filter."""
        if self._loaded is None:
            return
        super().filter_changed()
        self._show_values()
        if self._filter.value:
            self._table.action_cursor_to_end(-1)
            self._table.move_to_key(self._filter.value.strip())

    def action_changed(self) -> None:
        """Toggle between changed values and all values."""
        self._only_changed = not self._only_changed
        self._show_values()

    # Changing

    def row_chosen(self) -> None:
        """Do what enter means on this screen."""
        self.action_edit()

    def action_edit(self) -> None:
        """Make the value under the cursor a field; on the heading of the rest, show it or fold it."""
        if self._table.cursor_key != FOLD:
            super().action_edit()
            return
        self._is_rest_open = not self._is_rest_open
        self._show_values()

    @property
    def _fold_verb(self) -> str:
        return "fold" if self._is_rest_open else "show"

    def set_value(self, row: FormRow, value: str) -> None:
        """Put a value into the draft."""
        session = self.session
        session.drafts.put(with_hyperparameter(session.drafts.run, row.name, value))
        self._say_value(row.name)

    def _say_value(self, name: str) -> None:
        """Display the new value."""
        row = self._form.row(name)
        if row is None:
            self.say(f"{name} removed from the request.", Status.COMPLETED)
        elif row.errors:
            self.say(row.errors[0] if row.tried is not None else f"{name} {row.errors[0]}", Status.WARNING)
        else:
            self.say(f"{name} set to {row.value}" + (f", {row.hold.value}." if row.hold else "."), Status.COMPLETED)

    def action_reset(self) -> None:
        """Reset the value under the cursor to its default."""
        row, spec = self.current_row, self.session.spec
        if row is not None and spec is not None:
            self.session.drafts.put(with_reset(without_range(self.session.drafts.run, row.name), spec, row.name))
            self._say_value(row.name)

    @flow("reset")
    async def action_reset_all(self) -> None:
        """Reset all values to their defaults, with confirmation if some were changed."""
        spec = self.session.spec
        if spec is None:
            return
        names = [
            row.name for row in self._form.rows if row.is_changed or row.tried is not None or row.hold is Hold.TYPED
        ]
        if not names:
            self._reset_all(spec)
            return
        text = line(f"{', '.join(names)}: back to the model's defaults.")
        if await self.open_dialog(ConfirmDialog("Reset all values?", [text], label="reset")):
            self._reset_all(spec)

    def _reset_all(self, spec: ModelSpec) -> None:
        session = self.session
        run = replace(session.drafts.run, tuning=None)
        session.drafts.put(with_default_hyperparameters(run, spec))
        self.say("Everything is at the model's defaults.", Status.COMPLETED)

    def action_auto_batch(self) -> None:
        """Let the batch size follow the instance, scaled if the model only suggests one."""
        spec, rule = self.session.spec, self._form.rule
        if spec is None or rule is None:
            why = "This model has no batch size." if spec else "No model is chosen."
            if spec is not None and spec.recipe is not None:
                why = "A recipe's batch size is that of all GPUs together: it does not follow the instance."
            self.say(why, Status.WARNING)
            return
        self.session.drafts.put(with_automatic_batch(self.session.drafts.run, spec))
        self._table.move_to_key(rule.parameter)
        plan = self._form.batch
        self.say(f"{rule.parameter}: {plan.explanation}" if plan else f"{rule.parameter} follows the instance.")
