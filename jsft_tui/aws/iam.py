"""Identity and execution roles (STS, IAM)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.identity import Identity, RoleFacts
from jsft_tui.core.account.permissions import Permissions, Verdict, principal_of, session_role
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

SERVICE = "sagemaker.amazonaws.com"


class Iam:
    """Who calls, which roles there are, and what they may do.

    What a check asks about roles goes through a brief client: throttled, the check says that it is unknown.
    """

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
                role = self._session.brief_client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
        except Problem as problem:
            if problem.code == "NotFound":
                return RoleFacts(False)
            raise
        if role.get("Arn", arn) != arn:  # the same name under another path or in another account
            return RoleFacts(False)
        document = role.get("AssumeRolePolicyDocument")
        return RoleFacts(True, None if document is None else trusts(document, SERVICE))

    def roles_of(self, service: str) -> list[Resource]:
        """The roles that a service may assume: ARN, name, and path and description as note."""
        with asking("list the roles"):
            pages = self._session.client("iam").get_paginator("list_roles").paginate()
            rows = [row for page in pages for row in page["Roles"]]
        return [
            Resource(row["Arn"], clean(row["RoleName"]), clean(str(row.get("Description") or "")))
            for row in rows
            if trusts(row.get("AssumeRolePolicyDocument") or {}, service) is not False
        ]

    def principal(self, arn: str) -> str:
        """The principal behind the ARN of a caller that can be simulated.

        The ARN of a session does not tell the path of its role, which every SSO role has: the role is asked for.
        """
        name = session_role(arn)
        if name is None:
            return arn
        try:
            with asking(f"look at the role {name}"):
                return str(self._session.brief_client("iam").get_role(RoleName=name)["Role"]["Arn"])
        except Problem as problem:
            if problem.code in ("AccessDenied", "NotFound"):
                return principal_of(arn)
            raise

    def simulate(
        self, principal: str, actions: Sequence[str], resources: Sequence[str], context: Mapping[str, str]
    ) -> Permissions:
        """What the principal's own policies say of each action on each resource (SimulatePrincipalPolicy).

        Policies of buckets and keys are not looked at, nor those of a session.

        Args:
            principal: ARN of a user or role.
            actions: for example `s3:GetObject`.
            resources: ARNs, or `*`.
            context: condition key -> value, as the real call would carry it.
        """
        entries = [
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in context.items()
        ]
        with asking(f"simulate the permissions of {principal}"):
            pages = (
                self._session.brief_client("iam")
                .get_paginator("simulate_principal_policy")
                .paginate(
                    PolicySourceArn=principal,
                    ActionNames=list(actions),
                    ResourceArns=list(resources),
                    ContextEntries=entries,
                )
            )
            rows = [row for page in pages for row in page["EvaluationResults"]]
        return Permissions(dict(pair for row in rows for pair in verdicts(row)))

    def denied_actions(self, principal: str, actions: list[str]) -> list[str]:
        """Which of the actions a principal may not do at all (SimulatePrincipalPolicy, resource `*`).

        A policy that allows an action on some resources only counts as denied here.
        """
        with asking("simulate your permissions"):
            answer = self._session.brief_client("iam").simulate_principal_policy(
                PolicySourceArn=principal, ActionNames=actions
            )
        results = answer["EvaluationResults"]
        return [result["EvalActionName"] for result in results if result["EvalDecision"] != "allowed"]


_VERDICTS = {"allowed": Verdict.ALLOWED, "explicitDeny": Verdict.DENIED}


def verdicts(row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Verdict]]:
    """An EvaluationResult: one decision, or one for each resource beneath it."""
    action = str(row["EvalActionName"])
    for part in row.get("ResourceSpecificResults") or ():
        yield (action, str(part["EvalResourceName"])), _verdict(part["EvalResourceDecision"], part)
    if not row.get("ResourceSpecificResults"):
        yield (action, str(row.get("EvalResourceName", "*"))), _verdict(row["EvalDecision"], row)


def _verdict(decision: str, row: Mapping[str, Any]) -> Verdict:
    found = _VERDICTS.get(decision, Verdict.NOT_ALLOWED)
    # Without the value of a condition the simulation takes it as not met.
    return Verdict.DEPENDS if found is not Verdict.ALLOWED and row.get("MissingContextValues") else found


def trusts(document: Mapping[str, Any] | str, service: str) -> bool | None:
    """Whether a trust policy lets a service assume the role.

    Conditions are not evaluated: an allowing statement is taken as met, a denying one makes it not known (None).
    """
    policy: Any = json.loads(unquote(document)) if isinstance(document, str) else document
    allowed, doubtful = False, False
    for statement in _listed(policy.get("Statement")):
        if not _assumes(statement) or service not in _principals(statement):
            continue
        if statement.get("Effect") != "Deny":
            allowed = True
        elif statement.get("Condition"):
            doubtful = True
        else:
            return False
    return None if allowed and doubtful else allowed


def _assumes(statement: Mapping[str, Any]) -> bool:
    return any(fnmatchcase("sts:assumerole", str(action).lower()) for action in _listed(statement.get("Action")))


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        yield from _listed(principal.get("Service"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
