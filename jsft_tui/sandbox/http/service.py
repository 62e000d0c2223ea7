"""What a service of the sandbox is: it answers calls, or refuses them with an `ApiError`.

AWS services speak one of three protocols here: JSON with an `X-Amz-Target` header (SageMaker, Logs,
CloudWatch, Service Quotas, Price List), the XML query protocol (IAM, STS) and S3's own XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ACCOUNT_ID = "123456789012"
"""The account ID of the sandbox (the one that AWS uses in its documentation)."""


class ApiError(Exception):
    """An error response of an AWS API.

    Attributes:
        code: the AWS error code, for example `ValidationException`.
        message: the error message of the service.
        status: the HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Call:
    """One request to a JSON service: the operation, its parameters, and the Region it was signed for."""

    operation: str
    parameters: Mapping[str, Any]
    region: str


class JsonService(Protocol):
    """A service of the sandbox that speaks JSON."""

    def handles(self, call: Call) -> bool:
        """Return whether this service answers the call itself (otherwise moto does)."""
        ...

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body, with times in epoch seconds, as AWS JSON has them.

        Raises:
            ApiError: the call is refused.
        """
        ...


class AnyOf:
    """Several services that share a name, as the parts of SageMaker do."""

    def __init__(self, parts: Sequence[JsonService]) -> None:
        self._parts = parts

    def handles(self, call: Call) -> bool:
        """Return whether one of the parts answers the call."""
        return any(part.handles(call) for part in self._parts)

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body of the part that answers the call.

        Raises:
            ApiError: the call is refused.
        """
        return next(part for part in self._parts if part.handles(call)).answer(call)


class OperationTable:
    """A service that answers the operations of a table."""

    def __init__(self, operations: Mapping[str, Callable[[Call], dict[str, Any]]]) -> None:
        self._operations = operations

    def handles(self, call: Call) -> bool:
        """Return whether the table has the operation."""
        return call.operation in self._operations

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the response body.

        Raises:
            ApiError: the call is refused.
        """
        return self._operations[call.operation](call)
