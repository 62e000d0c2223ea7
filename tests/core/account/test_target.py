"""What a target is called, and what tells two targets apart."""

from __future__ import annotations

import pytest

from jsft_tui.core.account.target import StaticCredentials, Target

HERE = "http://127.0.0.1:5000"
ALL = tuple((name, HERE) for name in ("ec2", "iam", "s3", "sts"))
KEYS = StaticCredentials("A", "s")


@pytest.mark.parametrize(
    ("target", "label"),
    [
        (Target("us-west-2"), "AWS us-west-2"),
        (Target("us-west-2", profile="prod"), "profile prod us-west-2"),
        (Target("us-west-2", profile="prod", profile_origin="AWS_PROFILE"), "profile prod (AWS_PROFILE) us-west-2"),
        (Target("us-west-2", profile="prod", exported_keys=True), "AWS us-west-2"),
        (Target("us-west-2", endpoints=ALL, read_only=True), f"AWS us-west-2 at {HERE} READ-ONLY"),
        (Target("us-west-2", endpoints=ALL[:1]), f"AWS us-west-2 at {HERE} (ec2)"),
        (
            Target("us-west-2", endpoints=(("iam", "http://a"), ("s3", "http://b"), ("sts", "http://c"))),
            "AWS us-west-2 at http://a (iam), http://b (s3) and 1 more",
        ),
        (Target("us-west-2", endpoint=HERE, credentials=KEYS, sandbox=True), "SANDBOX us-west-2"),
    ],
    ids=["chain", "profile", "env", "keys", "all", "one", "many", "sandbox"],
)
def test_the_label(target: Target, label: str) -> None:
    assert target.label == label


def test_what_named_a_profile_makes_no_other_target() -> None:
    named = Target("us-west-2", profile="prod")
    assert named.key == Target("us-west-2", profile="prod", profile_origin="AWS_PROFILE", read_only=True).key
    assert named.key != Target("us-west-2", profile="prod", exported_keys=True).key
    assert named.key != Target("us-west-2", profile="prod", endpoints=ALL).key


def test_the_endpoint_of_a_service() -> None:
    assert Target("us-west-2", endpoints=ALL).endpoint_of("s3") == HERE
    assert Target("us-west-2", endpoints=ALL).endpoint_of("kms") is None
    assert Target("us-west-2", endpoint="http://all").endpoint_of("kms") == "http://all"
