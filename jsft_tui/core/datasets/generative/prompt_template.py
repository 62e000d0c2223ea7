"""Read template.json, which builds a prompt and its completion from the fields of a line.

Sources: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based (two keys, default template);
AWS's notebook "Instruction fine-tuning FLAN-T5" (its default template).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter

from jsft_tui.core.datasets.base.json_mark import mark_findings
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, LintFinding, block, warn
from jsft_tui.core.datasets.parsers.json_text import UnreadableJsonError, decoded, shown, value_of

FILE = "template.json"
KEYS = ("prompt", "completion")
MOST_BYTES = 64 * 1024
MOST_FIELDS = 100


@dataclass(frozen=True)
class Template:
    """The fields that a line must have.

    Attributes:
        prompt, completion: the fields used in each.
        doubts: findings about the file that it was read from.
        own: whether it comes from the dataset; otherwise it is the model's default.
    """

    prompt: tuple[str, ...]
    completion: tuple[str, ...]
    own: bool = False
    doubts: tuple[LintFinding, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return all fields, each once."""
        return tuple(dict.fromkeys((*self.prompt, *self.completion)))


INSTRUCTION = Template(("instruction", "context"), ("response",))
"""The default of language models."""
PROMPT_COMPLETION = Template(("prompt",), ("completion",))
"""The default of FLAN-T5."""


class BadTemplateError(Exception):
    """The template cannot be used."""


def read_template(data: BudgetedDataset, item: DataObject) -> Template | LintFinding:
    """Read a dataset's template, or return a finding; None if it was not read."""
    if item.size > MOST_BYTES:
        return block(FILE, f"has {item.size:,} bytes; a template has two short strings.")
    body = data.read(FILE, 0, item.size)
    if len(body) < item.size:
        return warn(FILE, "was not checked: the read limit is too low.")
    try:
        return replace(_template(value_of(decoded(body))), doubts=tuple(mark_findings(FILE, body)))
    except UnreadableJsonError as error:
        return block(f"{FILE} line {error.line}", f"{error.reason}.")
    except BadTemplateError as error:
        return block(FILE, f"{error}.")


def doubts(template: Template) -> Iterator[LintFinding]:
    """Yield findings about templates that are valid but unlikely to be intended."""
    yield from template.doubts
    for key, fields in zip(KEYS, (template.prompt, template.completion), strict=True):
        if not fields:
            yield warn(FILE, f"has no {{field}} in its {key}: it is the same for every line.")


def _template(value: object) -> Template:
    if not isinstance(value, dict):
        raise BadTemplateError(f"is {shown(value)}; it must be an object with the keys prompt and completion")
    missing = [key for key in KEYS if key not in value]
    if missing:
        raise BadTemplateError(f"has no key {missing[0]!r}; it needs prompt and completion")
    if len(value) > len(KEYS):
        other = next(key for key in value if key not in KEYS)
        raise BadTemplateError(f"has the key {shown(other)}; it must have prompt and completion only")
    template = Template(_placeholders(value, "prompt"), _placeholders(value, "completion"), own=True)
    if len(template.fields) > MOST_FIELDS:
        raise BadTemplateError(f"names {len(template.fields):,} fields; is that a template?")
    return template


def _placeholders(value: Mapping[str, object], key: str) -> tuple[str, ...]:
    text = value[key]
    if not isinstance(text, str):
        raise BadTemplateError(f"has {shown(text)} as {key}; it must be a string with {{fields}}")
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        why = f"has a {key} with a single brace ({error}); write {{{{ and }}}} for literal braces"
        raise BadTemplateError(why) from None
    for name in names:
        if not name or name.isdigit():
            raise BadTemplateError(f"has {{{name[:30]}}} in its {key}; a placeholder needs the name of a field")
        if "." in name or "[" in name:
            raise BadTemplateError(
                f"has {{{shown(name)[1:-1]}}} in its {key}; a placeholder is the name of a field only"
            )
    return tuple(dict.fromkeys(names))
