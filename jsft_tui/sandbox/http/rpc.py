"""Answer the RPC protocols of AWS (JSON with a target header, and Smithy's RPC v2 in CBOR).

Parameters are checked against botocore's service model first, so a service can rely on their types.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.http import cbor
from jsft_tui.sandbox.http.constraints import service_model
from jsft_tui.sandbox.http.replies import Dialect, Reply, cbor_reply, json_reply
from jsft_tui.sandbox.http.routing import Destination
from jsft_tui.sandbox.http.service import ApiError, Call, JsonService

LATEST_TIME = 253_402_300_799
"""The end of the year 9999 in epoch seconds: the last time that Python's `datetime` has."""


class RpcFront:
    """Passes requests on to the sandbox's own services."""

    def __init__(self, services: Mapping[str, JsonService]) -> None:
        self._services = services

    def answer(self, destination: Destination, body: bytes) -> Reply | None:
        """Return the service's reply, or None if no service handles the call.

        Raises:
            ApiError: the call is malformed, or the service refuses it.
        """
        service = self._services.get(destination.service)
        if service is None or not destination.is_rpc:
            return None
        parameters = _parameters(destination.dialect, body)
        call = Call(destination.operation, parameters, destination.region)
        if not service.handles(call):
            return None
        model = _operation_model(destination.service, destination.operation)
        if model.input_shape is not None:
            _check_scalars(parameters, model.input_shape)
            _check_types(model, parameters)
        document = service.answer(call)
        if destination.dialect is Dialect.CBOR:
            return cbor_reply(document, model.output_shape)
        return json_reply(document, version=model.service_model.metadata.get("jsonVersion", "1.1"))


def _operation_model(service: str, operation: str) -> Any:
    from botocore.model import OperationNotFoundError

    try:
        return service_model(service).operation_model(operation)
    except OperationNotFoundError as error:
        raise ApiError("UnknownOperationException", f"{service} has no operation {operation}.") from error


def _check_types(model: Any, parameters: Mapping[str, Any]) -> None:
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(parameters, model.input_shape)
    if report.has_errors():
        raise ApiError("ValidationException", report.generate_report())


def _parameters(dialect: Dialect, body: bytes) -> dict[str, Any]:
    try:
        if dialect is Dialect.CBOR:
            parameters = cbor.decode(body) if body else {}
        else:
            parameters = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise ApiError("SerializationException", f"The request body cannot be read: {error}") from error
    if not isinstance(parameters, dict):
        raise ApiError("SerializationException", "The request body is not an object.")
    return parameters


def _check_scalars(value: Any, shape: Any) -> None:
    """Refuse scalars that no client sends, and that botocore's validator or SQLite would fail on.

    Values of another type than the shape's are left to that validator.

    Raises:
        ApiError: `SerializationException`.
    """
    if isinstance(value, dict) and shape.type_name == "structure":
        for name, member in value.items():
            if name in shape.members:
                _check_scalars(member, shape.members[name])
    elif isinstance(value, dict) and shape.type_name == "map":
        for name, member in value.items():
            _check_scalars(name, shape.key)
            _check_scalars(member, shape.value)
    elif isinstance(value, list) and shape.type_name == "list":
        for member in value:
            _check_scalars(member, shape.member)
    elif not _is_readable(value, shape):
        raise ApiError("SerializationException", f"The request has a {shape.type_name} that cannot be read: {value!a}.")


def _is_readable(value: Any, shape: Any) -> bool:
    if shape.type_name == "timestamp":
        return value is None or (isinstance(value, int | float) and abs(value) <= LATEST_TIME)
    if isinstance(value, str):
        # JSON can write half of a surrogate pair, UTF-8 cannot.
        return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)
    return not isinstance(value, int) or abs(value) < 2**63
