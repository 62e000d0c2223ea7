"""Turn an object of a dataset, or what a person asks, into the text that the model reads and the text that it learns.

Sources: developer guide, jumpstart-foundation-models-fine-tuning-instruction-based (template.json, default fields) and
AWS's Llama notebooks (`add_input_output_demarcation_key`, roles of a dialog). Not checked against AWS: the exact words
of the default prompt and of a dialog.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.language.texts.samples import Part

DEMARCATION = "### Response:\n"
DIALOG_KEYS = ("dialog", "messages", "conversations")
_ROLES = ("user", "assistant")
_MOST_CHARACTERS = 100_000


class Format(ABC):
    """The form of a dataset's texts."""

    @abstractmethod
    def parts(self, fields: Mapping[str, object]) -> list[Part]:
        """Return the parts of one object's text.

        Raises:
            ValueError: the object is not valid; the message says why.
        """

    @abstractmethod
    def prompt(self, item: str) -> str:
        """Return the text that the model continues if a person asks this.

        Raises:
            UserError: the item does not fit.
        """

    @abstractmethod
    def document(self) -> dict[str, str]:
        """Return the form for `training_info.json`."""


@dataclass(frozen=True)
class Instructions(Format):
    """A prompt and its completion, with `{fields}` of the object.

    Attributes:
        prompt_text: the pattern of the prompt.
        completion_text: the pattern of the completion.
    """

    prompt_text: str
    completion_text: str

    def parts(self, fields: Mapping[str, object]) -> list[Part]:
        """See `Format`."""
        prompt, completion = _filled(self.prompt_text, fields), _filled(self.completion_text, fields)
        if not completion.strip():
            raise ValueError("its completion is empty")
        return [Part(prompt, is_learned=False), Part(completion, is_learned=True)]

    def prompt(self, item: str) -> str:
        """See `Format`. The item is the first field, or a JSON object with all fields."""
        names = placeholders(self.prompt_text)
        given: dict[str, object] = dict.fromkeys(names, "")
        try:
            document = json.loads(item)
        except ValueError:
            document = None
        if isinstance(document, dict):
            unknown = [name for name in names if name not in document]
            if unknown:
                raise UserError(f"the prompt of this model needs the field {unknown[0]!r}")
            given |= document
        elif names:
            given[names[0]] = item
        return _filled(self.prompt_text, given)

    def document(self) -> dict[str, str]:
        """See `Format`."""
        return {"kind": "instructions", "prompt": self.prompt_text, "completion": self.completion_text}


@dataclass(frozen=True)
class Dialogs(Format):
    """Turns of a user and an assistant; the model learns what the assistant says."""

    def parts(self, fields: Mapping[str, object]) -> list[Part]:
        """See `Format`."""
        keys = [key for key in DIALOG_KEYS if key in fields]
        if len(keys) != 1:
            raise ValueError(f"it needs one of the keys {', '.join(DIALOG_KEYS)}")
        turns = fields[keys[0]]
        if not isinstance(turns, list) or not turns:
            raise ValueError(f"{keys[0]!r} is not a list of turns")
        parts, roles = [], []
        for turn in turns:
            if not isinstance(turn, dict) or not isinstance(turn.get("content"), str) or "role" not in turn:
                raise ValueError("a turn is not an object with role and content")
            roles.append(turn["role"])
            parts += _turn(str(turn["role"]), turn["content"])
        in_turn = roles[1:] if roles[0] == "system" else roles
        if any(role != _ROLES[place % 2] for place, role in enumerate(in_turn)) or "assistant" not in roles:
            raise ValueError("its roles are not (system,) user, assistant, user, assistant, ...")
        return parts

    def prompt(self, item: str) -> str:
        """See `Format`. The item is what the user says."""
        return "".join(part.text for part in _turn("user", item)) + _opening("assistant")

    def document(self) -> dict[str, str]:
        """See `Format`."""
        return {"kind": "dialogs"}


@dataclass(frozen=True)
class PlainText(Format):
    """Text to be continued (domain adaptation)."""

    def parts(self, fields: Mapping[str, object]) -> list[Part]:
        """See `Format`. The text is in the field `text`."""
        return [Part(str(fields["text"]), is_learned=True)]

    def prompt(self, item: str) -> str:
        """See `Format`."""
        return item

    def document(self) -> dict[str, str]:
        """See `Format`."""
        return {"kind": "text"}


def format_of(document: object) -> Format:
    """Return the form in a model's `training_info.json`.

    Raises:
        UserError: it is none.
    """
    kind = document.get("kind") if isinstance(document, dict) else None
    if isinstance(document, dict) and kind == "instructions":
        return Instructions(str(document.get("prompt", "")), str(document.get("completion", "")))
    if kind == "dialogs":
        return Dialogs()
    if kind == "text":
        return PlainText()
    raise UserError("the model does not say in which form it was trained; it was not made by this trainer")


def placeholders(pattern: str) -> list[str]:
    """Return the names of the fields in a pattern, in their order.

    Raises:
        ValueError: the pattern has a single brace, or a placeholder that is not the name of a field.
    """
    names = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
    if any(not name.isidentifier() for name in names):
        raise ValueError("a placeholder is not the name of a field")
    return list(dict.fromkeys(names))


def _filled(pattern: str, fields: Mapping[str, object]) -> str:
    missing = [name for name in placeholders(pattern) if name not in fields]
    if missing:
        raise ValueError(f"it has no key {missing[0]!r}, which the template uses")
    return pattern.format_map({name: str(value)[:_MOST_CHARACTERS] for name, value in fields.items()})


def _turn(role: str, content: str) -> list[Part]:
    return [Part(_opening(role), is_learned=False), Part(content + "\n", is_learned=role == "assistant")]


def _opening(role: str) -> str:
    return f"{role.capitalize()}: "
