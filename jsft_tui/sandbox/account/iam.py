"""Answer who the caller is, what a role is allowed to do, and which service can assume it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jsft_tui.sandbox.http.replies import Reply, escape, new_request_id, xml_reply
from jsft_tui.sandbox.http.service import ACCOUNT_ID, ApiError

USER_ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox"
SAGEMAKER = "sagemaker.amazonaws.com"

TrustPolicies = Callable[[str], "tuple[str, Any] | None"]
"""Find the ARN and the trust policy of a role by its name."""


def caller_identity(access_key_id: str) -> Reply:
    """Return the reply to GetCallerIdentity for the sandbox's own access key."""
    return xml_reply(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{USER_ARN}</Arn><UserId>{escape(access_key_id)}</UserId><Account>{ACCOUNT_ID}</Account>"
        f"</GetCallerIdentityResult><ResponseMetadata><RequestId>{new_request_id()}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    )


class Identity:
    """Answers questions about roles, which moto stores."""

    def __init__(self, trust_policies: TrustPolicies) -> None:
        self._trust_policies = trust_policies

    def can_assume(self, role_arn: str, service: str = SAGEMAKER) -> bool:
        """Return whether the role exists and its trust policy allows a service to assume it."""
        role = self._role(role_arn)
        return role is not None and any(_trusts(statement, service) for statement in _statements(role[1]))

    def simulate(self, form: Mapping[str, str]) -> Reply:
        """Answer SimulatePrincipalPolicy: everything is allowed.

        Raises:
            ApiError: the principal does not exist, or the request names no action.
        """
        source = form.get("PolicySourceArn", "")
        if ":role/" in source and self._role(source) is None:
            raise ApiError("NoSuchEntity", f"The role with ARN {source} cannot be found.", 404)
        actions = _members(form, "ActionNames")
        if not source or not actions:
            raise ApiError("ValidationError", "PolicySourceArn and ActionNames are required.")
        resources = _members(form, "ResourceArns") or ["*"]
        rows = "".join(_evaluation(action, resource) for action in actions for resource in resources)
        return xml_reply(
            '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
            f"<SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>{rows}"
            "</EvaluationResults></SimulatePrincipalPolicyResult><ResponseMetadata>"
            f"<RequestId>{new_request_id()}</RequestId></ResponseMetadata></SimulatePrincipalPolicyResponse>"
        )

    def _role(self, role_arn: str) -> tuple[str, Any] | None:
        found = re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:role/(?:.*/)?([^/]+)", role_arn)
        role = self._trust_policies(found[1]) if found else None
        return role if role is not None and role[0] == role_arn else None


def _evaluation(action: str, resource: str) -> str:
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName><EvalDecision>allowed</EvalDecision>"
        "<MatchedStatements/><MissingContextValues/></member>"
    )


def _members(form: Mapping[str, str], name: str) -> list[str]:
    found = {k: v for k, v in form.items() if re.fullmatch(rf"{name}\.member\.\d+", k)}
    return [found[key] for key in sorted(found, key=lambda key: int(key.rpartition(".")[2]))]


def _statements(policy: Any) -> list[Any]:
    return _listed(policy.get("Statement", [])) if isinstance(policy, dict) else []


def _trusts(statement: Any, service: str) -> bool:
    principal = statement.get("Principal", {})
    services = _listed(principal.get("Service", [])) if isinstance(principal, dict) else [principal]
    actions = _listed(statement.get("Action", []))
    return (
        statement.get("Effect") == "Allow"
        and any(each in ("*", service) for each in services)
        and any(action in ("*", "sts:*", "sts:AssumeRole") for action in actions)
    )


def _listed(value: Any) -> list[Any]:
    """Return a value of a policy as a list: a single value may be written without one."""
    return value if isinstance(value, list) else [value]
