"""Judge lists of chat messages and other members of customization records.

Sources: developer guide, customizing-models-sft, -dpo and -rft; `sagemaker.ai_registry` (sagemaker-train 1.27: the
schemas, and `dataset_format_detector.py`). What both refuse is a block; what only the guide does not name, a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.parsers.json_text import shown

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True)
class Flaw:
    """Something that is wrong with a member of a record, as a sentence goes on after its name."""

    message: str
    level: Level = Level.BLOCK

    def of(self, name: str) -> Flaw:
        """Return the flaw with the name of the member before it."""
        return Flaw(f"{name} {self.message}", self.level)


def messages_flaw(value: object, *, ends_with: str = "") -> Flaw | None:
    """Return what is wrong with a list of messages: the first block, else the first warning; None for a valid one.

    Args:
        value: a value of a record.
        ends_with: the role that the last message should have, and one of them must; empty for any.
    """
    if not isinstance(value, list) or not value:
        what = "an empty list" if value == [] else shown(value)
        hint = ": write the list itself, not its text" if isinstance(value, str) and value.lstrip()[:1] == "[" else ""
        return Flaw(f"is {what}; it must be a list of messages{hint}")
    found = [flaw for number, message in enumerate(value, start=1) if (flaw := _message_flaw(message, number))]
    if not any(flaw.level is Level.BLOCK for flaw in found) and ends_with:
        found += _ending(value, ends_with)
    return next((flaw for flaw in found if flaw.level is Level.BLOCK), found[0] if found else None)


def _message_flaw(message: object, number: int) -> Flaw | None:
    if not isinstance(message, dict):
        return Flaw(f"has {shown(message)} as message {number}; it must be an object with role and content")
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str) or not role:
        return Flaw(f"has the role {shown(role)} in message {number}; it must be one of {', '.join(ROLES)}")
    if not isinstance(content, str) and not _is_parts(content):
        return Flaw(f"has {shown(content)} as content of message {number}; it must be a string")
    if role not in ROLES:
        return Flaw(f"has the role {shown(role)} in message {number}; documented are {', '.join(ROLES)}", Level.WARN)
    if not isinstance(content, str):
        why = "has its text in parts (the form of Bedrock's Converse); documented for this model is a string"
        return Flaw(f"{why}, in message {number}", Level.WARN)
    if not content.strip():
        return Flaw(f"has an empty content in message {number}", Level.WARN)
    if role == "system" and number > 1:
        return Flaw(f"has the system at message {number}; many chat templates take it only as the first", Level.WARN)
    return None


def _is_parts(content: object) -> bool:
    return isinstance(content, list) and bool(content) and all(_is_part(part) for part in content)


def _is_part(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _ending(messages: list[Mapping[str, object]], role: str) -> list[Flaw]:
    roles = [message["role"] for message in messages]
    if role not in roles:
        other = next((each for each in roles if each not in ROLES), None)
        hint = f"; the role {shown(other)} is none: rename it" if other is not None else ""
        return [Flaw(f"has no message of the {role}{hint}")]
    last = roles[-1]
    return [] if last == role else [Flaw(f"ends with the {shown(last)[1:-1]}, not with the {role}", Level.WARN)]


def text_flaw(value: object) -> Flaw | None:
    """Return what is wrong with a text; None for one that is not blank."""
    if isinstance(value, list) and value:
        return messages_flaw(value) or Flaw("is a list of messages; documented is a string", Level.WARN)
    if not isinstance(value, str):
        return Flaw(f"is {shown(value)}; it must be a string")
    return None if value.strip() else Flaw("is empty", Level.WARN)
