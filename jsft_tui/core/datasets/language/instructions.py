"""Instruction tuning: *.jsonl files of objects, and a template that makes a prompt and a completion of each.

Source: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, Listing, block, passed, warn
from jsft_tui.core.datasets.language import prompt_template
from jsft_tui.core.datasets.language.jsonl_files import ENDING, finish, jsonl_files, no_jsonl, read_lines
from jsft_tui.core.datasets.language.prompt_template import Template, doubts, read_template
from jsft_tui.core.datasets.parsers.json_text import shown
from jsft_tui.core.datasets.text.data_csv import beside

FEW_LINES = 10
_SHOWN_KEYS = 6
CHAT_KEYS = ("dialog", "messages", "conversations")


def lint_instructions(data: BudgetedDataset, default: Template, also: Template | None = None) -> Iterator[LintFinding]:
    """All findings about instructions.

    Args:
        data: the dataset.
        default: the template where the dataset has none of its own.
        also: a template that other sources call the default; lines that fit only this one are doubtful.
    """
    listing = data.listing()
    items = jsonl_files(listing)
    if not items:
        yield no_jsonl(listing)
        return
    yield from _beside(listing)
    template: Template | None = default
    brought = next((item for item in listing.objects if item.name == prompt_template.FILE), None)
    if brought is not None:
        read = read_template(data, brought)
        template = read if isinstance(read, Template) else None
        yield from doubts(read) if isinstance(read, Template) else [read]
    judge = _Judge(template, also)
    lines = read_lines(data, items, judge)
    judge.sum_up(lines.number)
    yield from finish(lines, judge, FEW_LINES)
    if lines.number and template is not None and judge.missed is None:
        made = f"with {', '.join(template.fields)}" if template.fields else "with a template"
        yield passed("", f"{lines}, each {made}.")
    elif lines.number:
        yield passed("", f"{lines} of JSON.")


def _beside(listing: Listing) -> Iterator[LintFinding]:
    read = (prompt_template.FILE, "")
    others = [item for item in listing.objects if not item.name.endswith(ENDING) and item.name not in read]
    others = [item for item in others if item.size and not item.name.endswith("/")]
    if others:
        yield beside(others, f"the *{ENDING} files")


@dataclass
class _Judge:
    """Whether each line has the fields that the template asks for.

    Attributes:
        template: None when it cannot be read.
        also: the other default.
        missed: the fields that lines lack; empty when these are not the same in each.
    """

    template: Template | None
    also: Template | None
    missed: tuple[str, ...] | None = None
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Every field there, and no completion empty."""
        template = self.template
        if template is None:
            return
        if self._fits_the_other(fields, template):
            names = ", ".join(self.also.fields if self.also else ())
            why = f"has {names}: some versions of the model want {', '.join(template.fields)}"
            why += "; a template.json settles it."
            self.found.add("other template", warn(where, why))
            return
        missing = tuple(name for name in template.fields if name not in fields)
        if missing:
            self.missed = missing if self.missed in (None, missing) else ()
            self.found.add("missing", block(where, _no_fields(missing, fields, template)))
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
        """Where all lines lack the same fields, say so once instead of line by line."""
        if self.missed and self.found.count("missing") == lines > 1:
            first = self.found.of("missing")[0]
            self.found.replace("missing", block(first.where, f"{first.message.rstrip('.')}; nor has any other line."))


def _no_fields(missing: tuple[str, ...], fields: Mapping[str, object], template: Template) -> str:
    keys = list(fields)
    has = ", ".join(shown(key)[1:-1] for key in keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "")
    names = " and no ".join(shown(name) for name in missing[:_SHOWN_KEYS])
    lacks = f"has no key {names}"
    if template.own:
        return f"{lacks}, which {prompt_template.FILE} asks for (it has {has or 'none'})."
    if any(key in fields for key in CHAT_KEYS):
        return f"{lacks} but {has}: dialogs want chat_dataset=True and instruction_tuned=False."
    wanted = ", ".join(template.fields)
    return f"{lacks} (it has {has or 'none'}); without a {prompt_template.FILE} it needs {wanted}."


def _bad_value(value: object, *, filled: bool) -> str:
    """What is doubtful about a value; empty when nothing is. A completion must be `filled`."""
    if isinstance(value, str):
        return "an empty text" if filled and not value.strip() else ""
    return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else shown(value)
