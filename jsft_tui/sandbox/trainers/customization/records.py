"""Read the JSON lines of a customization: conversations (SFT) or preferences (DPO).

Source: developer guide, pages customizing-models-sft and customizing-models-dpo; sagemaker-train 1.27, `ai_registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.common.tables import RowErrors
from jsft_tui.sandbox.trainers.language.texts.data import json_object, text_lines
from jsft_tui.sandbox.trainers.language.texts.samples import Part
from jsft_tui.sandbox.trainers.language.texts.templates import Dialogs

Record = TypeVar("Record")
Parts = list[Part]

_FORM = Dialogs()


@dataclass(frozen=True)
class Preference:
    """Two answers to the same prompt, as texts in parts."""

    chosen: Parts
    rejected: Parts


def read_records(folder: Path, parse: Callable[[Mapping[str, object]], Record]) -> list[Record]:
    """Return the records of a channel's JSON lines.

    Raises:
        UserError: there are none, or a line is not valid.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in (".jsonl", ".json"))
    if not files:
        raise UserError(f"channel {folder.name!r} has no JSON lines (*.jsonl)")
    found: list[Record] = []
    for path in files:
        bad = RowErrors(path.name)
        for line, content in enumerate(text_lines(path), start=1):
            if content.strip():
                try:
                    found.append(parse(json_object(content)))
                except ValueError as error:
                    bad.add(line, str(error))
        bad.check()
    if not found:
        raise UserError(f"channel {folder.name!r} has no records: all lines are empty")
    return found


def conversation(fields: Mapping[str, object]) -> Parts:
    """Return a record of SFT: `messages`, or `prompt` and `completion` with an optional `system`.

    Raises:
        ValueError: it is none.
    """
    if "messages" in fields:
        return _FORM.parts({"messages": fields["messages"]})
    if "prompt" not in fields or "completion" not in fields:
        raise ValueError("it has neither messages nor prompt and completion")
    return _FORM.parts({"messages": [*_asked(fields), _message("assistant", fields["completion"])]})


def preference(fields: Mapping[str, object]) -> Preference:
    """Return a record of DPO: `prompt`, `chosen` and `rejected`, each a text or a list of messages.

    Raises:
        ValueError: it is none.
    """
    missing = [name for name in ("prompt", "chosen", "rejected") if name not in fields]
    if missing:
        raise ValueError(f"it has no {missing[0]}")
    asked = _asked(fields)
    chosen, rejected = (_FORM.parts({"messages": [*asked, _answer(fields[name])]}) for name in ("chosen", "rejected"))
    if chosen == rejected:
        raise ValueError("chosen and rejected are the same")
    return Preference(chosen, rejected)


def question_of(parts: Sequence[Part]) -> str:
    """Return a text up to the last answer in it."""
    last = max(place for place, part in enumerate(parts) if part.is_learned)
    return "".join(part.text for part in parts[:last])


def _asked(fields: Mapping[str, object]) -> list[dict[str, object]]:
    prompt = fields["prompt"]
    if isinstance(prompt, list):
        return list(prompt)
    system = [_message("system", fields["system"])] if fields.get("system") else []
    return [*system, _message("user", prompt)]


def _answer(value: object) -> dict[str, object]:
    """Return the answer of a preference; of a list of messages the last one."""
    if not isinstance(value, list):
        return _message("assistant", value)
    last = value[-1] if value else None
    if not isinstance(last, dict) or last.get("role") != "assistant":
        raise ValueError("an answer does not end with a message of the assistant")
    return last


def _message(role: str, content: object) -> dict[str, object]:
    return {"role": role, "content": content}
