"""Check customization data: *.jsonl files, a record of one form per line; records of another form are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.contents import Contents, ConversionOffer
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.needs import Need, about, always
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.customization.messages import Flaw
from jsft_tui.core.datasets.customization.record_form import RecordForm, form_of
from jsft_tui.core.datasets.generative.jsonl_files import ENDING, Lines, finish, jsonl_files, no_jsonl, read_lines
from jsft_tui.core.datasets.generative.line_needs import KEYS, LINES, saw_lines
from jsft_tui.core.datasets.parsers.json_text import shown

FEW_LINES = 10
TABLES = (".csv", ".json")
"""Ends of names of other files that hold records."""
NEEDS = {
    **dict.fromkeys(("form", "mixed", *(f"record {level.value}" for level in Level)), KEYS),
    **dict.fromkeys(("json", "file", "empty file", "long", "leftover", "held back"), LINES.name),
}
"""Kind of a finding -> its need."""
TEMPLATE = "template.json"

Flaws = Callable[[Mapping[str, object]], Iterable[Flaw]]
"""Yields what is wrong with a record of a valid form."""


@dataclass(frozen=True)
class RecordRule:
    """What the records of a technique must be.

    Attributes:
        wanted: in words, for messages.
        technique: of the customization, for the command that converts.
        forms: valid forms.
        flaws: judges a record of a valid form.
    """

    wanted: str
    technique: Technique
    forms: Set[RecordForm]
    flaws: Flaws

    @property
    def target(self) -> str:
        """Return the form that `jsft convert` writes for it."""
        return self.technique.value.lower()


def record_format(rule: RecordRule, summary: str, rules: tuple[str, ...], sample: Sample, keys: str) -> DataFormat:
    """Return the format of a technique.

    Args:
        rule: what its records must be.
        summary: one line.
        rules: what the data must be, a sentence each.
        sample: what it looks like.
        keys: the keys that a record needs, in few words.
    """

    def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
        return lint_records(data, rule)

    needs = always(LINES, Need(KEYS, keys))
    return DataFormat(Task.TEXT_GENERATION, summary, rules, lint, sample, needs, technique=rule.technique)


def lint_records(data: BudgetedDataset, rule: RecordRule) -> Iterator[LintFinding]:
    """Yield all findings."""
    listing = data.listing()
    items = jsonl_files(listing)
    if not items:
        data.contents.saw(LINES.name, f"no {ENDING} file", Level.BLOCK)
        data.contents.conversion = _of_another_kind(listing, rule)
        yield from about(LINES.name, [no_jsonl(listing)])
        return
    if any(item.name == TEMPLATE for item in listing.objects):
        yield warn(TEMPLATE, f"is not read by a customization: the records themselves must be {rule.wanted}.")
    judge = _Judge(rule)
    lines = read_lines(data, items, judge)
    _saw(data.contents, lines, judge)
    yield from finish(lines, judge, FEW_LINES, NEEDS)
    if judge.good:
        yield passed("", f"{lines}, {plural(judge.good, 'record')} for {rule.technique.value}.")


def _of_another_kind(listing: Listing, rule: RecordRule) -> ConversionOffer | None:
    """Return the first file of tables or of JSON, which may hold records."""
    names = [item.name for item in listing.objects if item.size and item.name != TEMPLATE]
    found = next((name for name in names if name.lower().endswith(TABLES)), None)
    return ConversionOffer(found, found.rpartition(".")[2].upper(), rule.target) if found is not None else None


def _saw(contents: Contents, lines: Lines, judge: _Judge) -> None:
    """Record the lines, the form of their records, and which file can be converted."""
    saw_lines(contents, lines)
    contents.noun = "records"
    forms = [*judge.forms, *judge.others]
    if forms:
        level = Level.BLOCK if judge.others else Level.PASS
        contents.saw(KEYS, ", ".join(form.value for form in forms[:2]), level)
    for form, where in list(judge.others.items())[:1]:
        name = where.partition(" line ")[0]
        contents.conversion = ConversionOffer(name, form.value, judge.rule.target)


@dataclass
class _Judge:
    """Checks that each line is a record of a valid form, and that all have the same."""

    rule: RecordRule
    good: int = 0
    found: FindingsByKind = field(default_factory=FindingsByKind)
    forms: dict[RecordForm, str] = field(default_factory=dict)
    others: dict[RecordForm, str] = field(default_factory=dict)
    """Form that the technique does not take -> where it was seen first."""

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Check one record."""
        form = form_of(fields)
        if form not in self.rule.forms:
            self.others.setdefault(form, where)
            self.found.add("form", block(where, self._other_form(form, fields)))
            return
        if self.forms and form not in self.forms:
            first = next(iter(self.forms.values()))
            why = f"has {form.value}, unlike {first}; all records must have the same form."
            self.found.add("mixed", block(where, why))
        self.forms.setdefault(form, where)
        flaws = list(self.rule.flaws(fields))
        for flaw in flaws:
            self.found.add(f"record {flaw.level.value}", LintFinding(flaw.level, where, f"{flaw.message}."))
        self.good += not any(flaw.level is Level.BLOCK for flaw in flaws)

    def _other_form(self, form: RecordForm, fields: Mapping[str, object]) -> str:
        if form is RecordForm.OTHER:
            has = ", ".join(shown(key)[1:-1] for key in list(fields)[:6]) or "none"
            return f"has the keys {has}; {self.rule.technique.value} takes {self.rule.wanted}."
        what = f"is a record of the form {form.value}; {self.rule.technique.value} takes {self.rule.wanted}"
        if RecordForm.PREFERENCE in self.rule.forms:
            return f"{what}, so a second, worse answer to each prompt must be added."
        return f"{what}. Convert it: jsft convert FROM TO --to {self.rule.target}"
