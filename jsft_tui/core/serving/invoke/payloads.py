"""What is sent to an endpoint: the content type and the body that the model's task needs.

Sources: `predictor_specs` and `default_payloads` of the specs, and for specs without them the notebooks of the tasks
(jumpstart-2026 §4.2).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.catalog.spec.hosting import Payload
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage

MAX_BODY = 6_291_456
"""Bytes of a request (InvokeEndpoint, Body)."""

IMAGE, TEXT, TEXTS, CSV, JSON = (
    "application/x-image",
    "application/x-text",
    "application/list-text",
    "text/csv",
    "application/json",
)
VERBOSE = "application/json;verbose"
"""An answer with labels and probabilities instead of bare numbers."""

_NEW_TOKENS = 256


@dataclass(frozen=True)
class Invocation:
    """A request to an endpoint (InvokeEndpoint)."""

    content_type: str
    accept: str
    body: bytes


def content_type(spec: ModelSpec) -> str:
    """Return the content type that a model's endpoint takes."""
    return spec.hosting.formats.content_type or spec.task.info.content_type


def accept_type(spec: ModelSpec) -> str:
    """Return the form in which the answer can be read best."""
    formats = spec.hosting.formats
    return VERBOSE if VERBOSE in formats.accepts else formats.accept or JSON


def examples(spec: ModelSpec) -> tuple[Payload, ...]:
    """Return the examples of a spec whose bodies are in the spec itself (others are objects of the content bucket)."""
    return tuple(each for each in spec.hosting.payloads if not str(each.body).startswith("$s3"))


def example_invocation(spec: ModelSpec, payload: Payload) -> Invocation:
    """Return the request of an example."""
    body = payload.body if isinstance(payload.body, str) else json.dumps(payload.body, ensure_ascii=False)
    return _checked(payload.content_type or content_type(spec), payload.accept or accept_type(spec), body.encode())


def image_invocation(spec: ModelSpec, image: bytes) -> Invocation:
    """Return the request for a JPEG or PNG file.

    Raises:
        Problem: the model takes no pictures, or the file is too large.
    """
    if content_type(spec) != IMAGE:
        raise usage("NotAnImageModel", f"{spec.model_id} takes {content_type(spec)}, no picture.", "Give it a text.")
    return _checked(IMAGE, accept_type(spec), image)


def text_invocation(spec: ModelSpec, text: str, parameters: Mapping[str, Any] | None = None) -> Invocation:
    """Return the request for a text: a sentence, a prompt, a row of comma-separated values.

    Two texts (sentence pairs, a question and its context) have a `|` between them.

    Args:
        spec: of the model.
        text: the text.
        parameters: of the generation, over those of the spec's example.

    Raises:
        Problem: the model takes pictures, or no parameters, or the text is too long.
    """
    kind = content_type(spec)
    if kind == IMAGE:
        raise usage("NotATextModel", f"{spec.model_id} takes a picture.", "Give the path of a JPEG or PNG file.")
    if parameters and kind != JSON:
        message = f"{spec.model_id} takes {kind}, which has no parameters."
        raise usage("NoParameters", message, "Leave out --parameter.")
    if kind == JSON:
        body = json.dumps(_prompt(spec, text, parameters or {}), ensure_ascii=False)
    elif kind == TEXTS:
        body = json.dumps([part.strip() for part in text.split("|", 1)], ensure_ascii=False)
    else:
        body = text
    return _checked(kind, accept_type(spec), body.encode())


def any_invocation(content_type: str, accept: str, body: bytes) -> Invocation:
    """Return a request whose form a person chose, for endpoints of any model.

    Raises:
        Problem: the body is too large.
    """
    return _checked(content_type, accept, body)


def parameter(text: str) -> tuple[str, Any]:
    """Parse `NAME=VALUE` of a generation's parameters; a value that is JSON is that (`0.5`, `true`, `["\\n"]`).

    Raises:
        Problem: there is no `=` (code `BadUsage`).
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage("BadUsage", f"--parameter takes NAME=VALUE, not {text!r}.", "For example: --parameter top_p=0.9")
    try:
        return name.strip(), json.loads(value)
    except (ValueError, RecursionError):
        return name.strip(), value


def _prompt(spec: ModelSpec, text: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body for a prompt: the spec's example with another prompt, or what TGI and LMI take."""
    example = next((each.body for each in examples(spec) if isinstance(each.body, dict)), None)
    if isinstance(example, dict) and "messages" in example:
        return {**example, "messages": [{"role": "user", "content": text}], **parameters}
    body = copy.deepcopy(example) if isinstance(example, dict) else {"parameters": {"max_new_tokens": _NEW_TOKENS}}
    return {**body, "inputs": text, "parameters": {**(body.get("parameters") or {}), **parameters}}


def _checked(kind: str, accept: str, body: bytes) -> Invocation:
    if len(body) > MAX_BODY:
        remedy = "Make it smaller, or use a batch transform job."
        raise usage("TooLarge", f"an endpoint takes {MAX_BODY:,} bytes at most; these are {len(body):,}.", remedy)
    return Invocation(kind, accept, body)
