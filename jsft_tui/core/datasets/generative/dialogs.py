"""Check chat data: *.jsonl files, a dialog per line, user and assistant alternating.

Source: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based (chat), and AWS's
Gemma and Llama notebooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.batch_size import batch_findings
from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.needs import about
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, block, passed, warn
from jsft_tui.core.datasets.generative.jsonl_files import ENDING, finish, jsonl_files, no_jsonl, read_lines
from jsft_tui.core.datasets.generative.line_needs import DIALOG_NEEDS, LINES, TURNS, saw_lines
from jsft_tui.core.datasets.parsers.json_text import shown
from jsft_tui.core.datasets.text.data_csv import beside

KEYS = ("dialog", "messages", "conversations")
FEW_LINES = 10
_IN_TURN = ("user", "assistant")


def lint_dialogs(data: BudgetedDataset, question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings about dialogs."""
    listing = data.listing()
    items = jsonl_files(listing)
    if not items:
        data.contents.saw(LINES.name, f"no {ENDING} file")
        yield from about(LINES.name, [no_jsonl(listing)])
        return
    others = [item for item in listing.objects if item.size and not item.name.endswith(ENDING)]
    if others:
        yield beside(others, f"the *{ENDING} files")
    judge = _Judge()
    lines = read_lines(data, items, judge)
    saw_lines(data.contents, lines)
    if lines.number:
        data.contents.saw(TURNS, plural(judge.turns, "turn"))
    yield from finish(lines, judge, FEW_LINES, DIALOG_NEEDS)
    yield from batch_findings(question, lines.number, "lines") if lines.complete else ()
    if lines.number:
        yield passed("", f"{lines}, {plural(judge.turns, 'turn')}.")


@dataclass
class _Judge:
    """Checks that each line is a dialog."""

    turns: int = 0
    key: str = ""
    found: FindingsByKind = field(default_factory=FindingsByKind)

    def line(self, fields: Mapping[str, object], where: str) -> None:
        """Check for one of the keys, and a list of turns."""
        keys = [key for key in KEYS if key in fields]
        if len(keys) != 1:
            self.found.add("key", block(where, _wrong_keys(keys, fields)))
            return
        self.key = self.key or keys[0]
        if keys[0] != self.key:
            why = f"has the key {keys[0]}, where lines before have {self.key}; use one for all lines."
            self.found.add("other key", warn(where, why))
        turns = fields[keys[0]]
        if not isinstance(turns, list) or not turns:
            what = "an empty list" if turns == [] else shown(turns)
            self.found.add("dialog", block(where, f"has {what} as {keys[0]}; it must be a list of turns."))
            return
        self.turns += len(turns)
        roles = [self._role(turn, f"{where} turn {place}") for place, turn in enumerate(turns, start=1)]
        if all(roles):
            self._in_turn(roles, where)

    def _role(self, turn: object, where: str) -> str:
        """Return the role of a turn; empty, and a finding, if it has none."""
        if not isinstance(turn, dict):
            self.found.add("turn", block(where, f"is {shown(turn)}; it must be an object with role and content."))
            return ""
        missing = [key for key in ("role", "content") if key not in turn]
        if missing:
            hint = "; rename 'from' and 'value' to role and content" if "from" in turn and "value" in turn else ""
            self.found.add("turn", block(where, f"has no key {missing[0]!r}{hint}."))
            return ""
        role, content = turn["role"], turn["content"]
        if role not in ("system", *_IN_TURN):
            why = f"has the role {shown(role)}; only system, user and assistant are allowed."
            self.found.add("role", block(where, why))
            return ""
        if not isinstance(content, str):
            self.found.add("content", block(where, f"has {shown(content)} as content; it must be a string."))
        elif not content.strip():
            self.found.add("empty", warn(where, "has an empty content."))
        return str(role)

    def _in_turn(self, roles: list[str], where: str) -> None:
        skipped = 1 if roles[0] == "system" else 0
        for place, role in enumerate(roles[skipped:]):
            wanted = _IN_TURN[place % 2]
            if role != wanted:
                number = skipped + place + 1
                first = "starts with" if place == 0 else "has"
                why = f"{first} the {role} at turn {number}, where the {wanted} must be; user and assistant alternate."
                self.found.add("turns", block(where, why))
                return
        if roles[-1] != "assistant":
            why = f"ends with the {roles[-1]}; the model learns what the assistant says."
            self.found.add("last", block(where, why) if "assistant" not in roles else warn(where, why))


def _wrong_keys(keys: list[str], fields: Mapping[str, object]) -> str:
    if keys:
        return f"has both {keys[0]} and {keys[1]}; only one of {', '.join(KEYS)} is allowed."
    has = ", ".join(shown(key)[1:-1] for key in list(fields)[:6]) or "none"
    hint = ""
    if "response" in fields or "completion" in fields:
        hint = "; instructions require instruction_tuned=True and chat_dataset=False"
    return f"has none of the keys {', '.join(KEYS)} (it has {has}){hint}."
