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

_UNSAYABLE = ("tools", "functions", "images", "videos", "audios")
"""What a record may hold beside its texts, and what would be lost without a word."""

Fields = Mapping[str, object]


def read_example(fields: Fields) -> Example:
    """Return the example that a record is.

    Raises:
        CannotConvertError: its form is unknown, or something in it is missing or of the wrong type.
    """
    if form_of(fields) is RecordForm.OTHER:  # a table of people: `Prompt`, `Completion `
        fields = {key.strip().lower(): value for key, value in fields.items()}
    reader = _READERS.get(form_of(fields))
    for key in _UNSAYABLE:
        if fields.get(key):
            raise CannotConvertError(f"{key}, which no form here has")
    if reader is None:
        raise CannotConvertError("keys of no known form (name the columns with --map)")
    return reader(fields)


def _dialog(key: str) -> Callable[[Fields], Example]:
    def read(fields: Fields) -> Example:
        messages = _messages(fields[key], key)
        if (system := _system(fields)) and not any(message.role == SYSTEM for message in messages):
            messages.insert(0, Message(SYSTEM, system))
        return _of_messages(messages)

    return read


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
    if value.get("weight") == 0:
        raise CannotConvertError("a message with weight 0, which no form here has")
    text = _joined(content)
    if text is None or value.get("tool_calls"):
        raise CannotConvertError("a message that is no text")
    return Message(role, text)


def _joined(content: object) -> str | None:
    """Return a content's text, also of parts that are all text (OpenAI, Bedrock's Converse); None of anything else."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list) or not content:
        return None
    texts = [part.get("text") if isinstance(part, Mapping) else None for part in content]
    return "".join(text for text in texts if isinstance(text, str)) if all(isinstance(t, str) for t in texts) else None


def _system(fields: Fields) -> str:
    """Return the text for the system that a record has beside its messages."""
    found = (_joined(fields.get(key)) for key in ("system", "system_prompt"))
    return next((text for text in found if text and text.strip()), "")


def _pair(prompt: str, answer: str) -> Callable[[Fields], Example]:
    def read(fields: Fields) -> Example:
        context = _optional(fields, "context") or _optional(fields, "input")
        return Example(_asked(fields, prompt), _text(fields, answer), context=context)

    return read


def _input_output(fields: Fields) -> Example:
    return Example(_asked(fields, "input"), _text(fields, "output"), context=_optional(fields, "context"))


def _asked(fields: Fields, key: str) -> tuple[Message, ...]:
    """Return the prompt of a key, a text or messages, after the record's own system text."""
    if isinstance(fields.get(key), list):
        return _prompt(_messages(fields[key], key))
    system = _system(fields)
    first = (Message(SYSTEM, system),) if system else ()
    return (*first, *_history(fields), Message(USER, _text(fields, key)))


def _history(fields: Fields) -> tuple[Message, ...]:
    """Return the earlier turns of a record, as pairs of texts."""
    history = fields.get("history")
    if not history:
        return ()
    turns: list[Message] = []
    for pair in history if isinstance(history, list) else (history,):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            raise CannotConvertError("a history that is no list of pairs")
        turns += [Message(USER, pair[0]), Message(ASSISTANT, pair[1])]
    return tuple(turns)


def _preference(fields: Fields) -> Example:
    chosen, rejected = (_said(fields[name], name) for name in ("chosen", "rejected"))
    if "prompt" in fields:
        return Example(_asked(fields, "prompt"), chosen, rejected)
    if not isinstance(fields["chosen"], list):
        raise CannotConvertError("no prompt (name its column with --map)")
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
    RecordForm.PROMPT_RESPONSE: _pair("prompt", "response"),
    RecordForm.INPUT_OUTPUT: _input_output,
    RecordForm.PREFERENCE: _preference,
    RecordForm.REWARD: _reward,
}
