"""Check instruction data: *.jsonl files of objects, and a template for the prompt and completion of each.

Source: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.batch_size import batch_findings
from jsft_tui.core.datasets.base.contents import Contents, ConversionOffer
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.needs import about
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.generative import prompt_template
from jsft_tui.core.datasets.generative.jsonl_files import ENDING, Lines, finish, jsonl_files, no_jsonl, read_lines
from jsft_tui.core.datasets.generative.line_needs import INSTRUCTION_NEEDS, LINES, saw_lines
from jsft_tui.core.datasets.generative.prompt_template import Template, doubts, read_template
from jsft_tui.core.datasets.generative.template_offer import template_offer
from jsft_tui.core.datasets.parsers.json_text import shown
from jsft_tui.core.datasets.text.data_csv import beside

FEW_LINES = 10
_SHOWN_KEYS = 6
INSTRUCTIONS = "instructions"
"""The form that `jsft convert` writes for such a training."""
CHAT_KEYS = ("dialog", "messages", "conversations")


def lint_instructions(
    data: BudgetedDataset, question: DataQuestion, default: Template, also: Template | None = None
) -> Iterator[LintFinding]:
    """Yield all findings about instructions.

    Args:
        data: the dataset.
        question: with the hyperparameters.
        default: the template of datasets without their own.
        also: another default according to other sources; lines that fit only this one are a warning.
    """
    listing = data.listing()
    items = jsonl_files(listing)
    if not items:
        data.contents.saw(LINES.name, f"no {ENDING} file")
        yield from about(LINES.name, [no_jsonl(listing)])
        return
    yield from _beside(listing)
    template: Template | None = default
    brought = next((item for item in listing.objects if item.name == prompt_template.FILE), None)
    if brought is not None:
        read = read_template(data, brought)
        template = read if isinstance(read, Template) else None
        yield from about(prompt_template.FILE, doubts(read) if isinstance(read, Template) else [read])
    judge = _Judge(template, also)
    lines = read_lines(data, items, judge)
    judge.sum_up(lines.number)
    _saw(data.contents, lines, judge, items[0].name, is_brought=brought is not None)
    yield from finish(lines, judge, FEW_LINES, INSTRUCTION_NEEDS)
    yield from batch_findings(question, lines.number, "lines") if lines.complete else ()
    if lines.number and template is not None and judge.missed is None and not judge.found.has("partly"):
        made = f"with {', '.join(template.fields)}" if template.fields else "with a template"
        yield passed("", f"{lines}, each {made}.")
    elif lines.number:
        yield passed("", f"{lines} of JSON.")


def _saw(contents: Contents, lines: Lines, judge: _Judge, first: str, *, is_brought: bool) -> None:
    """Record what is there for each need, and offer a template where the keys ask for one; `first` is a file."""
    saw_lines(contents, lines)
    lacks = judge.missed is not None and not is_brought
    there = "there" if is_brought else "missing" if lacks else "not needed"
    contents.saw(prompt_template.FILE, there, Level.BLOCK if lacks else Level.PASS)
    if lacks and not any(key in CHAT_KEYS for key in lines.keys):
        contents.offer = template_offer(lines.keys)
    elif lacks:
        chat = next(key for key in lines.keys if key in CHAT_KEYS)
        contents.conversion = ConversionOffer(first, f"a {chat} a line", INSTRUCTIONS)


def _beside(listing: Listing) -> Iterator[LintFinding]:
    read = (prompt_template.FILE, "")
    others = [item for item in listing.objects if not item.name.endswith(ENDING) and item.name not in read]
    others = [item for item in others if item.size and not item.name.endswith("/")]
    if others:
        yield beside(others, f"the *{ENDING} files")


@dataclass
class _Judge:
    """Checks that each line has the fields of the template.

    Attributes:
        template: None if it cannot be read.
        also: the other default.
        missed: the missing fields; empty if they are not the same in each line, None if none is refused.
        seen: the fields that some line has.
    """

    template: Template | None
    also: Template | None
    missed: tuple[str, ...] | None = None
    found: FindingsByKind = field(default_factory=FindingsByKind)
    seen: set[str] = field(default_factory=set)

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Check that all fields are there, and no completion is empty."""
        template = self.template
        if template is None:
            return
        if self._fits_the_other(fields, template):
            names = ", ".join(self.also.fields if self.also else ())
            why = f"has {names}: some versions of the model require {', '.join(template.fields)}"
            why += "; add a template.json to decide."
            self.found.add("other template", warn(where, why))
            return
        missing = tuple(name for name in template.fields if name not in fields)
        if missing:
            self.missed = missing if self.missed in (None, missing) else ()
            kind = "missing" if len(missing) == len(template.fields) else "partly"
            self.found.add(kind, block(where, _no_fields(missing, fields, template)))
        self.seen.update(name for name in template.fields if name in fields)
        for name in template.fields:
            if name in fields and (message := _bad_value(fields[name], filled=name in template.completion)):
                self.found.add("value", warn(where, f"has {message} as {shown(name)}."))

    def _fits_the_other(self, fields: Mapping[str, object], template: Template) -> bool:
        return (
            self.also is not None
            and not template.own
            and not all(name in fields for name in template.fields)
            and all(name in fields for name in self.also.fields)
        )

    def sum_up(self, lines: int) -> None:
        """Report fields that all lines lack once instead of for each line; those that only some lack are read."""
        for kind in ("missing", "partly"):
            if self.missed and self.found.count(kind) == lines > 1:
                first = self.found.of(kind)[0]
                self.found.replace(
                    kind, block(first.where, f"{first.message.rstrip('.')}; all other lines lack it too.")
                )
        if self.template is not None and self.found.has("partly") and self.seen >= set(self.template.fields):
            self.found.change("partly", _as_none)
            self.missed = self.missed if self.found.has("missing") else None


def _as_none(finding: LintFinding) -> LintFinding:
    """Return what a field means that other lines have: Arrow makes one table, with null where a line lacks a key."""
    why = f"{finding.message.rstrip('.')}; Hugging Face datasets read it as None, and the text becomes 'None'."
    return warn(finding.where, why)


def _no_fields(missing: tuple[str, ...], fields: Mapping[str, object], template: Template) -> str:
    keys = list(fields)
    has = ", ".join(shown(key)[1:-1] for key in keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "")
    names = " and no ".join(shown(name) for name in missing[:_SHOWN_KEYS])
    lacks = f"has no key {names}"
    if template.own:
        return f"{lacks}, which {prompt_template.FILE} requires (it has {has or 'none'})."
    if any(key in fields for key in CHAT_KEYS):
        return f"{lacks} but {has}: dialogs require chat_dataset=True and instruction_tuned=False."
    wanted = ", ".join(template.fields)
    return f"{lacks} (it has {has or 'none'}); without a {prompt_template.FILE} it needs {wanted}."


def _bad_value(value: object, *, filled: bool) -> str:
    """Return what is wrong with a value; empty if nothing is. A completion must be `filled`."""
    if isinstance(value, str):
        return "an empty string" if filled and not value.strip() else ""
    return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else shown(value)
