"""Ask the model behind an endpoint, or in the sandbox that of a job: what it takes, and what it answers."""

from __future__ import annotations

import json
import shlex
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.invoke.answers import Line
from jsft_tui.core.serving.invoke.input_kind import InputKind
from jsft_tui.core.serving.invoke.payloads import MAX_BODY, content_type, parameter
from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.core.storage.preview import MAX_IMAGE_BYTES, is_image
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.given_files import open_given
from jsft_tui.services.serving.trying import SCHEME, Given, TryTarget, not_in_service
from jsft_tui.services.session.prediction import cannot_try, try_model
from jsft_tui.services.session.services import Services
from jsft_tui.services.storage.local_files import is_file
from jsft_tui.services.storage.thumbnails import small_picture


@dataclass(frozen=True)
class Attempt:
    """What a model was asked and what it answered.

    Attributes:
        item: what it was given.
        lines: what the answer says, the most probable first.
        raw: the whole answer as text.
        seconds: from the request to the end of its answer.
        parameters: of a generation.
    """

    item: str
    lines: tuple[Line, ...]
    raw: str
    seconds: float
    parameters: str = ""


@dataclass(frozen=True)
class AskedModel:
    """A model that can be asked.

    Attributes:
        name: of the endpoint or the job.
        content_type: that it takes; empty where it is not known.
        example: what it can be given at first; empty without one.
        ask: sends something and returns the answer; called in a thread.
    """

    name: str
    content_type: str
    ask: Callable[[str, str], Attempt]
    example: str = ""

    @property
    def kind(self) -> InputKind:
        """Return what it takes."""
        return InputKind.of(self.content_type)


def model_of_endpoint(services: Services, endpoint: Endpoint) -> AskedModel:
    """Return the model behind an endpoint.

    Raises:
        Problem: it answers nothing now, or its model is not known.
    """
    if (refused := not_in_service(endpoint)) is not None:
        raise refused
    target = services.trying.target_of(endpoint)
    if target.spec is None and target.unknown is not None:
        raise target.unknown

    def ask(item: str, parameters: str) -> Attempt:
        trying = services.trying
        tried = trying.invoke(target, trying.payload_for(target, Given(item, parsed_parameters(parameters))))
        return Attempt(item, tried.answer.lines, tried.answer.raw, tried.seconds, parameters)

    return AskedModel(endpoint.name, target.content_type, ask, _example(target))


def _example(target: TryTarget) -> str:
    """Return the text of the spec's first example, where it is one line."""
    for payload in target.examples:
        body = payload.body
        text = body.get("inputs") if isinstance(body, dict) else body
        if isinstance(text, str) and text.strip() and "\n" not in text and not text.startswith("$s3"):
            return text.strip()
    return ""


def parsed_parameters(text: str) -> dict[str, Any]:
    """Parse `top_p=0.9 stop="a b"` to the parameters of a generation.

    Raises:
        Problem: a word has no `=`, or a quote does not end.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise usage("BadParameters", f"the parameters cannot be read: {error}.", 'For example: stop="a b"') from error
    return dict(map(parameter, words))


def model_of_job(services: Services, name: str) -> AskedModel:
    """Return the model of a job of the sandbox, which needs no endpoint.

    Raises:
        Problem: not a sandbox (code `NotSandbox`), or there is no such job.
    """
    if (refused := cannot_try(services.target)) is not None:
        raise refused
    job = services.jobs.get(name)
    try:
        kind = content_type(services.catalog.spec(job.model_id or "", job.model_version or "*"))
    except Problem:
        kind = ""  # a model that the catalog does not have any more answers all the same

    def ask(item: str, parameters: str) -> Attempt:
        del parameters  # of endpoints only
        began = time.perf_counter()
        found = answers_of_job(services, name, item)
        seconds = time.perf_counter() - began
        raw = json.dumps([{"label": label, "probability": share} for label, share in found], indent=2)
        return Attempt(item, said_by_job(found, InputKind.of(kind)), raw, seconds)

    return AskedModel(name, kind, ask)


def said_by_job(found: Sequence[tuple[str, float]], kind: InputKind) -> tuple[Line, ...]:
    """Return what a model says: answers with their probability, or the texts of one that goes on with a prompt."""
    if kind is InputKind.PROMPT:
        return tuple(Line("", text) for text, _ in found)
    return tuple(Line(label, f"{share:.4f}", share) for label, share in found)


def answers_of_job(services: Services, name: str, item: str) -> list[tuple[str, float]]:
    """Predict with a job's model as `try_model` does, also what an s3:// address names.

    Raises:
        Problem: as there, or the object cannot be read.
    """
    if not item.startswith(SCHEME):
        return try_model(services, name, item)
    uri = S3Uri.parse(item)
    with tempfile.TemporaryDirectory(prefix="jsft-try-") as folder:
        copy = Path(folder) / (Path(uri.key).name or "object")
        copy.write_bytes(services.account.s3.read(uri, 0, MAX_BODY))
        return try_model(services, name, str(copy))


def small_copy(services: Services, item: str, room: tuple[int, int]) -> Pixels | None:
    """Return the picture that somebody names, scaled down to (width, height) pixels; None where there is none (yet).

    Raises:
        Problem: it cannot be read or drawn.
    """
    path = Path(item).expanduser()
    if item.startswith(SCHEME) and is_image(item):
        return small_picture(services.account.s3.read(S3Uri.parse(item), 0, MAX_IMAGE_BYTES), room)
    if not is_file(path):
        return None
    try:
        with open_given(path) as source:
            return small_picture(source.read(MAX_IMAGE_BYTES), room)
    except OSError as error:
        raise usage("CannotRead", f"could not read {path}: {error.strerror}.", "Check its permissions.") from error
