"""What a language model answers: the forms of TGI (`inputs`) and of a chat (`messages`).

Sources: the request bodies in `default_payloads` of the specs; TGI's messages of its input validation. As there,
`inputs` is continued as it is: a model that was trained with a template needs it around the text. A chat gets the form
that the model was trained with. Not checked against AWS: that LMI answers a chat in this form, too.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.trainers.language.generation import Continuation, Decoding
from jsft_tui.sandbox.trainers.predict.texts import LanguagePredictor
from jsft_tui.sandbox.trainers.serve.request import JSON, Inference, Refused

MOST_TOKENS = 512
"""The largest max_new_tokens that is served: more would keep this machine busy for minutes."""
DEFAULT_TOKENS = 100
"""TGI's default of max_new_tokens."""
_MOST_STOPS = 4


def generated(model: LanguagePredictor, request: Inference) -> Any:
    """Return what the model writes.

    Raises:
        Refused: the request is not valid.
    """
    request.require(JSON)
    document = request.document()
    if not isinstance(document, dict):
        raise Refused("the body must be a JSON object with inputs or messages", 422)
    if "messages" in document:
        return _chat(model, document)
    text, parameters = document.get("inputs"), document.get("parameters")
    parameters = {} if parameters is None else parameters
    if not isinstance(text, str) or not text:
        raise Refused('the body needs "inputs": a text that is not empty', 422)
    if not isinstance(parameters, dict):
        raise Refused('"parameters" must be an object', 422)
    written = model.written(text, _decoding(parameters, "max_new_tokens"))
    whole = f"{text}{written.text}" if parameters.get("return_full_text") else written.text
    answer: dict[str, Any] = {"generated_text": whole}
    if parameters.get("details"):
        answer["details"] = {
            "finish_reason": written.ending,
            "generated_tokens": written.tokens,
            "seed": parameters.get("seed"),
            "prefill": [],
            "tokens": [],
        }
    return [answer]


def _chat(model: LanguagePredictor, document: Mapping[str, Any]) -> dict[str, Any]:
    turns = document["messages"]
    if not isinstance(turns, list) or not turns or not all(_is_turn(turn) for turn in turns):
        raise Refused('"messages" must be a list of objects with role and content', 422)
    asked = [turn["content"] for turn in turns if turn["role"] == "user"]
    if not asked:
        raise Refused('"messages" has nothing that a user says', 422)
    # The sandbox's models are too small to follow a dialog: they answer its last question.
    written = model.written(model.prompt(asked[-1]), _decoding(document, "max_tokens"))
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex[:12]}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": str(document.get("model") or "lmi"),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": written.text},
                "finish_reason": "length" if written.ending == "length" else "stop",
            }
        ],
        "usage": _usage(written),
    }


def _usage(written: Continuation) -> dict[str, int]:
    return {
        "prompt_tokens": written.prompt_tokens,
        "completion_tokens": written.tokens,
        "total_tokens": written.prompt_tokens + written.tokens,
    }


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, dict) and isinstance(turn.get("role"), str) and isinstance(turn.get("content"), str)


def _decoding(parameters: Mapping[str, Any], tokens: str) -> Decoding:
    stops = parameters.get("stop") or []
    stops = [stops] if isinstance(stops, str) else stops
    if not isinstance(stops, list) or len(stops) > _MOST_STOPS or not all(isinstance(each, str) for each in stops):
        raise _invalid(f"`stop` must be a list of at most {_MOST_STOPS} texts")
    temperature = _number(parameters, "temperature", 0.0, 0.0, 100.0)
    # TGI draws if a parameter of drawing is given, or do_sample; a temperature of 0 takes the most probable token.
    is_drawn = parameters.get("do_sample") or any(parameters.get(name) for name in ("top_p", "top_k", "temperature"))
    return Decoding(
        max_new_tokens=_whole(parameters, tokens, DEFAULT_TOKENS, 1, MOST_TOKENS),
        temperature=(temperature or 1.0) if is_drawn and parameters.get("temperature") != 0 else 0.0,
        top_k=_whole(parameters, "top_k", 0, 0, 1_000_000),
        top_p=_number(parameters, "top_p", 1.0, 0.0, 1.0),
        repetition_penalty=_number(parameters, "repetition_penalty", Decoding.repetition_penalty, 0.1, 10.0),
        stop=tuple(each for each in stops if each),
        seed=_whole(parameters, "seed", 0, 0, 2**63),
    )


def _whole(parameters: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = parameters.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _invalid(f"`{name}` must be a whole number from {low} to {high}. Given: {value!r}")
    return value


def _number(parameters: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    value = parameters.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _invalid(f"`{name}` must be a number from {low:g} to {high:g}. Given: {value!r}")
    return float(value)


def _invalid(reason: str) -> Refused:
    return Refused(f"Input validation error: {reason}", 422)
