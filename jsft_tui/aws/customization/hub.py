"""Read documents of SageMaker hubs."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts

_PARTS = ("HubName", "HubContentType", "HubContentName", "HubContentVersion")
_DOCUMENT = "JsonDoc"
_ABSENT = frozenset({"ResourceNotFound", "NotFound"})


class Hubs:
    """The hubs of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def evaluators(self, account: str) -> list[Resource]:
        """List the evaluators of the account's AI registry: ARN, name, what they are; the newest first.

        The SDK and Studio keep them in one hub, whose name follows from Region and account (SDK,
        `AIRHub._generate_hub_names`); there is none before the first one was made.
        """
        hub = registry_hub(self._session.target.region, account)
        rows: list[Any] = []
        token: dict[str, str] = {}
        try:
            with translate_errors("list the evaluators"):
                while True:
                    page = self._client.list_hub_contents(
                        HubName=hub, HubContentType=_DOCUMENT, SortBy="CreationTime", SortOrder="Descending", **token
                    )
                    rows += page["HubContentSummaries"]
                    if not page.get("NextToken"):
                        break
                    token = {"NextToken": page["NextToken"]}
        except Problem as problem:
            if problem.code in _ABSENT:
                return []
            raise
        return [
            Resource(
                str(row["HubContentArn"]),
                clean(str(row["HubContentName"])),
                clean(", ".join(map(str, row.get("HubContentSearchKeywords") or ()))),
            )
            for row in rows
        ]

    def evaluator(self, arn: str) -> EvaluatorFacts:
        """Read an evaluator by its ARN (`...:hub-content/HUB/JsonDoc/NAME/VERSION`).

        The function is `Reference` in the document's `JsonContent`, which may be JSON in a text (SDK,
        `_get_lambda_arn_from_evaluator_arn`).
        """
        names = arn.split(":", 5)[-1].split("/")[1:]
        try:
            with translate_errors(f"describe the evaluator {arn}"):
                found = self._client.describe_hub_content(**dict(zip(_PARTS, names, strict=False)))
        except Problem as problem:
            if problem.code in _ABSENT:
                return EvaluatorFacts(False)
            raise
        return EvaluatorFacts(True, _reference(found.get("HubContentDocument")))

    @property
    def _client(self) -> Any:
        return self._session.client("sagemaker")


def registry_hub(region: str, account: str) -> str:
    """Return the name of the hub in which an account's evaluators and data sets are registered."""
    digest = hashlib.sha256(f"AiRegistry-{region}-{account}".encode()).digest()
    return base64.b32hexencode(digest).decode().strip("=")


def _reference(document: Any) -> str:
    """Return the function that a document names; empty where it has none or is not understood."""
    content = _parsed(document)
    inner = _parsed(content.get("JsonContent"))
    return clean(str(inner.get("Reference") or content.get("Reference") or ""))


def _parsed(value: Any) -> dict[str, Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
