"""Serve the SageMaker runtime API: InvokeEndpoint, whose requests and answers are bare bodies with headers (REST-JSON).

Error messages are AWS's where public issues print them (an endpoint that is not found, ModelError). Not checked against
AWS: the wording of the others, and the code of a body that is too large.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from urllib.parse import unquote

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply, json_reply, new_request_id
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError
from jsft_tui.sandbox.serving.models.fleet import CannotDeploy, Fleet
from jsft_tui.sandbox.serving.models.output import InvocationMetrics, LogStream, Timed, endpoint_group
from jsft_tui.sandbox.serving.models.process import ModelAnswer, ModelGone
from jsft_tui.sandbox.serving.resources.records import Deployment, Endpoint, EndpointStatus, Variant
from jsft_tui.sandbox.serving.resources.store import ServingStore

MAX_BODY = 6_291_456
"""Bytes of Body (botocore's service model)."""
SECONDS = 60.0
"""How long a model may take (developer guide: "must respond to requests within 60 seconds")."""

_IN_SERVICE = (EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING)


@dataclass(frozen=True)
class Served:
    """An endpoint in service, what it serves, and the variant that gets a request."""

    endpoint: Endpoint
    deployment: Deployment
    variant: Variant


class RuntimeService:
    """Answers of all endpoints, and InvokeEndpoint.

    Attributes:
        metrics: where invocations are counted.
    """

    def __init__(self, store: ServingStore, fleet: Fleet, metrics: InvocationMetrics) -> None:
        self._store = store
        self._fleet = fleet
        self.metrics = metrics

    def invoke(self, request: Request, region: str, body: bytes) -> Reply:
        """Let an endpoint answer immediately.

        Raises:
            ApiError: the request is refused before it reaches a model.
        """
        started = time.monotonic()
        name = unquote(request.raw_path.split("/")[2])
        served = self.served(region, name, request.header("x-amzn-sagemaker-target-variant"))
        if served.deployment.async_config is not None:
            raise _refused(f"Endpoint {name} is asynchronous: use InvokeEndpointAsync.")
        for header in ("target-model", "target-container-hostname", "inference-component"):
            if request.header(f"x-amzn-sagemaker-{header}"):
                raise _refused(f"Endpoint {name} has no {header.replace('-', ' ')} to choose.")
        if len(body) > MAX_BODY:
            raise ApiError("413", f"HTTP content length exceeded {MAX_BODY} bytes.", 413)
        answer = self.ask(served, request.header("content-type"), request.header("accept"), body, SECONDS)
        overhead = time.monotonic() - started - answer.seconds
        self.metrics.invoked(name, served.variant.name, answer.status, Timed(answer.seconds, max(0.0, overhead)))
        if answer.status >= 400:
            return _model_error(served, answer)
        return Reply(
            200,
            answer.body,
            (
                ("Content-Type", answer.content_type),
                ("x-Amzn-Invoked-Production-Variant", served.variant.name),
                ("x-amzn-RequestId", new_request_id()),
            ),
        )

    def served(self, region: str, name: str, variant: str = "") -> Served:
        """Return the endpoint of that name and the variant that gets a request: the one that is asked for, or drawn.

        Raises:
            ApiError: there is no such endpoint in service, or no such variant.
        """
        endpoint = self._store.endpoints.find(region, name)
        if endpoint is None or endpoint.status not in _IN_SERVICE or endpoint.current is None:
            raise _refused(f"Endpoint {name} of account {ACCOUNT_ID} not found.")
        deployment = endpoint.current
        if variant:
            found = next((each for each in deployment.variants if each.name == variant), None)
            if found is None:
                raise _refused(f"Variant {variant} of endpoint {name} not found.")
            return Served(endpoint, deployment, found)
        weights = [each.weight for each in deployment.variants]
        if not any(weights):
            raise _refused(f"All variants of endpoint {name} have a weight of 0.")
        return Served(endpoint, deployment, random.choices(deployment.variants, weights)[0])

    def wake(self, served: Served) -> None:
        """Give a variant that was scaled to zero its instance back."""
        if served.variant.name not in served.endpoint.asleep:
            return

        def awake(found: Endpoint) -> Endpoint:
            return replace(found, asleep=(), modified=time.time()) if found.asleep else found

        self.log(served).note("a request waits: scaled to 1 instance (pretended)")
        self._store.endpoints.update(served.endpoint.region, served.endpoint.name, awake)

    def log(self, served: Served) -> LogStream:
        """Return the log stream of the variant."""
        return self._fleet.log(served.endpoint, served.variant)

    def ask(self, served: Served, content_type: str, accept: str, body: bytes, seconds: float) -> ModelAnswer:
        """Let the model answer; a process that is gone or does not answer in time is a 500 of the model."""
        log = self.log(served)
        started = time.monotonic()
        try:
            process = self._fleet.process(served.endpoint, served.deployment, served.variant)
            answer = process.ask(content_type, accept, body, seconds)
        except (CannotDeploy, ModelGone) as problem:
            log.note(f"the invocation failed: {problem}")
            answer = ModelAnswer(500, "text/plain", str(problem).encode(), time.monotonic() - started)
        log.write(f'"POST /invocations HTTP/1.1" {answer.status} {len(answer.body)} {answer.seconds * 1000:.0f} ms')
        return answer


def _model_error(served: Served, answer: ModelAnswer) -> Reply:
    name, region = served.endpoint.name, served.endpoint.region
    group = endpoint_group(name)
    message = answer.body.decode(errors="replace")
    side = "client" if answer.status < 500 else "server"
    document = {
        "Message": f'Received {side} error ({answer.status}) from primary with message "{message}". '
        f"See https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#logEventViewer:group={group} "
        f"in account {ACCOUNT_ID} for more information.",
        "OriginalStatusCode": answer.status,
        "OriginalMessage": message,
        "LogStreamArn": f"arn:aws:logs:{region}:{ACCOUNT_ID}:log-group:{group}",
        "ErrorCode": "CLIENT_ERROR_FROM_MODEL" if answer.status < 500 else "INTERNAL_FAILURE_FROM_MODEL",
    }
    return json_reply(document, 424).with_headers(("x-amzn-ErrorType", "ModelError"))


def _refused(message: str) -> ApiError:
    return ApiError("ValidationError", message)
