"""Read the caller's identity, execution roles, and permissions (STS, IAM)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.account.identity import Identity, RoleFacts
from jsft_tui.core.account.permissions import Permissions, Verdict, principal_of, session_role
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

SERVICE = "sagemaker.amazonaws.com"


class Iam:
    """The caller, the roles of the account, and their permissions.

    Requests made for checks use the fail-fast client: a throttled check reports that the result is unknown.
    """

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def identity(self) -> Identity:
        """Return the caller (GetCallerIdentity). It needs no permission, so it shows whether the credentials work."""
        with translate_errors("determine your identity"):
            answer = self._session.client("sts").get_caller_identity()
            return _identity(answer)

    def role(self, arn: str) -> RoleFacts:
        """Read whether a role exists and trusts SageMaker."""
        try:
            with translate_errors(f"read the role {arn}"):
                answer = self._session.fail_fast_client("iam").get_role(RoleName=arn.rpartition("/")[2])
                return _role_facts(answer["Role"], arn)
        except Problem as problem:
            if problem.code == "NotFound":
                return RoleFacts(False)
            raise

    def roles_of(self, service: str) -> list[Resource]:
        """List the roles that a service may assume: ARN, name, and the description as note."""
        with translate_errors("list the roles"):
            pages = self._session.client("iam").get_paginator("list_roles").paginate()
            return [
                Resource(row["Arn"], clean(row["RoleName"]), clean(str(row.get("Description") or "")))
                for page in pages
                for row in page["Roles"]
                if trusts(row.get("AssumeRolePolicyDocument") or {}, service) is not False
            ]

    def principal(self, arn: str) -> str:
        """Return the principal behind a caller's ARN, in the form that can be simulated.

        The ARN of a session lacks the path of its role, which every SSO role has, so the role is read.
        """
        name = session_role(arn)
        if name is None:
            return arn
        try:
            with translate_errors(f"read the role {name}"):
                return str(self._session.fail_fast_client("iam").get_role(RoleName=name)["Role"]["Arn"])
        except Problem as problem:
            if problem.code in ("AccessDenied", "NotFound"):
                return principal_of(arn)
            raise

    def simulate(
        self, principal: str, actions: Sequence[str], resources: Sequence[str], context: Mapping[str, str]
    ) -> Permissions:
        """Simulate the principal's own policies for each action on each resource (SimulatePrincipalPolicy).

        Resource policies of buckets and keys, and session policies, are not considered.

        Args:
            principal: ARN of a user or role.
            actions: for example `s3:GetObject`.
            resources: ARNs, or `*`.
            context: condition key -> value, as in the real call.
        """
        entries = [
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in context.items()
        ]
        with translate_errors(f"simulate the permissions of {principal}"):
            pages = (
                self._session.fail_fast_client("iam")
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
        """Return the actions that a principal is not allowed to call at all (SimulatePrincipalPolicy, resource `*`).

        An action that a policy allows on some resources only counts as denied here.
        """
        with translate_errors("simulate your permissions"):
            answer = self._session.fail_fast_client("iam").simulate_principal_policy(
                PolicySourceArn=principal, ActionNames=actions
            )
            results = answer["EvaluationResults"]
            return [result["EvalActionName"] for result in results if _decided(result["EvalDecision"]) != "allowed"]


def _identity(answer: Mapping[str, Any]) -> Identity:
    account, arn = str(answer["Account"]), str(answer["Arn"])
    if not re.fullmatch(r"[0-9]{12}", account) or not arn.startswith("arn:"):
        raise ValueError("it names no account")
    return Identity(account, arn)


def _role_facts(role: Mapping[str, Any], arn: str) -> RoleFacts:
    if role.get("Arn", arn) != arn:  # a role of the same name with another path or in another account
        return RoleFacts(False)
    document = role.get("AssumeRolePolicyDocument")
    return RoleFacts(True, None if document is None else trusts(document, SERVICE))


_VERDICTS = {"allowed": Verdict.ALLOWED, "explicitDeny": Verdict.DENIED}


def verdicts(row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Verdict]]:
    """Yield the verdicts of an EvaluationResult: one decision, or one per resource below it."""
    action = str(row["EvalActionName"])
    for part in row.get("ResourceSpecificResults") or ():
        yield (action, str(part["EvalResourceName"])), _verdict(part["EvalResourceDecision"], part)
    if not row.get("ResourceSpecificResults"):
        yield (action, str(row.get("EvalResourceName", "*"))), _verdict(row["EvalDecision"], row)


def _decided(decision: str) -> str:
    """Return a decision that is one of IAM's (EvaluationResult)."""
    if decision not in ("allowed", "explicitDeny", "implicitDeny"):
        raise ValueError("its decision is none of IAM's")
    return decision


def _verdict(decision: str, row: Mapping[str, Any]) -> Verdict:
    found = _VERDICTS.get(_decided(decision), Verdict.NOT_ALLOWED)
    # The simulation treats a condition whose value is missing as not met.
    return Verdict.DEPENDS if found is not Verdict.ALLOWED and row.get("MissingContextValues") else found


def trusts(document: Mapping[str, Any] | str, service: str) -> bool | None:
    """Return whether a trust policy allows a service to assume the role.

    Conditions are not evaluated: they count as met in an Allow statement, and make a Deny statement unknown (None).
    """
    policy: Any = json.loads(unquote(document)) if isinstance(document, str) else document
    allowed, conditionally_denied = False, False
    for statement in _as_list(policy.get("Statement")):
        if not _assumes(statement) or service not in _principals(statement):
            continue
        if statement.get("Effect") != "Deny":
            allowed = True
        elif statement.get("Condition"):
            conditionally_denied = True
        else:
            return False
    return None if allowed and conditionally_denied else allowed


def _assumes(statement: Mapping[str, Any]) -> bool:
    return any(fnmatchcase("sts:assumerole", str(action).lower()) for action in _as_list(statement.get("Action")))


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal")
    if isinstance(principal, Mapping):
        yield from _as_list(principal.get("Service"))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
