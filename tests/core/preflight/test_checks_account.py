"""Preflight of what the account must have: credentials, role, quota, a free name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.account.identity import RoleFacts, TokenFacts
from jsft_tui.core.account.permissions import Permissions, Verdict
from jsft_tui.core.account.quotas import OtherQuota, QuotaFacts
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.checks.job.name import NameFacts
from tests.common.shared_data import REGION
from tests.core.catalog.specs import ROLE
from tests.core.preflight.examples import DENIED, assert_says, chosen, findings, inputs, level, plan

# -- credentials


@pytest.mark.parametrize("code", ["NoCredentials", "ExpiredToken", "InvalidCredentials"])
def test_credentials_that_nothing_can_be_called_with_block(code: str) -> None:
    known = inputs(identity=Problem(code, "signed out.", "Sign in again."))
    assert_says("credentials", Level.BLOCK, "signed out.", "Sign in again.", planned=plan(), known=known)


def test_credentials_name_account_and_region() -> None:
    assert_says("credentials", Level.PASS, "123456789012", "user/ana", REGION, planned=plan())


# -- role


def test_no_role_blocks() -> None:
    assert_says("role", Level.BLOCK, "no execution role", "role: arn:aws:iam", planned=plan(role=None))


@pytest.mark.parametrize("arn", ["Train", "arn:aws:iam::123456789012:user/Ana", "arn:aws:iam::1234:role/Train", "arn:"])
def test_what_is_no_arn_of_a_role_blocks_even_when_nothing_can_be_asked(arn: str) -> None:
    assert_says("role", Level.BLOCK, repr(arn), planned=plan(role=arn), known=Inputs())


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::123456789012:role/service-role/Train", "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h"]
)
def test_roles_with_a_path_or_of_another_partition_pass(arn: str) -> None:
    assert level("role", plan(role=arn)) is Level.PASS


def test_a_role_that_does_not_exist_blocks() -> None:
    assert_says("role", Level.BLOCK, "there is no role", planned=plan(), known=inputs(role=RoleFacts(False)))


def test_a_role_that_does_not_trust_sagemaker_blocks() -> None:
    known = inputs(role=RoleFacts(True, False))
    assert_says("role", Level.BLOCK, "does not trust SageMaker", "sts:AssumeRole", planned=plan(), known=known)


def test_a_role_whose_trust_is_not_known_is_unknown() -> None:
    assert level("role", plan(), inputs(role=RoleFacts(True, None))) is Level.UNKNOWN


# -- token life


def token(seconds_left: float | None, *, renews: bool = False) -> Inputs:
    return inputs(token=TokenFacts(seconds_left, renews))


def test_credentials_about_to_end_warn_with_what_to_do() -> None:
    assert_says("credentials", Level.WARN, "expire in 8m", "aws sso login", planned=plan(), known=token(8 * 60 + 5.0))
    assert_says("credentials", Level.WARN, "have expired", planned=plan(), known=token(-5.0))


def test_credentials_that_outlast_the_launch_pass_and_say_when_watching_ends() -> None:
    assert_says("credentials", Level.PASS, "expire in 1h", "sign in again", planned=plan(), known=token(3600.0))
    found = findings("credentials", plan(), token(7 * 3600.0))
    assert len(found) == 1 and "expire in" not in found[0].message


@pytest.mark.parametrize("known", [token(60.0, renews=True), token(None)])
def test_credentials_that_renew_or_do_not_end_have_nothing_to_say(known: Inputs) -> None:
    assert level("credentials", plan(), known) is Level.PASS


# -- permissions


PASS_ROLE = ("iam:PassRole", ROLE)
JOB = "arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers-1"


@pytest.mark.parametrize("verdict", [Verdict.NOT_ALLOWED, Verdict.DENIED])
def test_a_launch_that_the_callers_policies_do_not_allow_blocks(verdict: Verdict) -> None:
    known = inputs(permissions=Permissions({PASS_ROLE: verdict, ("sagemaker:AddTags", JOB): verdict}))
    assert_says("permissions", Level.BLOCK, "iam:PassRole", ROLE, "iam:PassedToService", planned=plan(), known=known)
    assert_says("permissions", Level.BLOCK, f"Ask for sagemaker:AddTags on {JOB}", planned=plan(), known=known)


def test_a_permission_under_conditions_is_unknown() -> None:
    known = inputs(permissions=Permissions({PASS_ROLE: Verdict.DEPENDS}))
    assert_says("permissions", Level.UNKNOWN, "iam:PassRole", "conditions", planned=plan(), known=known)


def test_permissions_that_are_there_pass() -> None:
    assert level("permissions", plan()) is Level.PASS
    assert level("permissions", plan(role=None)) is Level.PASS


# -- what the role may do


def role_may(verdict: Verdict, *actions: str) -> Inputs:
    return inputs(role_permissions=Permissions({(action, "arn:aws:s3:::my-data/*"): verdict for action in actions}))


def test_a_role_that_is_forbidden_to_write_blocks() -> None:
    known = role_may(Verdict.DENIED, "s3:PutObject")
    assert_says("role_access", Level.BLOCK, "s3:PutObject", "the role Train", planned=plan(), known=known)


def test_a_role_without_a_policy_for_the_bucket_warns_as_the_buckets_own_may_allow_it() -> None:
    known = role_may(Verdict.NOT_ALLOWED, "s3:GetObject", "s3:ListBucket", "kms:Decrypt")
    assert_says(
        "role_access", Level.WARN, "s3:GetObject", "and 1 more action", "own policy", planned=plan(), known=known
    )


def test_a_role_that_may_not_enter_the_network_blocks() -> None:
    known = role_may(Verdict.NOT_ALLOWED, "ec2:CreateNetworkInterface")
    assert_says("role_access", Level.BLOCK, "ec2:CreateNetworkInterface", planned=plan(), known=known)


def test_a_role_that_does_not_exist_is_the_other_checks_finding() -> None:
    known = inputs(role_permissions=Problem("NotFound", "could not simulate: no such role."))
    assert_says("role_access", Level.UNKNOWN, "the role was not found", planned=plan(), known=known)


def test_a_role_whose_access_depends_is_unknown_and_one_that_may_all_passes() -> None:
    assert level("role_access", plan(), role_may(Verdict.DEPENDS, "s3:GetObject")) is Level.UNKNOWN
    assert level("role_access", plan(), role_may(Verdict.ALLOWED, "s3:GetObject")) is Level.PASS
    assert level("role_access", plan(role="no arn"), Inputs()) is Level.PASS


# -- quota

NAME = "ml.g5.2xlarge for training job usage"


def quota(limit: float | None, in_use: int | None = 0, **more: Any) -> Inputs:
    return inputs(quota=QuotaFacts(NAME, limit, in_use, **more))


def test_a_quota_of_nothing_blocks_with_its_name_and_where_to_raise_it() -> None:
    known = quota(0.0, code="L-1234")
    place = "https://us-west-2.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas/L-1234"
    assert_says("quota", Level.BLOCK, "your limit is 0", f"'{NAME}' at {place}", planned=plan(), known=known)


def test_a_quota_of_nothing_names_the_types_that_have_enough() -> None:
    free = {"ml.g5.2xlarge": 0.0, "ml.g5.12xlarge": 1.0, "ml.m5.xlarge": 4.0}
    known = quota(0.0, free=free)
    assert_says("quota", Level.BLOCK, "ml.g5.12xlarge (1), ml.m5.xlarge (4)", planned=plan(), known=known)
    remedy = findings("quota", plan(instance=chosen(count=2)), known)[0].remedy
    assert "ml.m5.xlarge (4)" in remedy and "ml.g5.12xlarge" not in remedy


def test_a_quota_that_running_jobs_hold_blocks() -> None:
    assert_says("quota", Level.BLOCK, "running jobs use 2", "jsft instances", planned=plan(), known=quota(2.0, 2))


def test_a_run_that_was_launched_before_needs_no_more_quota() -> None:
    full = QuotaFacts(NAME, 1.0, 1)
    assert level("quota", plan(), inputs(quota=full, name=NameFacts(True, "InProgress", same=True))) is Level.PASS
    assert level("quota", plan(), inputs(quota=full, name=NameFacts(True, "InProgress"))) is Level.BLOCK
    assert level("quota", plan(), inputs(quota=full, name=DENIED)) is Level.BLOCK


def test_a_quota_for_fewer_instances_blocks() -> None:
    assert_says("quota", Level.BLOCK, "needs 4", planned=plan(instance=chosen(count=4)), known=quota(3.0))
    assert level("quota", plan(instance=chosen(count=4)), quota(4.0)) is Level.PASS
    assert level("quota", plan(instance=chosen(count=4)), quota(5.0, 2)) is Level.BLOCK


def test_a_quota_that_is_not_listed_is_unknown() -> None:
    assert level("quota", plan(), quota(None)) is Level.UNKNOWN


def test_running_jobs_that_may_not_be_listed_hide_nothing_but_themselves() -> None:
    assert_says("quota", Level.UNKNOWN, "could not be determined", planned=plan(), known=quota(2.0, None))
    assert level("quota", plan(), quota(0.0, None)) is Level.BLOCK


def test_a_quota_of_another_kind_blocks_too() -> None:
    longest = OtherQuota("Longest run time for a training job", 3600, 0, 21_600, "L-33A961FD")
    together = OtherQuota("Number of instances across all training jobs", 4, 4, 1)
    known = quota(2.0, others=(longest, together))
    assert_says("quota", Level.BLOCK, "Longest run time", "3600", "L-33A961FD", planned=plan(), known=known)
    assert_says("quota", Level.BLOCK, "is 4 and 4 in use", planned=plan(), known=known)
    assert level("quota", plan(), quota(2.0, others=(replace(together, in_use=3),))) is Level.PASS


# -- name


@pytest.mark.parametrize("name", ["a", "A1", "flowers-2026", "a" * 63, "a--b", "0-1"])
def test_a_name_of_the_services_grammar_passes(name: str) -> None:
    assert level("name", plan(name=name)) is Level.PASS


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a_b", "a.b", "a b", "a" * 64, "é", "a" + "-" * 70 + "b", "a\n", "a/b"]
)
def test_a_name_that_the_service_would_refuse_blocks_even_when_nothing_can_be_asked(name: str) -> None:
    assert_says("name", Level.BLOCK, "not a valid job name", planned=plan(name=name), known=Inputs())


def test_a_bad_name_is_answered_with_a_good_one() -> None:
    assert_says("name", Level.BLOCK, "'my-flowers-v2'", planned=plan(name="_my flowers.v2_"))
    for name in ("a" + "-" * 70 + "b", "x" * 62 + "--y", "a_" * 60):
        suggestion = findings("name", plan(name=name))[0].remedy.split("'")[1]
        assert level("name", plan(name=suggestion)) is Level.PASS


def test_a_name_that_is_taken_blocks_with_the_status() -> None:
    known = inputs(name=NameFacts(True, "InProgress"))
    assert_says("name", Level.BLOCK, "already exists (InProgress)", planned=plan(), known=known)
