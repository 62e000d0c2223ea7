"""Find the service, operation, Region, and protocol of a request, before its signature is verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Dialect
from jsft_tui.sandbox.http.s3_operations import target_of
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.http.signature import Scope

SANDBOX_SERVICE = "sandbox"
"""The service name in the signature of requests to `/_sandbox/...`."""
RUNTIME_SERVICE = "sagemaker-runtime"
"""botocore's name of the API that invokes endpoints; its requests are signed for `sagemaker`."""

_SERVICE_OF_SIGNING_NAME = {"monitoring": "cloudwatch", "servicequotas": "service-quotas"}
_SERVICE_OF_TARGET = {
    "AWSPriceListService": "pricing",
    "GraniteServiceVersion20100801": "cloudwatch",
    "Logs_20140328": "logs",
    "SageMaker": "sagemaker",
    "ServiceQuotasV20190624": "service-quotas",
}
_RPC_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)")
_RUNTIME_PATH = re.compile(r"/endpoints/[^/]+/(invocations|async-invocations|invocations-response-stream)")
_RUNTIME_OPERATIONS = {
    "invocations": "InvokeEndpoint",
    "async-invocations": "InvokeEndpointAsync",
    "invocations-response-stream": "InvokeEndpointWithResponseStream",
}


@dataclass(frozen=True)
class Destination:
    """Where a request goes.

    Attributes:
        service: botocore's name of the service.
        is_rpc: the request itself names the service (in a header or the path), not only its signature.
    """

    service: str
    operation: str
    region: str
    dialect: Dialect
    is_rpc: bool = False


def dialect_of(request: Request, scope: Scope | None) -> Dialect:
    """Return the protocol of a request."""
    # S3 comes first: whoever has a presigned S3 URL can add any header, and must not reach another service.
    if scope and scope.service == "s3":
        return Dialect.S3
    if scope and scope.service == "sagemaker" and runtime_operation(request.method, request.raw_path):
        return Dialect.JSON  # whatever the type of its body is
    if "smithy-protocol" in request.headers:
        return Dialect.CBOR
    if "x-amz-target" in request.headers:
        return Dialect.JSON
    if scope and scope.service == "ec2":
        return Dialect.EC2
    if request.header("content-type").startswith("application/x-www-form-urlencoded"):
        return Dialect.QUERY
    if scope and scope.service in ("sts", "iam"):
        return Dialect.QUERY
    return Dialect.JSON if scope else Dialect.S3


def destination_of(request: Request, scope: Scope, dialect: Dialect, body: bytes | None) -> Destination:
    """Return where a request goes; `body` is None for S3, whose operations do not depend on it.

    Raises:
        ApiError: the path is not UTF-8, or the request is signed for another service than it names.
    """
    service = _SERVICE_OF_SIGNING_NAME.get(scope.service, scope.service)
    if dialect is Dialect.CBOR and (found := _RPC_PATH.fullmatch(request.raw_path)):
        _check_service(found[1], service)
        return Destination(service, found[2], scope.region, dialect, is_rpc=True)
    if service == "sagemaker" and (operation := runtime_operation(request.method, request.raw_path)):
        return Destination(RUNTIME_SERVICE, operation, scope.region, dialect)
    if dialect is not Dialect.S3 and "x-amz-target" in request.headers:
        prefix, _, operation = request.header("x-amz-target").rpartition(".")
        _check_service(prefix, service)
        return Destination(service, operation, scope.region, dialect, is_rpc=True)
    try:
        if service == "s3":
            return Destination(service, target_of(request).operation, scope.region, dialect)
        form = action_form(request, body or b"")
    except UnicodeDecodeError as error:
        raise ApiError("InvalidURI", "The request is not in UTF-8.") from error
    operation = form.get("Action") or f"{request.method} {request.raw_path}"
    return Destination(service, operation, scope.region, dialect)


def runtime_operation(method: str, path: str) -> str | None:
    """Return the operation of a request to the API that invokes endpoints, which is REST; None for other requests."""
    found = _RUNTIME_PATH.fullmatch(path) if method == "POST" else None
    return _RUNTIME_OPERATIONS[found[1]] if found else None


def _check_service(target: str, service: str) -> None:
    named = _SERVICE_OF_TARGET.get(target, service)
    if named != service:
        raise ApiError("InvalidSignatureException", f"Credential should be scoped to correct service: '{named}'.")


def action_form(request: Request, body: bytes) -> dict[str, str]:
    """Return the parameters of a query-protocol request, from its form or from its query string."""
    is_form = request.header("content-type").startswith("application/x-www-form-urlencoded")
    text = body.decode() if is_form else request.raw_query
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
