"""Create, describe, list, delete and invoke endpoints, their configurations and models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.run.name import GRAMMAR
from jsft_tui.core.serving.endpoint import Endpoint, EndpointConfig
from jsft_tui.core.serving.invoke.payloads import Invocation

T = TypeVar("T")

_ABSENT = re.compile(r"could not find|does not exist|not found", re.IGNORECASE)
"""There is no error code for what does not exist: it is a ValidationException, so its text decides."""


class Serving:
    """The endpoints, endpoint configurations and models of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def describe(self, name: str) -> Endpoint:
        """Describe an endpoint with its configuration and tags, as far as they may be read.

        Raises:
            Problem: `NoSuchEndpoint` and others.
        """
        found = self.find(name)
        if found is None:
            message = f"there is no endpoint {name!r} in {self._session.target.region}."
            remedy = Remedy("List the endpoints", RemedyCommand.SHELL, "jsft endpoints")
            raise Problem("NoSuchEndpoint", message, remedy)
        return found

    def find(self, name: str) -> Endpoint | None:
        """Describe an endpoint; None if there is none of that name."""
        if not GRAMMAR.fullmatch(name):  # AWS would answer with the grammar
            return None

        def describe() -> Endpoint:
            answer = self._client.describe_endpoint(EndpointName=name)
            config = _if_allowed(lambda: self.find_config(str(answer["EndpointConfigName"])))
            return Endpoint.parse(answer, config, self.tags_of(str(answer["EndpointArn"])))

        return self._find(f"describe the endpoint {name}", describe)

    def find_config(self, name: str) -> EndpointConfig | None:
        """Describe an endpoint configuration; None if there is none of that name."""

        def describe() -> EndpointConfig:
            return EndpointConfig.parse(self._client.describe_endpoint_config(EndpointConfigName=name))

        return self._find(f"describe the endpoint configuration {name}", describe)

    def find_model(self, name: str) -> Mapping[str, Any] | None:
        """Return the answer of DescribeModel; None if there is none of that name."""

        def describe() -> Mapping[str, Any]:
            answer: Mapping[str, Any] = self._client.describe_model(ModelName=name)
            return answer

        return self._find(f"describe the model {name}", describe)

    def endpoint_names(self) -> list[str]:
        """List all endpoints, newest first."""
        return self._names("endpoints", "list_endpoints", "Endpoints", "EndpointName")

    def config_names(self) -> list[str]:
        """List all endpoint configurations, newest first."""
        return self._names("endpoint configurations", "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName")

    def model_names(self) -> list[str]:
        """List all models, newest first."""
        return self._names("models", "list_models", "Models", "ModelName")

    def create_model(self, request: Mapping[str, Any]) -> str:
        """Send CreateModel; return the ARN."""
        with translate_errors(f"create the model {request['ModelName']}"):
            return str(self._client.create_model(**request)["ModelArn"])

    def create_config(self, request: Mapping[str, Any]) -> str:
        """Send CreateEndpointConfig; return the ARN."""
        with translate_errors(f"create the endpoint configuration {request['EndpointConfigName']}"):
            return str(self._client.create_endpoint_config(**request)["EndpointConfigArn"])

    def create_endpoint(self, request: Mapping[str, Any]) -> str:
        """Send CreateEndpoint; return the ARN."""
        with translate_errors(f"create the endpoint {request['EndpointName']}"):
            return str(self._client.create_endpoint(**request)["EndpointArn"])

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add tags, or change them (AddTags)."""
        with translate_errors(f"change the tags of {arn.rpartition('/')[2]}"):
            self._client.add_tags(ResourceArn=arn, Tags=[{"Key": key, "Value": value} for key, value in tags.items()])

    def untag(self, arn: str, names: Sequence[str]) -> None:
        """Remove tags (DeleteTags)."""
        with translate_errors(f"remove tags of {arn.rpartition('/')[2]}"):
            self._client.delete_tags(ResourceArn=arn, TagKeys=list(names))

    def delete_endpoint(self, name: str) -> None:
        """Delete an endpoint (DeleteEndpoint); one that is gone is no error."""
        self._find(f"delete the endpoint {name}", lambda: self._client.delete_endpoint(EndpointName=name))

    def delete_config(self, name: str) -> None:
        """Delete an endpoint configuration (DeleteEndpointConfig); one that is gone is no error."""
        what = f"delete the endpoint configuration {name}"
        self._find(what, lambda: self._client.delete_endpoint_config(EndpointConfigName=name))

    def delete_model(self, name: str) -> None:
        """Delete a model (DeleteModel), not its files in S3; one that is gone is no error."""
        self._find(f"delete the model {name}", lambda: self._client.delete_model(ModelName=name))

    def invoke(self, name: str, invocation: Invocation) -> bytes:
        """Send a request to an endpoint (InvokeEndpoint) and return its answer."""
        with translate_errors(f"invoke the endpoint {name}"):
            answer = self._session.client("sagemaker-runtime").invoke_endpoint(
                EndpointName=name,
                ContentType=invocation.content_type,
                Accept=invocation.accept,
                Body=invocation.body,
            )
            body: bytes = answer["Body"].read()
            return body

    def invoke_later(self, name: str, invocation: Invocation, location: str) -> tuple[str, str]:
        """Ask an asynchronous endpoint about an object (InvokeEndpointAsync).

        Args:
            name: the endpoint.
            invocation: the form of the request; its body is not sent.
            location: the URI of the object with the body.

        Returns:
            The URIs of the answer, and of what is written instead when it fails; empty where the service names none.
        """
        with translate_errors(f"invoke the endpoint {name}"):
            answer = self._session.client("sagemaker-runtime").invoke_endpoint_async(
                EndpointName=name,
                ContentType=invocation.content_type,
                Accept=invocation.accept,
                InputLocation=location,
            )
            return str(answer["OutputLocation"]), str(answer.get("FailureLocation") or "")

    def _find(self, what: str, call: Callable[[], T]) -> T | None:
        try:
            with translate_errors(what):
                return call()
        except Problem as problem:
            if is_absent(problem):
                return None
            raise

    def _names(self, what: str, operation: str, rows: str, member: str) -> list[str]:
        with translate_errors(f"list the {what}"):
            pages = self._client.get_paginator(operation).paginate(SortBy="CreationTime", SortOrder="Descending")
            return [str(row[member]) for page in pages for row in page[rows]]

    def tags_of(self, arn: str) -> dict[str, str]:
        """Return the tags of an endpoint or a model; none where they may not be read."""

        def read() -> dict[str, str]:
            with translate_errors(f"read the tags of {arn.rpartition('/')[2]}"):
                answer = self._client.list_tags(ResourceArn=arn, MaxResults=100)
                return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}

        return _if_allowed(read) or {}

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")


def _if_allowed(read: Callable[[], T]) -> T | None:
    """Read an optional part; None where it cannot be read. Being signed out is still raised."""
    try:
        return read()
    except Problem as problem:
        if problem.code in SIGNED_OUT:
            raise
        return None


def is_absent(problem: Problem) -> bool:
    """Return whether AWS says that there is nothing of that name."""
    if problem.code == "NotFound":
        return True
    return problem.code in ("ValidationException", "ValidationError") and _ABSENT.search(problem.message) is not None
