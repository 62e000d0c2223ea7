"""What a launch takes of permissions."""

from __future__ import annotations

import pytest

from jsft_tui.core.account.permissions import actions_on, is_root, principal_of, session_role
from jsft_tui.core.preflight.base.required_access import Access, caller_access, role_access
from jsft_tui.core.run.run import Vpc
from tests.core.catalog.specs import ROLE, model_spec
from tests.core.preflight.examples import KEY, plan


def test_the_caller_creates_tags_and_passes_the_role() -> None:
    job = "arn:aws:sagemaker:us-west-2:123456789012:training-job/flowers-1"
    assert caller_access(plan(), "123456789012") == [
        Access(("sagemaker:CreateTrainingJob", "sagemaker:AddTags"), (job,)),
        Access(("iam:PassRole",), (ROLE,), {"iam:PassedToService": "sagemaker.amazonaws.com"}),
    ]


def test_other_partitions_keep_their_name() -> None:
    role = "arn:aws-cn:iam::123456789012:role/Train"
    assert caller_access(plan(role=role), "123456789012")[0].resources[0].startswith("arn:aws-cn:sagemaker:")
    assert role_access(plan(role=role))[0].resources == ("arn:aws-cn:s3:::my-data/flowers/*",)


def test_the_role_reads_the_data_and_writes_below_the_jobs_own_name() -> None:
    assert role_access(plan()) == [
        Access(("s3:GetObject",), ("arn:aws:s3:::my-data/flowers/*",)),
        Access(("s3:ListBucket",), ("arn:aws:s3:::my-data",)),
        Access(("s3:PutObject",), ("arn:aws:s3:::my-output/flowers-1/output/*",)),
    ]


def test_checkpoints_keys_and_a_network_take_more() -> None:
    planned = plan(output="s3://my-output/ours", checkpoint="s3://my-c/c/", vpc=Vpc(("subnet-1",), ("sg-1",)))
    found = {access.actions: access.resources for access in role_access(planned, [KEY, KEY])}
    assert found["s3:GetObject",] == ("arn:aws:s3:::my-data/flowers/*", "arn:aws:s3:::my-c/c/*")
    assert found["s3:PutObject",] == ("arn:aws:s3:::my-output/ours/flowers-1/output/*", "arn:aws:s3:::my-c/c/*")
    assert found["kms:GenerateDataKey", "kms:Decrypt"] == (KEY,)
    assert ("*",) in found.values()


def test_the_keys_of_the_data_are_decrypted_with() -> None:
    other = KEY.replace("/", "/other-")
    found = [access for access in role_access(plan(), [KEY], [other, KEY, other]) if "kms:Decrypt" in access.actions]
    assert found == [Access(("kms:GenerateDataKey", "kms:Decrypt"), (KEY,)), Access(("kms:Decrypt",), (other,))]


def test_places_that_cannot_be_are_left_to_the_checks_that_say_so() -> None:
    assert role_access(plan(data={"training": "oops"}, output="oops", checkpoint="oops")) == []
    assert [a.actions for a in role_access(plan(data={}, model=model_spec(default_training_dataset_key=None)))] == [
        ("s3:PutObject",)
    ]


@pytest.mark.parametrize(
    ("arn", "principal", "role"),
    [
        ("arn:aws:iam::1:user/ana", "arn:aws:iam::1:user/ana", None),
        ("arn:aws:sts::1:assumed-role/Train/ana", "arn:aws:iam::1:role/Train", "Train"),
        ("arn:aws-cn:sts::1:assumed-role/Train/i-1", "arn:aws-cn:iam::1:role/Train", "Train"),
        ("arn:aws:iam::1:root", "arn:aws:iam::1:root", None),
    ],
)
def test_the_principal_behind_a_caller(arn: str, principal: str, role: str | None) -> None:
    assert (principal_of(arn), session_role(arn), is_root(arn)) == (principal, role, arn.endswith("root"))


def test_actions_in_words_stay_short() -> None:
    pairs = [(f"s3:A{number}", "arn") for number in range(4)]
    assert actions_on(pairs) == "s3:A0 on arn, s3:A1 on arn and 2 more actions"
    assert actions_on(pairs[:1]) == "s3:A0 on arn"
