"""Preflight of what the account must have: credentials, role, quota, a free name."""

from __future__ import annotations

import pytest

from jsft_tui.core.checks.check import (
    Facts,
    NameFacts,
    QuotaFacts,
    RoleFacts,
)
from jsft_tui.core.errors import Problem
from jsft_tui.core.findings import Level
from tests.core.preflight import assert_says, chosen, facts, findings, level, plan
from tests.shared_data import REGION

# -- credentials


@pytest.mark.parametrize("code", ["NoCredentials", "ExpiredToken", "InvalidCredentials"])
def test_credentials_that_nothing_can_be_called_with_block(code: str) -> None:
    known = facts(identity=Problem(code, "signed out.", "Sign in again."))
    assert_says("credentials", Level.BLOCK, "signed out.", "Sign in again.", planned=plan(), known=known)


def test_credentials_name_account_and_region() -> None:
    assert_says("credentials", Level.PASS, "123456789012", "user/ana", REGION, planned=plan())


# -- role


def test_no_role_blocks() -> None:
    assert_says("role", Level.BLOCK, "no execution role", "role: arn:aws:iam", planned=plan(role=None))


@pytest.mark.parametrize("arn", ["Train", "arn:aws:iam::123456789012:user/Ana", "arn:aws:iam::1234:role/Train", "arn:"])
def test_what_is_no_arn_of_a_role_blocks_even_when_nothing_can_be_asked(arn: str) -> None:
    assert_says("role", Level.BLOCK, repr(arn), planned=plan(role=arn), known=Facts())


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::123456789012:role/service-role/Train", "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h"]
)
def test_roles_with_a_path_or_of_another_partition_pass(arn: str) -> None:
    assert level("role", plan(role=arn)) is Level.PASS


def test_a_role_that_does_not_exist_blocks() -> None:
    assert_says("role", Level.BLOCK, "there is no role", planned=plan(), known=facts(role=RoleFacts(False)))


def test_a_role_that_does_not_trust_sagemaker_blocks() -> None:
    known = facts(role=RoleFacts(True, False))
    assert_says("role", Level.BLOCK, "does not trust SageMaker", "sts:AssumeRole", planned=plan(), known=known)


def test_a_role_whose_trust_was_not_told_is_unknown() -> None:
    assert level("role", plan(), facts(role=RoleFacts(True, None))) is Level.UNKNOWN


# -- quota


def quota(limit: float | None, in_use: int = 0) -> Facts:
    return facts(quota=QuotaFacts("ml.g5.2xlarge for training job usage", limit, in_use))


def test_a_quota_of_nothing_blocks_with_its_name() -> None:
    assert_says("quota", Level.BLOCK, "'ml.g5.2xlarge for training job usage' is 0", planned=plan(), known=quota(0.0))


def test_a_quota_that_running_jobs_hold_blocks() -> None:
    assert_says("quota", Level.BLOCK, "running jobs hold 2", "jsft jobs", planned=plan(), known=quota(2.0, 2))


def test_a_quota_for_fewer_instances_blocks() -> None:
    assert_says("quota", Level.BLOCK, "needs 4", planned=plan(instance=chosen(count=4)), known=quota(3.0))
    assert level("quota", plan(instance=chosen(count=4)), quota(4.0)) is Level.PASS


def test_a_quota_that_is_not_listed_is_unknown() -> None:
    assert level("quota", plan(), quota(None)) is Level.UNKNOWN


# -- name


@pytest.mark.parametrize("name", ["a", "A1", "flowers-2026", "a" * 63, "a--b", "0-1"])
def test_a_name_of_the_services_grammar_passes(name: str) -> None:
    assert level("name", plan(name=name)) is Level.PASS


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a_b", "a.b", "a b", "a" * 64, "é", "a" + "-" * 70 + "b", "a\n", "a/b"]
)
def test_a_name_that_the_service_would_refuse_blocks_even_when_nothing_can_be_asked(name: str) -> None:
    assert_says("name", Level.BLOCK, "no job name", planned=plan(name=name), known=Facts())


def test_a_bad_name_is_answered_with_a_good_one() -> None:
    assert_says("name", Level.BLOCK, "'my-flowers-v2'", planned=plan(name="_my flowers.v2_"))
    for name in ("a" + "-" * 70 + "b", "x" * 62 + "--y", "a_" * 60):
        suggestion = findings("name", plan(name=name))[0].remedy.split("'")[1]
        assert level("name", plan(name=suggestion)) is Level.PASS


def test_a_name_that_is_taken_blocks_with_the_status() -> None:
    known = facts(name=NameFacts(True, "InProgress"))
    assert_says("name", Level.BLOCK, "exists already (InProgress)", planned=plan(), known=known)
