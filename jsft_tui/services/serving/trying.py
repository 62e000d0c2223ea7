"""Try endpoints: what each of them takes, what is sent, and what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.core.catalog.job_tags import model_of
from jsft_tui.core.catalog.spec.hosting import Payload
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.invoke.answers import Answer, read_answer
from jsft_tui.core.serving.invoke.payloads import (
    IMAGE,
    JSON,
    MAX_BODY,
    Invocation,
    accept_type,
    any_invocation,
    content_type,
    example_invocation,
    image_invocation,
    text_invocation,
)
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.given_files import open_given
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.serving.asking_later import ask_later
from jsft_tui.services.serving.endpoints import Endpoints
from jsft_tui.services.storage.local_files import is_file

SCHEME = "s3://"

IN_OBJECT = "$s3<"
"""How the body of an example begins that is an object of the content bucket: `$s3<KEY>`."""


@dataclass(frozen=True)
class TryTarget:
    """An endpoint that can be asked, and what it takes.

    Attributes:
        spec: of its JumpStart model; None: not known, so that its content type must be given.
        unknown: why the spec is not known; None where it is.
    """

    endpoint: Endpoint
    spec: ModelSpec | None = None
    unknown: Problem | None = None

    @property
    def name(self) -> str:
        """Return the name of the endpoint."""
        return self.endpoint.name

    @property
    def content_type(self) -> str:
        """Return the content type that it takes; empty: not known."""
        return "" if self.spec is None else content_type(self.spec)

    @property
    def takes_picture(self) -> bool:
        """Return whether it takes the file of a picture."""
        return self.content_type == IMAGE

    @property
    def takes_parameters(self) -> bool:
        """Return whether it takes a prompt with parameters."""
        return self.content_type == JSON

    @property
    def examples(self) -> tuple[Payload, ...]:
        """Return the examples of the spec, those in objects of the content bucket included."""
        return () if self.spec is None else self.spec.hosting.payloads


@dataclass(frozen=True)
class Given:
    """What a person gives an endpoint.

    Attributes:
        item: a text, a row, a prompt, or the path of a file (of a picture, a row, a JSON document).
        parameters: of a generation.
        content_type: instead of the one of the model; the item is sent as it is.
    """

    item: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    content_type: str = ""


@dataclass(frozen=True)
class Tried:
    """An answer of an endpoint.

    Attributes:
        body: the answer as it came.
        seconds: from the request to the end of its answer.
    """

    name: str
    invocation: Invocation
    body: bytes
    seconds: float

    @property
    def answer(self) -> Answer:
        """Return the answer as a person reads it."""
        return read_answer(self.body)


class Trying:
    """Tries the endpoints of one target."""

    def __init__(
        self,
        account: Account,
        catalog: Catalog,
        endpoints: Endpoints,
        ticks: Callable[[], float] = time.perf_counter,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Try endpoints.

        Args:
            account: the adapters.
            catalog: the models of the region.
            endpoints: those of the region.
            ticks: a clock in seconds, for latencies.
            wait: waits for some seconds.
        """
        self._wait = wait
        self._account, self._catalog, self._endpoints, self._ticks = account, catalog, endpoints, ticks

    def targets(self) -> list[TryTarget]:
        """Return the endpoints that may answer, those that jsft made first.

        Raises:
            Problem: they cannot be listed.
        """
        return [self.target_of(each) for each in self._endpoints.all() if not_in_service(each) is None]

    def find(self, name: str) -> TryTarget | None:
        """Return an endpoint; None if there is none of that name.

        Raises:
            Problem: it cannot be described.
        """
        found = self._account.serving.find(name)
        return None if found is None else self.target_of(found)

    def target_of(self, endpoint: Endpoint) -> TryTarget:
        """Return what an endpoint takes, by the spec of its model."""
        found = model_of(endpoint.tags)
        if found is None:
            return TryTarget(endpoint, unknown=usage("NotJumpStart", f"{endpoint.name} names no JumpStart model."))
        try:
            return TryTarget(endpoint, self._catalog.spec(*found))
        except Problem as problem:
            return TryTarget(endpoint, unknown=problem)

    def payload_for(self, target: TryTarget, given: Given) -> Invocation:
        """Return the request for what a person gave.

        Raises:
            Problem: the endpoint does not take it, it is too large, or the file cannot be read (kind USAGE).
        """
        path = Path(given.item).expanduser()
        file = _contents(path) if is_file(path) else None
        if given.content_type:
            accept = JSON if target.spec is None else accept_type(target.spec)
            return any_invocation(given.content_type, accept, given.item.encode() if file is None else file)
        if target.spec is None:
            why = target.unknown.message if target.unknown else f"the model of {target.name} is not known."
            raise usage("UnknownContentType", f"what it takes is not known: {why}", "Say it: --content-type text/csv")
        if target.takes_picture:
            return image_invocation(target.spec, self._picture(target.spec, given.item) if file is None else file)
        if file is None:
            return text_invocation(target.spec, given.item, given.parameters)
        if target.takes_parameters and path.suffix == ".json":
            return any_invocation(JSON, JSON, file)
        return text_invocation(target.spec, _text(path, file), given.parameters)

    def _picture(self, spec: ModelSpec, item: str) -> bytes:
        if not item.startswith(SCHEME):
            why = f"{spec.model_id} takes a picture, and {item or 'an empty name'} is no file."
            raise usage("NoSuchFile", why, "Give the path of a JPEG or PNG file, or its s3:// address.")
        # One byte more says that it is too large.
        return self._account.s3.read(S3Uri.parse(item), 0, MAX_BODY + 1)

    def example_for(self, target: TryTarget) -> Invocation:
        """Return the request of the first example of the model's spec.

        Raises:
            Problem: there is none (code `NoExample`), or its object cannot be read.
        """
        if target.spec is None or not target.examples:
            raise usage("NoExample", f"there is no example for {target.name}.", "Give it something to answer.")
        example = target.examples[0]
        body = str(example.body)
        if not body.startswith(IN_OBJECT):
            return example_invocation(target.spec, example)
        key = body.removeprefix(IN_OBJECT).partition(">")[0]
        data = self._account.content.data(key)
        return any_invocation(example.content_type or target.content_type, example.accept or JSON, data)

    def invoke(self, target: TryTarget, invocation: Invocation) -> Tried:
        """Send a request and return the answer with its latency; that of an asynchronous endpoint is waited for.

        Raises:
            Problem: the endpoint is not in service (code `EndpointNotInService`), its container failed, or AWS refused.
        """
        if (refused := not_in_service(target.endpoint)) is not None:
            raise refused
        began = self._ticks()
        if target.endpoint.is_async:
            body = ask_later(self._account, target.endpoint, invocation, self._wait)
        else:
            body = self._account.serving.invoke(target.name, invocation)
        return Tried(target.name, invocation, body, self._ticks() - began)


_ANSWERING = frozenset({EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING, EndpointStatus.SYSTEM_UPDATING})
"""An endpoint answers while it is updated (UpdateEndpoint: "no loss of availability")."""
_MAY_ANSWER = _ANSWERING | {
    EndpointStatus.ROLLING_BACK,
    EndpointStatus.UPDATE_ROLLBACK_FAILED,
    EndpointStatus.UNKNOWN,
}


def not_in_service(endpoint: Endpoint) -> Problem | None:
    """Return why an endpoint answers nothing; None where it may answer."""
    if endpoint.status in _MAY_ANSWER:
        return None
    if endpoint.status is EndpointStatus.CREATING:
        message = f"{endpoint.name} is starting: it answers nothing yet."
        remedy = f"Wait, and look: jsft endpoint {endpoint.name}"
        return Problem("EndpointNotInService", message, remedy, retryable=True)
    if endpoint.failure_reason:
        message = f"{endpoint.name} has failed: {endpoint.failure_reason.rstrip('. ')}."
    else:
        message = f"{endpoint.name} is {endpoint.status.value}: it answers nothing."
    return Problem("EndpointNotInService", message, "Deploy it again.")


def _contents(path: Path) -> bytes:
    """Read a file; one that is too large for a request is not read to its end."""
    try:
        with open_given(path) as source:
            return source.read(MAX_BODY + 1)
    except OSError as error:
        raise usage("CannotRead", f"could not read {path}: {error.strerror}.", "Check its permissions.") from error


def _text(path: Path, contents: bytes) -> str:
    try:
        return contents.decode()
    except UnicodeDecodeError as error:
        raise usage("BadItem", f"{path} is no text in UTF-8.", "Give it as --content-type if it is right.") from error
