"""The needs of JSON lines: the files, the template, the keys of each line."""

from __future__ import annotations

from jsft_tui.core.datasets.base.contents import Contents, Here
from jsft_tui.core.datasets.base.needs import Glance, Need, ending_need
from jsft_tui.core.datasets.generative.jsonl_files import ENDING, Lines
from jsft_tui.core.datasets.generative.prompt_template import FILE, Template

LINES = ending_need(f"*{ENDING}", ENDING)
KEYS, TURNS = "keys", "turns"
"""Names of needs that objects must be read for."""
INSTRUCTION_NEEDS = {"": LINES.name, **dict.fromkeys(("missing", "partly", "other template", "value"), KEYS)}
DIALOG_NEEDS = {
    "": TURNS,
    **dict.fromkeys(("key", "other key"), KEYS),
    **dict.fromkeys(("json", "file", "empty file", "long", "leftover", "held back"), LINES.name),
}
"""Kind of a finding -> its need."""


def instruction_needs(default: Template) -> tuple[Need, ...]:
    """Return the needs of instructions; `default` is the template of datasets without their own."""

    def look(glance: Glance) -> Here:
        return Here("there" if any(item.name == FILE for item in glance.top) else "none")

    fields = default.fields
    return LINES, Need(FILE, FILE, look), Need(KEYS, f"{fields[0]}, {fields[-1]}")


def dialog_needs() -> tuple[Need, ...]:
    """Return the needs of dialogs."""
    return LINES, Need(KEYS, "dialog or messages"), Need(TURNS, "user, then assistant")


def saw_lines(contents: Contents, lines: Lines) -> None:
    """Record the lines and their keys."""
    contents.saw(LINES.name, f"{lines.number:,} line{'' if lines.number == 1 else 's'}")
    if lines.number:
        contents.saw(KEYS, ", ".join(lines.keys) or "none")
        contents.count("lines", lines.number, complete=lines.complete)
        if lines.lengths.total:  # none is told of texts that are parts of messages
            contents.facts.append(("Lengths", str(lines.lengths)))
