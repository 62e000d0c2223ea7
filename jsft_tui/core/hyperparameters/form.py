"""The form of a run's hyperparameters: one row each, from the model's spec and the draft.

A row has the value that is sent, the model's default, the valid values, errors, and the kind of editor. The batch
size follows the instance until the user types one, which nothing here replaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, HyperparameterType, not_finite
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.hyperparameters.batch import BatchPlan, BatchRule, batch_rule
from jsft_tui.core.hyperparameters.conflicts.find import conflicts
from jsft_tui.core.hyperparameters.help import help_text
from jsft_tui.core.hyperparameters.rules import unresolved_batch, value_errors
from jsft_tui.core.hyperparameters.values import batch_plan, changed_values, with_hyperparameter
from jsft_tui.core.run.run import AUTO, SCALED, Run
from jsft_tui.core.run.tuning import Range

_KINDS = {
    HyperparameterType.INT: "whole number",
    HyperparameterType.FLOAT: "number",
    HyperparameterType.TEXT: "text",
}


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
        tried: what a search tries in place of the value; None where it has one value.
    """

    declared: HyperparameterSpec
    is_known: bool
    value: str
    is_changed: bool
    errors: tuple[str, ...] = ()
    help: str = ""
    hold: Hold | None = None
    tried: Range | None = None

    @property
    def name(self) -> str:
        """The hyperparameter's name."""
        return self.declared.name

    @property
    def default(self) -> str:
        """The model's default as it is sent; empty for a name that the spec does not know."""
        return self.declared.default_text if self.is_known else ""

    @property
    def differs(self) -> bool:
        """Whether another value than the model's default is sent, also a batch size that follows the instance."""
        if self.tried is not None:
            return False
        follows = self.hold in (Hold.INSTANCE, Hold.SCALED) and self.value not in (AUTO, SCALED)
        return self.is_changed or (follows and self.value != self.default)

    @property
    def options(self) -> tuple[str, ...]:
        """The values to choose from, spelled as in the spec; none for a number or a text."""
        if self.declared.type is HyperparameterType.BOOL:
            return "True", "False"
        options = self.declared.options
        return tuple(sorted(options, key=str.lower, reverse=True)) if _is_switch(options) else options

    @property
    def kind(self) -> str:
        """What its values are, in a word or two."""
        if not self.is_known:
            return "not of this model"
        if self.declared.type is HyperparameterType.BOOL:
            return "True or False"
        if self.declared.options:
            return f"{len(self.declared.options)} choices"
        return _KINDS[self.declared.type]

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
        return sum(row.differs for row in self.rows)

    @property
    def tuned_count(self) -> int:
        """Rows of which a search tries several values."""
        return sum(row.tried is not None for row in self.rows)

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
    ranges = run.tuning.ranges if run.tuning is not None else {}
    rows = []
    for name in dict.fromkeys((*own, *run.hyperparameters, *ranges)):
        is_batch = rule is not None and name == rule.parameter
        known = declared.get(name)
        each = known or HyperparameterSpec(name, HyperparameterType.TEXT, "")
        said = run.hyperparameters.get(name)
        value = each.default_text if said is None else said
        if is_batch and batch is not None and unresolved_batch(run, spec) is None:
            value = str(batch.value) if said in (AUTO, SCALED) else value
        hold = _hold(said) if is_batch else None
        errors, tried = messages.get(name, ()), ranges.get(name)
        rows.append(FormRow(each, known is not None, value, name in changed, errors, _help(each), hold, tried))
    return Form(tuple(rows), count, batch, rule)


def _is_switch(options: Sequence[str]) -> bool:
    return sorted(option.lower() for option in options) == ["false", "true"]


def _help(declared: HyperparameterSpec) -> str:
    """Return the meaning of a hyperparameter: the recipe's own words win."""
    return declared.description or help_text(declared.name)


def _hold(said: str | None) -> Hold:
    if said is None:
        return Hold.MODEL
    return {AUTO: Hold.INSTANCE, SCALED: Hold.SCALED}.get(said, Hold.TYPED)


def _messages(run: Run, spec: ModelSpec) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """Return the error messages by name, and the total number of errors."""
    left = unresolved_batch(run, spec)
    together = [conflict for conflict in conflicts(run, spec) if conflict.is_certain]
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
        and (not only_changed or row.differs or row.tried is not None or row.errors)
    ]


def _plain(text: str) -> str:
    return text.lower().replace("-", "_")


def with_reset(run: Run, spec: ModelSpec, name: str) -> Run:
    """Reset one value to the model's default; the batch size follows the instance again."""
    rule = batch_rule(spec)
    return with_hyperparameter(run, name, AUTO if rule is not None and name == rule.parameter else None)


def batch_origin(shown: Form) -> str:
    """Return where the batch size comes from in the shortest form: `32 × 4 GPUs`; empty if the value says it all."""
    plan = shown.batch
    if plan is None or plan.held or plan.value == plan.rule.base:
        return "per device" if plan is not None and plan.rule.meaning is BatchMeaning.PER_DEVICE else ""
    if plan.clamped:
        return "the most"
    return f"{plan.rule.base} × {plan.value // plan.rule.base} GPUs"


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
        ("Rule", rule.meaning_text),
        ("Base", f"{rule.base}{per}" + (f", at most {rule.maximum}" if rule.maximum else "")),
    )
    if plan is None:
        return (("Effective", "not known before an instance is chosen"), *made_from)
    effective = "not known, since the meaning is not documented" if plan.effective is None else str(plan.effective)
    decides = (("Decides", row.hold.value),) if row is not None and row.hold is not None else ()
    return (("Now", plan.explanation), ("Effective", effective), *decides, *made_from)
