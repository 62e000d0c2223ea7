"""Identity and execution roles (STS, IAM)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from jsft_tui.aws.session import AwsSession
from jsft_tui.aws.translate import asking
from jsft_tui.core.checks.check import Identity, RoleFacts
from jsft_tui.core.errors import Problem

SERVICE = "sagemaker.amazonaws.com"


class Iam:
    """Who calls, and which roles there are."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def identity(self) -> Identity:
        """GetCallerIdentity: needs no permission, so it tells whether the credentials work at all."""
        with asking("find out who you are"):
            answer = self._session.client("sts").get_caller_identity()
        return Identity(answer["Account"], answer["Arn"])

    def role(self, arn: str) -> RoleFacts:
        """Whether a role exists and lets SageMaker assume it."""
        try:
            with asking(f"look at the role {arn}"):
                role = self._session.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
        except Problem as problem:
            if problem.code == "NotFound":
                return RoleFacts(False)
            raise
        if role.get("Arn", arn) != arn:  # the same name under another path or in another account
            return RoleFacts(False)
        document = role.get("AssumeRolePolicyDocument")
        return RoleFacts(True, None if document is None else trusts(document, SERVICE))

    def denied_actions(self, principal: str, actions: list[str]) -> list[str]:
        """Which of the actions a principal may not do at all (SimulatePrincipalPolicy, resource `*`).

        A policy that allows an action on some resources only counts as denied here.
        """
        with asking("simulate your permissions"):
            answer = self._session.client("iam").simulate_principal_policy(
                PolicySourceArn=principal, ActionNames=actions
            )
        results = answer["EvaluationResults"]
        return [result["EvalActionName"] for result in results if result["EvalDecision"] != "allowed"]


def trusts(document: Mapping[str, Any] | str, service: str) -> bool:
    """Whether a trust policy lets a service assume the role (conditions are not evaluated)."""
    policy: Any = json.loads(unquote(document)) if isinstance(document, str) else document
    allowed = False
    for statement in _listed(policy.get("Statement")):
        if not _assumes(statement) or service not in _principals(statement):
            continue
        if statement.get("Effect") == "Deny":
            return False
        allowed = True
    return allowed


def _assumes(statement: Mapping[str, Any]) -> bool:
    return any(action in ("sts:AssumeRole", "sts:*", "*") for action in _listed(statement.get("Action")))


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        yield from _listed(principal.get("Service"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
