"""Make the answer of an endpoint readable."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.text import clean_block
from jsft_tui.core.jobs.members import number

SHOWN = 5
"""Labels of a classification that are shown."""


@dataclass(frozen=True)
class Line:
    """One thing that an answer says.

    Attributes:
        label: a class, the kind of an entity, the name of a number; empty for a text.
        text: the value as a person reads it.
        probability: of the label, from 0 to 1; None where the answer gives none.
    """

    label: str
    text: str
    probability: float | None = None


@dataclass(frozen=True)
class Answer:
    """An answer.

    Attributes:
        lines: what it says, the most probable first.
        raw: the whole answer as text.
        is_understood: whether the lines say what the answer says; otherwise there is only the raw text.
    """

    lines: tuple[Line, ...]
    raw: str
    is_understood: bool = True


def read_answer(body: bytes) -> Answer:
    """Read the body of an answer; what has no known form is its text."""
    raw = clean_block(body.decode("utf-8", "replace"))
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _not_understood(raw)
    lines = tuple(Line(clean_block(each.label), clean_block(each.text), each.probability) for each in _lines(data))
    return Answer(lines, raw) if lines else _not_understood(raw)


def _not_understood(raw: str) -> Answer:
    return Answer((Line("", raw.strip()),), raw, is_understood=False)


def _lines(data: Any) -> Iterator[Line]:
    if isinstance(data, list):
        for each in data[:SHOWN] if data and all(isinstance(each, dict) for each in data) else ():
            yield from _lines(each)
    elif isinstance(data, Mapping):
        for read in (_text, _chat, _boxes, _classes, _entities, _numbers):
            found = list(read(data))
            if found:
                yield from found
                return


def _text(data: Mapping[str, Any]) -> Iterator[Line]:
    for name in ("generated_text", "generated_texts", "answer", "summary_text", "translation_text"):
        value = data.get(name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield Line("", each)


def _chat(data: Mapping[str, Any]) -> Iterator[Line]:
    for choice in _objects(data.get("choices")):
        message = choice.get("message")
        text = message.get("content") if isinstance(message, Mapping) else choice.get("text")
        if isinstance(text, str):
            yield Line("", text)


def _boxes(data: Mapping[str, Any]) -> Iterator[Line]:
    boxes, scores, classes = data.get("normalized_boxes"), data.get("scores"), data.get("classes")
    labels = data.get("labels")
    if not (isinstance(boxes, list) and isinstance(scores, list) and isinstance(classes, list)):
        return
    for box, score, place in list(zip(boxes, scores, classes, strict=False))[:SHOWN]:
        yield Line(_label(labels, place), f"{_number(score)} at {_vector(box)}", _share(score))


def _classes(data: Mapping[str, Any]) -> Iterator[Line]:
    probabilities, labels = data.get("probabilities"), data.get("labels")
    if not isinstance(probabilities, list):
        return
    rows = probabilities if probabilities and isinstance(probabilities[0], list) else [probabilities]
    for row in rows[:SHOWN]:
        ranked = sorted(enumerate(row), key=lambda each: -(number(each[1]) or 0.0))
        for place, probability in ranked[: SHOWN if len(rows) == 1 else 1]:
            yield Line(_label(labels, place), _number(probability), _share(probability))


def _entities(data: Mapping[str, Any]) -> Iterator[Line]:
    for each in list(_objects(data.get("predictions")))[:SHOWN]:
        if "word" in each:
            kind = each.get("entity") or each.get("entity_group") or ""
            yield Line(str(kind), str(each["word"]), _share(each.get("score")))


def _numbers(data: Mapping[str, Any]) -> Iterator[Line]:
    for name in ("prediction", "predictions", "predicted_label", "score", "embedding"):
        if name in data:
            value = data[name]
            yield Line(name, _vector(value) if isinstance(value, list) else _number(value))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in (value if isinstance(value, list) else ()) if isinstance(each, Mapping))


def _label(labels: Any, place: Any) -> str:
    is_place = isinstance(place, int) or (isinstance(place, float) and place.is_integer())
    if isinstance(labels, list) and is_place and 0 <= place < len(labels):
        return str(labels[int(place)])
    return str(int(place)) if is_place else str(place)


def _share(value: Any) -> float | None:
    """Return a probability; None for what is none."""
    found = number(value)
    return found if found is not None and 0.0 <= found <= 1.0 else None


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _vector(value: Any) -> str:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return _number(value)
    more = f", … ({len(value)} in all)" if len(value) > SHOWN else ""
    return ", ".join(map(_number, value[:SHOWN])) + more
