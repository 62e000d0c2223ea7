"""Lists to choose from: roles, networks, keys; and what is said to those who may not list them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from jsft_tui.core.account.resources import Resource
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.preflight.resource_pickers import ResourcePickers
from tests.common.home import Home
from tests.services.account import account_of


@pytest.fixture
def finders(home: Home) -> ResourcePickers:
    return ResourcePickers(account_of(home))


def test_only_roles_that_trust_sagemaker_are_found(home: Home, finders: ResourcePickers) -> None:
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    home.sandbox.client("iam").create_role(RoleName="ForEc2", AssumeRolePolicyDocument=json.dumps(trust))

    roles = finders.roles()

    assert Resource("arn:aws:iam::123456789012:role/JsftSandboxRole", "JsftSandboxRole") in roles
    assert "ForEc2" not in [role.name for role in roles]


def test_a_network_is_found_step_by_step(finders: ResourcePickers) -> None:
    vpc = next(vpc for vpc in finders.vpcs() if "default" in vpc.note)
    subnets, groups = finders.subnets(vpc.id), finders.security_groups(vpc.id)

    assert vpc.note.startswith("172.31.0.0/16")
    assert subnets[0].note == "us-west-2a, 4091 addresses free"
    assert [(group.name, group.id[:3]) for group in groups] == [("default", "sg-")]


def test_keys_come_with_their_alias_and_without_those_of_aws(home: Home, finders: ResourcePickers) -> None:
    kms = home.sandbox.client("kms")
    arn = kms.create_key(Description="for models")["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/models", TargetKeyId=arn)

    keys = finders.keys()

    assert Resource(arn, "alias/models") in keys
    assert [bool(key.name) for key in keys] == sorted((bool(key.name) for key in keys), reverse=True)
    assert not [key for key in keys if key.name.startswith("alias/aws/")]


@pytest.mark.parametrize(
    ("service", "find"),
    [
        ("iam", ResourcePickers.roles),
        ("ec2", ResourcePickers.vpcs),
        ("ec2", lambda finders: finders.subnets("vpc-1")),
        ("ec2", lambda finders: finders.security_groups("vpc-1")),
        ("kms", ResourcePickers.keys),
    ],
)
def test_a_denied_list_is_reported(
    home: Home, finders: ResourcePickers, service: str, find: Callable[[ResourcePickers], object]
) -> None:
    home.sandbox.set_faults({"do": "denied", "service": service, "times": None})

    with pytest.raises(Problem) as raised:
        find(finders)

    assert raised.value.code == "AccessDenied"
    assert raised.value.remedy
