"""The form of a run's hyperparameters: one row each, from the model's spec and the draft.

A row has the value that is sent, the model's default, the valid values, errors, and the kind of editor. The batch
size follows the instance until the user types one, which nothing here replaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.hyperparameter import HyperparameterSpec, HyperparameterType, not_finite
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.hyperparameters.batch import BatchPlan, BatchRule, batch_rule
from jsft_tui.core.hyperparameters.help import help_text
from jsft_tui.core.hyperparameters.rules import conflicts, unresolved_batch, value_errors
from jsft_tui.core.hyperparameters.values import batch_plan, changed_values, with_hyperparameter
from jsft_tui.core.run.run import AUTO, SCALED, Run

_WORDS = {"true", "false"}


class Editor(Enum):
    """The kind of editor for a value."""

    TOGGLE = "toggle"
    """One of two values: switches to the other."""
    CHOICE = "choice"
    """One of a list of values."""
    LINE = "line"
    """A typed number or text."""


class Hold(Enum):
    """What determines the batch size."""

    INSTANCE = "follows the instance"
    SCALED = "scaled by you with the GPUs"
    TYPED = "held by you"
    MODEL = "the model's default"


@dataclass(frozen=True)
class FormRow:
    """One hyperparameter.

    Attributes:
        declared: from the spec, with the default on the draft's instance; for a name that the spec does not
            know, a text without a default.
        is_known: whether the spec knows the name.
        value: the value that is sent.
        is_changed: whether that differs from the model's default.
        errors: one sentence for each error.
        help: its meaning; empty when undocumented.
        hold: for the batch size, what determines it.
    """

    declared: HyperparameterSpec
    is_known: bool
    value: str
    is_changed: bool
    errors: tuple[str, ...] = ()
    help: str = ""
    hold: Hold | None = None

    @property
    def name(self) -> str:
        """The hyperparameter's name."""
        return self.declared.name

    @property
    def default(self) -> str:
        """The model's default as it is sent; empty for a name that the spec does not know."""
        return self.declared.default_text if self.is_known else ""

    @property
    def value_text(self) -> str:
        """The value, and where it comes from unless the user typed it."""
        word = {Hold.INSTANCE: " auto", Hold.SCALED: " scaled"}.get(self.hold, "") if self.hold else ""
        return f"{self.value}{word}" if self.value not in (AUTO, SCALED) else self.value

    @property
    def editor(self) -> Editor:
        """The kind of editor for the value."""
        if self.declared.type is HyperparameterType.BOOL:
            return Editor.TOGGLE
        options = self.declared.options
        if len(options) == 2 and {option.lower() for option in options} == _WORDS:
            return Editor.TOGGLE
        return Editor.CHOICE if options else Editor.LINE

    @property
    def toggled(self) -> str:
        """The other of two values, spelled as in the spec."""
        wanted = "false" if self.value.lower() == "true" else "true"
        return next((option for option in self.declared.options if option.lower() == wanted), wanted.capitalize())

    @property
    def type_text(self) -> str:
        """Type and bounds in a few words: `int, 1 to 1000`."""
        if not self.is_known:
            return "not a hyperparameter of this model"
        options = self.declared.options
        type_ = "one of" if options else self.declared.type.value
        return (
            f"{type_} {self.declared.allowed}" if options else ", ".join(filter(None, (type_, self.declared.allowed)))
        )

    def wrong(self, value: str) -> str | None:
        """Return what would be wrong with a typed value; None when it is valid."""
        if self.hold is not None and value in (AUTO, SCALED):
            return None
        if message := self.declared.error(value):
            return message
        bad = not_finite([self.declared], {self.name: value})
        return bad[0].message if bad else None


@dataclass(frozen=True)
class Form:
    """All rows, and the batch size that is sent.

    Attributes:
        rows: the algorithm's hyperparameters in the spec's order, then the other names in the run.
        error_count: number of errors; one that concerns two rows counts once.
        batch: the batch size on the draft's instance; None where the model has none or no instance is chosen.
        rule: how the batch size behaves; None where the model has none.
    """

    rows: tuple[FormRow, ...]
    error_count: int = 0
    batch: BatchPlan | None = None
    rule: BatchRule | None = None

    @property
    def changed_count(self) -> int:
        """Rows that differ from the defaults."""
        return sum(row.is_changed for row in self.rows)

    def row(self, name: str) -> FormRow | None:
        """Return the row of a hyperparameter."""
        return next((row for row in self.rows if row.name == name), None)


def form(run: Run, spec: ModelSpec) -> Form:
    """Return the form of a draft.

    Args:
        run: the draft.
        spec: the spec of its model.
    """
    rule, batch = batch_rule(spec), batch_plan(run, spec)
    messages, count = _messages(run, spec)
    changed = changed_values(run, spec)
    declared = {each.name: each for each in spec.hyperparameters_on(run.instance.type)}
    own = {each.name: each for each in spec.algorithm_hyperparameters}
    rows = []
    for name in dict.fromkeys((*own, *run.hyperparameters)):
        is_batch = rule is not None and name == rule.parameter
        known = declared.get(name)
        each = known or HyperparameterSpec(name, HyperparameterType.TEXT, "")
        said = run.hyperparameters.get(name)
        value = each.default_text if said is None else said
        if is_batch and batch is not None and unresolved_batch(run, spec) is None:
            value = str(batch.value) if said in (AUTO, SCALED) else value
        hold = _hold(said) if is_batch else None
        rows.append(
            FormRow(each, known is not None, value, name in changed, messages.get(name, ()), help_text(name), hold)
        )
    return Form(tuple(rows), count, batch, rule)


def _hold(said: str | None) -> Hold:
    if said is None:
        return Hold.MODEL
    return {AUTO: Hold.INSTANCE, SCALED: Hold.SCALED}.get(said, Hold.TYPED)


def _messages(run: Run, spec: ModelSpec) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """Return the error messages by name, and the total number of errors."""
    left, together = unresolved_batch(run, spec), conflicts(run, spec)
    alone = [*([left] if left else []), *value_errors(run, spec)]
    found: dict[str, tuple[str, ...]] = {}
    for error in alone:
        found[error.name] = (*found.get(error.name, ()), error.message)
    for conflict in together:
        for name in conflict.names:
            found[name] = (*found.get(name, ()), f"{conflict.message} {conflict.remedy}")
    return found, len(alone) + len(together)


def fitting(rows: Sequence[FormRow], search: str, *, only_changed: bool) -> list[FormRow]:
    """Return the rows whose name or help has all the words; on request only changed or invalid ones."""
    words = _plain(search).split()
    return [
        row
        for row in rows
        if all(word in _plain(f"{row.name} {row.help}") for word in words)
        and (not only_changed or row.is_changed or row.errors)
    ]


def _plain(text: str) -> str:
    return text.lower().replace("-", "_")


def with_reset(run: Run, spec: ModelSpec, name: str) -> Run:
    """Reset one value to the model's default; the batch size follows the instance again."""
    rule = batch_rule(spec)
    return with_hyperparameter(run, name, AUTO if rule is not None and name == rule.parameter else None)


def with_automatic_batch(run: Run, spec: ModelSpec) -> Run:
    """Return the draft with the batch size derived from the instance.

    Where its meaning is not documented and it is automatic already, switch to the scaled value, which was
    only suggested, and back.
    """
    rule, plan = batch_rule(spec), batch_plan(run, spec)
    if rule is None:
        return run
    follows = run.hyperparameters.get(rule.parameter) == AUTO
    scales = follows and plan is not None and plan.suggested is not None
    return with_hyperparameter(run, rule.parameter, SCALED if scales else AUTO)


def batch_facts(shown: Form) -> tuple[tuple[str, str], ...]:
    """Return the details of the batch size as (label, text)."""
    rule, plan = shown.rule, shown.batch
    if rule is None:
        return ()
    row = shown.row(rule.parameter)
    per = {BatchMeaning.GLOBAL: " for each GPU", BatchMeaning.PER_DEVICE: " on each device"}.get(rule.meaning, "")
    made_from = (
        ("Rule", f"{rule.meaning.value.replace('_', ' ')}: {rule.why}"),
        ("Base", f"{rule.base}{per}" + (f", at most {rule.maximum}" if rule.maximum else "")),
    )
    if plan is None:
        return (("Effective", "not known before an instance is chosen"), *made_from)
    effective = "not known, since the meaning is not documented" if plan.effective is None else str(plan.effective)
    decides = (("Decides", row.hold.value),) if row is not None and row.hold is not None else ()
    return (("Now", plan.explanation), ("Effective", effective), *decides, *made_from)
