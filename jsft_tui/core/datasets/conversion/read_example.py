"""Read a record of any known form as an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from jsft_tui.core.datasets.conversion.example import ASSISTANT, SYSTEM, USER, CannotConvertError, Example, Message
from jsft_tui.core.datasets.customization.record_form import RecordForm, form_of

_ROLES = {
    "system": SYSTEM,
    "user": USER,
    "human": USER,
    "prompter": USER,
    "assistant": ASSISTANT,
    "gpt": ASSISTANT,
    "chatgpt": ASSISTANT,
    "bing": ASSISTANT,
    "bard": ASSISTANT,
    "model": ASSISTANT,
}
"""Names of speakers in the wild -> roles; others, such as tools, are no part of any target."""

Fields = Mapping[str, object]


def read_example(fields: Fields) -> Example:
    """Return the example that a record is.

    Raises:
        CannotConvertError: its form is unknown, or something in it is missing or of the wrong type.
    """
    reader = _READERS.get(form_of(fields))
    if reader is None:
        raise CannotConvertError("keys of no known form (name the columns with --map)")
    return reader(fields)


def _dialog(key: str) -> Callable[[Fields], Example]:
    return lambda fields: _of_messages(_messages(fields[key], key))


def _of_messages(messages: Sequence[Message]) -> Example:
    """Split a dialog: its last message, if it is the assistant's, is the answer."""
    if messages and messages[-1].role == ASSISTANT:
        return Example(_prompt(messages[:-1]), messages[-1].content)
    return Example(_prompt(messages))


def _prompt(messages: Sequence[Message]) -> tuple[Message, ...]:
    if not any(message.role == USER for message in messages):
        raise CannotConvertError("no message of the user")
    if messages[-1].role != USER:
        raise CannotConvertError("the user is not the last before the answer")
    return tuple(messages)


def _messages(value: object, key: str) -> list[Message]:
    if not isinstance(value, list) or not value:
        raise CannotConvertError(f"{key} is no list of messages")
    return [_message(each, key) for each in value]


def _message(value: object, key: str) -> Message:
    if not isinstance(value, Mapping):
        raise CannotConvertError(f"{key} is no list of messages")
    speaker, content = value.get("role", value.get("from")), value.get("content", value.get("value"))
    role = _ROLES.get(str(speaker).lower())
    if role is None:
        raise CannotConvertError("a speaker that is neither system, user nor assistant")
    if not isinstance(content, str):
        raise CannotConvertError("a message that is no text")
    return Message(role, content)


def _pair(prompt: str, answer: str) -> Callable[[Fields], Example]:
    def read(fields: Fields) -> Example:
        context = _optional(fields, "context") or _optional(fields, "input")
        return Example(_asked(fields, prompt), _text(fields, answer), context=context)

    return read


def _asked(fields: Fields, key: str) -> tuple[Message, ...]:
    """Return the prompt of a key, a text or messages, after the record's own system text."""
    if isinstance(fields.get(key), list):
        return _prompt(_messages(fields[key], key))
    system = _optional(fields, "system")
    first = (Message(SYSTEM, system),) if system else ()
    return (*first, Message(USER, _text(fields, key)))


def _preference(fields: Fields) -> Example:
    chosen, rejected = (_said(fields[name], name) for name in ("chosen", "rejected"))
    if "prompt" in fields:
        return Example(_asked(fields, "prompt"), chosen, rejected)
    if not isinstance(fields["chosen"], list):
        raise CannotConvertError("no prompt")
    return Example(_prompt(_messages(fields["chosen"], "chosen")[:-1]), chosen, rejected)


def _said(value: object, key: str) -> str:
    """Return an answer: a text, or the last of some messages."""
    if isinstance(value, str):
        return value
    last = _messages(value, key)[-1]
    if last.role != ASSISTANT:
        raise CannotConvertError(f"{key} does not end with the assistant")
    return last.content


def _reward(fields: Fields) -> Example:
    model = fields["reward_model"]
    truth = model.get("ground_truth") if isinstance(model, Mapping) else None
    answer = truth if isinstance(truth, str) else None
    return Example(
        _asked(fields, "prompt"),
        answer,
        data_source=_optional(fields, "data_source"),
        ability=_optional(fields, "ability"),
    )


def _text(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise CannotConvertError(f"{key} is no text")
    if not value.strip():
        raise CannotConvertError(f"{key} is empty")
    return value


def _optional(fields: Fields, key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) and value.strip() else ""


_READERS: Mapping[RecordForm, Callable[[Fields], Example]] = {
    RecordForm.MESSAGES: _dialog("messages"),
    RecordForm.DIALOG: _dialog("dialog"),
    RecordForm.SHAREGPT: _dialog("conversations"),
    RecordForm.PROMPT_COMPLETION: _pair("prompt", "completion"),
    RecordForm.ALPACA: _pair("instruction", "output"),
    RecordForm.INSTRUCTION: _pair("instruction", "response"),
    RecordForm.QUESTION: _pair("question", "answer"),
    RecordForm.PREFERENCE: _preference,
    RecordForm.REWARD: _reward,
}
