"""InvokeEndpointAsync: requests wait on disk, and their answers become objects.

Sources: developer guide, "Asynchronous inference"; botocore's service model. Not checked against AWS: the words of a
failure object, and that a request to an endpoint that is deleted meanwhile is dropped.
"""

from __future__ import annotations

import base64
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jsft_tui.sandbox.http.constraints import check_constraints
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply, json_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.sagemaker.channels import Location
from jsft_tui.sandbox.serving.invoke.invocation import RuntimeService, Served
from jsft_tui.sandbox.serving.models.output import Timed
from jsft_tui.sandbox.serving.resources.records import AsyncRequest
from jsft_tui.sandbox.serving.resources.store import ServingStore
from jsft_tui.sandbox.state.documents import NameTaken

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

_log = logging.getLogger(__name__)

MAX_BODY = 128_000
"""Bytes of Body (botocore's service model)."""
DEFAULT_TTL, DEFAULT_TIMEOUT = 21_600, 900
"""RequestTTLSeconds and InvocationTimeoutSeconds of a request that has none."""
WORKERS = 4

_HEADERS = {
    "ContentType": "content-type",
    "Accept": "accept",
    "InferenceId": "inference-id",
    "InputLocation": "inputlocation",
    "S3OutputPathExtension": "s3outputpathextension",
    "Filename": "filename",
    "RequestTTLSeconds": "requestttlseconds",
    "InvocationTimeoutSeconds": "invocationtimeoutseconds",
}
_NUMBERS = ("RequestTTLSeconds", "InvocationTimeoutSeconds")


class AsyncQueue:
    """The requests to asynchronous endpoints. A killed sandbox answers those that wait at its next start."""

    def __init__(self, store: ServingStore, runtime: RuntimeService, objects: ObjectStore) -> None:
        self._store = store
        self._requests = store.async_requests
        self._runtime = runtime
        self._objects = objects
        self._gate = threading.Lock()
        """Held while a request is queued, and while an endpoint without requests is stopped."""
        self._is_closing = threading.Event()
        self._pool = ThreadPoolExecutor(WORKERS, "async-inference")

    def start(self) -> None:
        """Take the requests that waited at the last shutdown."""
        for waiting in self._requests.everywhere():
            self._pool.submit(self._run, waiting)

    def shutdown(self) -> None:
        """Take no more; what waits is taken at the next start."""
        self._is_closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def backlog(self, region: str, endpoint: str) -> int:
        """Return the number of requests that wait for an endpoint, or are being answered."""
        return sum(each.endpoint == endpoint for each in self._requests.all(region))

    def while_idle(self, region: str, endpoint: str, action: Callable[[], None]) -> None:
        """Do something if no request waits for an endpoint; one that comes meanwhile is queued afterwards."""
        with self._gate:
            if not self.backlog(region, endpoint):
                action()

    def invoke(self, request: Request, region: str, body: bytes) -> Reply:
        """Queue a request.

        Raises:
            ApiError: it is refused.
        """
        name = unquote(request.raw_path.split("/")[2])
        wanted = _wanted(request, name)
        served = self._runtime.served(region, name)
        config = served.deployment.async_config
        if config is None:
            raise _refused(f"Endpoint {name} is not asynchronous: use InvokeEndpoint.")
        if bool(body) == ("InputLocation" in wanted):
            raise _refused("Provide exactly one of Body and InputLocation.")
        if len(body) > MAX_BODY:
            raise ApiError("413", f"HTTP content length exceeded {MAX_BODY} bytes.", 413)
        inference = str(wanted.get("InferenceId") or uuid.uuid4())
        places = _places(config, wanted, inference)
        now = time.time()
        waiting = AsyncRequest(
            region=region,
            name=f"{name}/{inference}",
            request={
                "endpoint": name,
                "endpoint_created": served.endpoint.created,
                **wanted,
                **({"Body": base64.b64encode(body).decode()} if body else {}),
                **places,
            },
            created=now,
            modified=now,
        )
        try:
            with self._gate:
                self._requests.create(waiting)
        except NameTaken as problem:
            raise _refused(f"The request {inference} is already in the queue of endpoint {name}.") from problem
        self._runtime.metrics.backlog(name, self.backlog(region, name), is_asleep=bool(served.endpoint.asleep))
        self._pool.submit(self._run, waiting)
        headers = [("X-Amzn-SageMaker-OutputLocation", places["output"])]
        if places["failure"]:
            headers.append(("X-Amzn-SageMaker-FailureLocation", places["failure"]))
        return json_reply({"InferenceId": inference}, 202).with_headers(*headers)

    def _run(self, waiting: AsyncRequest) -> None:
        if self._is_closing.is_set():
            return
        try:
            self._answer(waiting)
        except Exception:  # noqa: BLE001 - a bug of the sandbox is logged, and the request must not wait forever
            _log.exception("asynchronous request %s", waiting.name)
        if not self._is_closing.is_set():
            self._requests.discard(waiting.region, waiting.name)
            backlog = self.backlog(waiting.region, waiting.endpoint)
            self._runtime.metrics.backlog(waiting.endpoint, backlog, is_asleep=False)

    def _answer(self, waiting: AsyncRequest) -> None:
        wanted = waiting.request
        try:
            served = self._runtime.served(waiting.region, waiting.endpoint)
        except ApiError:
            return
        if served.endpoint.created != wanted["endpoint_created"]:
            return
        log = self._runtime.log(served)
        if time.time() > waiting.created + wanted.get("RequestTTLSeconds", DEFAULT_TTL):
            self._fail(waiting, "The request expired before it was processed.")
            log.note(f"{waiting.name} expired")
            return
        body = self._body(wanted)
        if body is None:
            message = f"Unable to download the input from {wanted['InputLocation']}."
            self._fail(waiting, message)
            log.note(message)
            return
        self._runtime.wake(served)
        answer = self._runtime.ask(
            served,
            wanted.get("ContentType", ""),
            wanted.get("Accept", ""),
            body,
            float(wanted.get("InvocationTimeoutSeconds", DEFAULT_TIMEOUT)),
        )
        if self._is_closing.is_set():
            return  # the process was stopped, not the model at fault
        waited = max(0.0, time.time() - waiting.created - answer.seconds)
        self._runtime.metrics.invoked(
            waiting.endpoint, served.variant.name, answer.status, Timed(answer.seconds, waited)
        )
        if answer.status < 400:
            self._write(served, wanted["output"], answer.body, answer.content_type)
        else:
            side = "client" if answer.status < 500 else "server"
            message = answer.body.decode(errors="replace")
            self._fail(waiting, f'Received {side} error ({answer.status}) from model with message "{message}".')

    def _body(self, wanted: Mapping[str, Any]) -> bytes | None:
        if "Body" in wanted:
            return base64.b64decode(wanted["Body"])
        place = Location.parse(wanted["InputLocation"])
        try:
            with self._objects.read(place.bucket, place.key) as source:
                return source.read()
        except (KeyError, OSError):
            return None

    def _fail(self, waiting: AsyncRequest, message: str) -> None:
        if place := waiting.request["failure"]:
            location = Location.parse(place)
            try:
                self._objects.write(location.bucket, location.key, message.encode(), "text/plain")
            except KeyError:
                _log.info("the bucket of %s is gone", place)

    def _write(self, served: Served, uri: str, body: bytes, content_type: str) -> None:
        place = Location.parse(uri)
        try:
            self._objects.write(place.bucket, place.key, body, content_type)
        except KeyError:
            self._runtime.log(served).note(f"the answer cannot be stored: the bucket of {uri} does not exist")


def _wanted(request: Request, name: str) -> dict[str, Any]:
    """Return the parameters that are headers.

    Raises:
        ApiError: one of them breaks a constraint of the service model.
    """
    headers = {member: request.header(f"x-amzn-sagemaker-{header}") for member, header in _HEADERS.items()}
    found: dict[str, Any] = {member: value for member, value in headers.items() if value}
    for member in _NUMBERS:
        if member in found:
            if not found[member].isdigit():
                raise _refused(f"{member} must be a whole number.")
            found[member] = int(found[member])
    try:
        check_constraints("sagemaker-runtime", "InvokeEndpointAsync", {"EndpointName": name, **found})
    except ApiError as error:
        raise _refused(error.message) from error
    return found


def _places(config: Mapping[str, Any], wanted: Mapping[str, Any], inference: str) -> dict[str, str]:
    """Return where the answer goes, and where an error does; an empty text: nowhere."""
    paths = config["OutputConfig"]
    output = Location.parse(paths["S3OutputPath"])
    if extension := wanted.get("S3OutputPathExtension"):
        output = output.child(*extension.split("/"))
    failure = paths.get("S3FailurePath")
    return {
        "output": output.child(str(wanted.get("Filename") or f"{inference}.out")).uri,
        "failure": Location.parse(failure).child(f"{inference}-error.out").uri if failure else "",
    }


def _refused(message: str) -> ApiError:
    return ApiError("ValidationError", message)
