"""Trust policies."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from jsft_tui.aws.iam import trusts, verdicts
from jsft_tui.core.account.permissions import Verdict
from tests.common.home import Home
from tests.services.account import account_of

SAGEMAKER = "sagemaker.amazonaws.com"


def statement(**changes: Any) -> dict[str, Any]:
    """Build a statement that allows SageMaker to assume a role, with changes."""
    return {"Effect": "Allow", "Principal": {"Service": SAGEMAKER}, "Action": "sts:AssumeRole", **changes}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (statement(), True),
        ([statement()], True),
        ([statement(Principal={"Service": ["ec2.amazonaws.com", SAGEMAKER]})], True),
        ([statement(Action=["sts:TagSession", "sts:AssumeRole"])], True),
        ([statement(Principal={"Service": "ec2.amazonaws.com"})], False),
        ([statement(Principal={"AWS": "*"})], False),
        ([statement(Action="sts:TagSession")], False),
        ([statement(), statement(Effect="Deny")], False),
        ([statement(), statement(Effect="Deny", Condition={"StringNotEquals": {"aws:SourceAccount": "1"}})], None),
        ([statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}})], True),
        (statement(Action="sts:Assume*"), True),
        (statement(Action="*"), True),
        (statement(Action="STS:AssumeRole"), True),
        (statement(Action="sts:AssumeRoleWithSAML"), False),
        ([], False),
    ],
)
def test_a_role_trusts_sagemaker_only_when_its_policy_says_so(statements: Any, expected: bool | None) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}

    assert trusts(policy, SAGEMAKER) is expected


def test_a_policy_as_url_encoded_text_is_read_too() -> None:
    assert trusts(quote(json.dumps({"Statement": [statement()]})), SAGEMAKER)


ACTION, ARN = "s3:GetObject", "arn:aws:s3:::b/*"


@pytest.mark.parametrize(
    ("decision", "missing", "expected"),
    [
        ("allowed", [], Verdict.ALLOWED),
        ("allowed", ["aws:SourceVpce"], Verdict.ALLOWED),
        ("implicitDeny", [], Verdict.NOT_ALLOWED),
        ("explicitDeny", [], Verdict.DENIED),
        ("explicitDeny", ["aws:SourceVpce"], Verdict.DEPENDS),
        ("implicitDeny", ["aws:MultiFactorAuthPresent"], Verdict.DEPENDS),
    ],
)
def test_a_simulation_is_trusted_as_far_as_its_conditions_were_known(
    decision: str, missing: list[str], expected: Verdict
) -> None:
    row = {"EvalActionName": ACTION, "EvalResourceName": ARN, "EvalDecision": decision, "MissingContextValues": missing}
    assert dict(verdicts(row)) == {(ACTION, ARN): expected}


def test_a_simulation_of_several_resources_reports_each() -> None:
    parts = [
        {"EvalResourceName": "arn:1", "EvalResourceDecision": "allowed"},
        {"EvalResourceName": "arn:2", "EvalResourceDecision": "explicitDeny"},
    ]
    row = {"EvalActionName": ACTION, "EvalDecision": "explicitDeny", "ResourceSpecificResults": parts}
    assert dict(verdicts(row)) == {(ACTION, "arn:1"): Verdict.ALLOWED, (ACTION, "arn:2"): Verdict.DENIED}


def test_a_session_is_simulated_as_its_role_with_the_roles_path(home: Home) -> None:
    client = home.sandbox.client("iam")
    client.create_role(Path="/aws-reserved/sso/", RoleName="SsoTrainer", AssumeRolePolicyDocument="{}")
    iam = account_of(home).iam

    session = "arn:aws:sts::123456789012:assumed-role/{}/ana"
    assert iam.principal(session.format("SsoTrainer")) == "arn:aws:iam::123456789012:role/aws-reserved/sso/SsoTrainer"
    assert iam.principal(session.format("Nobody")) == "arn:aws:iam::123456789012:role/Nobody"
    assert iam.principal("arn:aws:iam::123456789012:user/ana") == "arn:aws:iam::123456789012:user/ana"
