"""Ranges in place of values: a key turns a value into a range and back, and a range is typed in the row's field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.hyperparameters.editing import completed
from jsft_tui.core.run.range_text import BETWEEN, range_text
from jsft_tui.core.run.tuning import Strategy
from jsft_tui.core.sizing.pricing import run_bound
from jsft_tui.core.tuning.choices.form import (
    is_range_text,
    other_scale,
    range_complaint,
    range_to_start,
    tried_words,
    typed_range,
    why_not_tuned,
    with_range,
    without_range,
)
from jsft_tui.core.tuning.choices.tunable import can_be_tuned
from jsft_tui.tui.screens.hyperparameters.editor import ValueEditor

if TYPE_CHECKING:
    from jsft_tui.core.hyperparameters.form import FormRow
    from jsft_tui.core.run.tuning import Range, Tuning

NOT_BY_RECIPE = "A search trains by the model's training script, not by a recipe."


class RangeEditor(ValueEditor):
    """Edits values and ranges in their rows."""

    def __init__(self) -> None:
        super().__init__()
        self._former: Tuning | None = None
        """How the run was searched before its last range was taken away."""

    def can_be_tuned(self, row: FormRow) -> bool:
        """Return whether a range can be given for a row."""
        return row.is_known and can_be_tuned(row.declared) and self.session.drafts.run.method is Method.SCRIPT

    @property
    def search_words(self) -> str:
        """What the search is: `12 trials, 2 at a time, at most $29.34`; empty where the run is none."""
        run = self.session.run
        if run.tuning is None:
            return ""
        bound = run_bound(run, self.session.prices or {})
        parts = [plural(run.tuning.jobs, "trial")]
        parts += [f"{run.parallel_jobs} at a time"] if run.parallel_jobs > 1 else []
        parts += [f"at most {dollars(bound)}"] if bound is not None else []
        return ", ".join(parts)

    def action_tune(self) -> None:
        """Turn the value under the cursor into a range, or back into one value."""
        row, spec, session = self.current_row, self.session.spec, self.session
        if row is None or spec is None:
            return
        if row.tried is not None:
            self._take_back(row)
        elif session.drafts.run.method is not Method.SCRIPT:
            self.say(NOT_BY_RECIPE, Status.WARNING)
        elif (tried := range_to_start(session.drafts.run, spec, row.name)) is None:
            self.say(why_not_tuned(spec, row.name), Status.WARNING)
        else:
            self._tune(row, tried)

    def _tune(self, row: FormRow, tried: Range) -> None:
        spec, session = self.session.spec, self.session
        if spec is None:
            return
        run = session.drafts.run
        session.drafts.put(with_range(run, spec, row.name, tried, session.now(), self._former))
        self._table.move_to_key(row.name)
        said = f"{row.name} is tuned: {tried_words(tried)}."
        if run.tuning is None:
            said = f"{row.name} is tuned. The run is a search now."
        self.say(said, Status.COMPLETED)

    def _take_back(self, row: FormRow, value: str | None = None) -> None:
        """Try one value again."""
        session = self.session
        run = session.drafts.run
        self._former = run.tuning
        left = without_range(run, row.name, value)
        session.drafts.put(left)
        self._table.move_to_key(row.name)
        over = " The run is no search any more." if left.tuning is None else ""
        now = self._form.row(row.name)
        self.say(f"{row.name} has one value again: {now.value if now else row.value}.{over}", Status.COMPLETED)

    # In the field

    def text_of(self, row: FormRow) -> str:
        """Return what is edited: the range where there is one."""
        return range_text(row.tried) if row.tried is not None else super().text_of(row)

    def _is_range(self, row: FormRow, text: str) -> bool:
        return self.can_be_tuned(row) and is_range_text(text)

    def complaint_of(self, row: FormRow, text: str) -> str:
        """Return what is wrong with a value, or with a range."""
        spec = self.session.spec
        if spec is None or not self._is_range(row, text):
            return super().complaint_of(row, text)
        tuning = self.session.drafts.run.tuning or self._former
        strategy = Strategy.BAYESIAN if tuning is None else tuning.strategy
        return range_complaint(spec, row.name, text, strategy) or ""

    def keep_text(self, row: FormRow, text: str) -> None:
        """Keep a value, or a range; one value in place of a range takes the range away."""
        tried = typed_range(text) if self._is_range(row, text) else None
        if tried is not None:
            if tried != row.tried:
                self._tune(row, tried)
        elif row.tried is not None:
            self._take_back(row, completed(row, text))
        else:
            super().keep_text(row, text)

    def stepped_text(self, row: FormRow, text: str, steps: int) -> str:
        """Return a value one step up, or a range on the next scale."""
        return other_scale(text, steps) if self._is_range(row, text) else super().stepped_text(row, text, steps)

    def step_words_of(self, row: FormRow, text: str) -> str:
        """Return what a step does."""
        if not self._is_range(row, text):
            return super().step_words_of(row, text)
        return "other scale" if BETWEEN in text else ""
