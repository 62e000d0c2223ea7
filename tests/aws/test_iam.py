"""Trust policies."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from jsft_tui.aws.iam import trusts

SAGEMAKER = "sagemaker.amazonaws.com"


def statement(**changes: Any) -> dict[str, Any]:
    """A statement that lets SageMaker assume a role, with changes."""
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
        ([], False),
    ],
)
def test_a_role_trusts_sagemaker_only_when_its_policy_says_so(statements: Any, expected: bool) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}

    assert trusts(policy, SAGEMAKER) is expected


def test_a_policy_as_url_encoded_text_is_read_too() -> None:
    assert trusts(quote(json.dumps({"Statement": [statement()]})), SAGEMAKER)
