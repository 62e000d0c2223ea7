"""The RPC protocols of AWS (JSON with a target header, and Smithy's RPC v2 in CBOR) for our own services.

Parameters are checked against the service's model in botocore before a service sees them, so a service can
rely on their types.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.http import cbor
from jsft_tui.sandbox.http.protocol import ApiError, Call, JsonService
from jsft_tui.sandbox.http.replies import Dialect, Reply, cbor_reply, json_reply
from jsft_tui.sandbox.http.routing import Destination

LATEST_TIME = 253_402_300_799
"""The end of the year 9999 in epoch seconds: Python's dates go no further."""


class ServiceModels:
    """The service models that botocore brings, loaded when they are first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[str, Any] = {}

    def operation(self, service: str, operation: str) -> Any:
        """botocore's `OperationModel`.

        Raises:
            ApiError: the service has no such operation.
        """
        from botocore.loaders import create_loader
        from botocore.model import OperationNotFoundError, ServiceModel

        with self._lock:
            if service not in self._models:
                description = create_loader().load_service_model(service, "service-2")
                self._models[service] = ServiceModel(description, service)
        try:
            return self._models[service].operation_model(operation)
        except OperationNotFoundError as error:
            raise ApiError("UnknownOperationException", f"{service} has no operation {operation}.") from error

    def check(self, model: Any, parameters: Mapping[str, Any]) -> None:
        """Check the parameters of a call against the model.

        Raises:
            ApiError: ValidationException, listing all that is wrong.
        """
        from botocore.validate import ParamValidator

        report = ParamValidator().validate(parameters, model.input_shape)
        if report.has_errors():
            raise ApiError("ValidationException", report.generate_report())


class RpcFront:
    """Calls our own services for the requests that they handle."""

    def __init__(self, services: Mapping[str, JsonService]) -> None:
        self._services = services
        self._models = ServiceModels()

    def answer(self, destination: Destination, body: bytes) -> Reply | None:
        """The service's answer; None: none of ours handles the call.

        Raises:
            ApiError: the call is malformed, or refused by its service.
        """
        service = self._services.get(destination.service)
        if service is None or not destination.is_rpc:
            return None
        parameters = _parameters(destination.dialect, body)
        call = Call(destination.operation, parameters, destination.region)
        if not service.handles(call):
            return None
        model = self._models.operation(destination.service, destination.operation)
        if model.input_shape is not None:
            _check_scalars(parameters, model.input_shape)
            self._models.check(model, parameters)
        document = service.answer(call)
        if destination.dialect is Dialect.CBOR:
            return cbor_reply(_with_timestamps(document, model.output_shape))
        return json_reply(document, version=model.service_model.metadata.get("jsonVersion", "1.1"))


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
    """Refuse scalars that the protocol cannot mean, and that neither botocore's validator nor SQLite can take.

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
    elif not _is_meant(value, shape):
        raise ApiError("SerializationException", f"The request has a {shape.type_name} that cannot be read: {value!a}.")


def _is_meant(value: Any, shape: Any) -> bool:
    if shape.type_name == "timestamp":
        return value is None or (isinstance(value, int | float) and abs(value) <= LATEST_TIME)
    if isinstance(value, str):
        # Half of a surrogate pair: JSON can write it, UTF-8 cannot.
        return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)
    return not isinstance(value, int) or abs(value) < 2**63


def _with_timestamps(value: Any, shape: Any) -> Any:
    """`value` with its times marked as such: CBOR, unlike JSON, tells them from numbers."""
    if shape is None or value is None:
        return value
    if shape.type_name == "timestamp":
        return cbor.Timestamp(value)
    if shape.type_name == "structure":
        return {name: _with_timestamps(member, shape.members.get(name)) for name, member in value.items()}
    if shape.type_name == "list":
        return [_with_timestamps(member, shape.member) for member in value]
    if shape.type_name == "map":
        return {name: _with_timestamps(member, shape.value) for name, member in value.items()}
    if shape.type_name in ("double", "float"):
        return float(value)
    return value
