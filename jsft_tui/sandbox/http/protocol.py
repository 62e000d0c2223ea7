"""What the sandbox's services have in common: errors, calls, and AWS-shaped answers.

AWS services speak one of three dialects here: JSON with an `X-Amz-Target` header (SageMaker, Logs,
CloudWatch, Service Quotas, Price List), the XML query protocol (IAM, STS) and S3's own XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ACCOUNT_ID = "123456789012"
"""The account that the sandbox pretends to be (the one AWS uses in its documentation)."""


class ApiError(Exception):
    """A refusal as AWS would word it.

    Attributes:
        code: the AWS error code, for example `ValidationException`.
        message: what the service says.
        status: the HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Call:
    """One request to a JSON service: the operation, its parameters, and the region it was signed for."""

    operation: str
    parameters: Mapping[str, Any]
    region: str


class JsonService(Protocol):
    """A service of the sandbox that speaks JSON."""

    def handles(self, call: Call) -> bool:
        """Whether this service answers the call itself (otherwise it goes to moto)."""
        ...

    def answer(self, call: Call) -> dict[str, Any]:
        """The response body. Times are floats (epoch seconds), as AWS JSON has them.

        Raises:
            ApiError: the call is refused.
        """
        ...


class OperationTable:
    """A service that answers just the operations of a table."""

    def __init__(self, operations: Mapping[str, Callable[[Call], dict[str, Any]]]) -> None:
        self._operations = operations

    def handles(self, call: Call) -> bool:
        """Whether the operation is one of ours."""
        return call.operation in self._operations

    def answer(self, call: Call) -> dict[str, Any]:
        """The response body.

        Raises:
            ApiError: the call is refused.
        """
        return self._operations[call.operation](call)
