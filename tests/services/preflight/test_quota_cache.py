"""Preflight's facts against the sandbox: permissions, keys, network, size, quotas."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.aws.quotas import AppliedQuota
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.run import InstanceChoice
from jsft_tui.services.preflight.quota_cache import QuotaCache
from jsft_tui.services.preflight.quotas import QuotaBook
from tests.cli.runs import run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import BUCKET, Home
from tests.services.account import account_of


def said(home: Home, folder: Path, check: str, **changes: Any) -> list[dict[str, str]]:
    """What a check says of a run."""
    outcome = home.jsft("check", run_file(folder, unique_name("facts"), **changes), "--json")
    return [finding for finding in outcome.document["findings"] if finding["check"] == check]


@pytest.fixture
def deny(home: Home) -> Any:
    """Let the policy simulation deny actions until the test ends."""
    yield home.sandbox.set_denied_actions
    home.sandbox.set_denied_actions()


def test_a_caller_who_may_not_pass_the_role_is_blocked_before_it_is_tried(home: Home, folder: Path, deny: Any) -> None:
    deny("iam:PassRole")
    (finding,) = said(home, folder, "permissions")
    assert finding["level"] == "block"
    assert "iam:PassRole on arn:aws:iam::123456789012:role/JsftSandboxRole" in finding["message"]


def test_a_role_that_may_not_write_the_output_is_warned_of(home: Home, folder: Path, deny: Any) -> None:
    deny("s3:PutObject")
    (finding,) = said(home, folder, "role_access")
    assert finding["level"] == "warn"
    assert f"s3:PutObject on arn:aws:s3:::{BUCKET}/facts-" in finding["message"]


def test_a_network_of_the_default_vpc_passes_and_a_made_up_one_does_not(home: Home, folder: Path) -> None:
    ec2 = home.sandbox.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    subnet = ec2.describe_subnets(Filters=of_vpc)["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]

    good = said(home, folder, "vpc", vpc={"subnets": [subnet], "security_group_ids": [group]})
    bad = said(home, folder, "vpc", vpc={"subnets": ["subnet-0a1b"], "security_group_ids": ["sg-0a1b"]})

    assert {finding["level"] for finding in good} == {"pass"}
    assert any("S3 is reached through an S3 endpoint" in finding["message"] for finding in good)
    assert [finding["level"] for finding in bad] == ["block", "block"]


@pytest.mark.parametrize(
    ("operation", "levels"),
    [("DescribeRouteTables", ["pass", "unknown"]), ("DescribeVpcs", ["unknown", "pass", "pass"])],
)
def test_what_is_denied_of_a_network_is_unknown_beside_the_rest(
    home: Home, folder: Path, operation: str, levels: list[str]
) -> None:
    ec2 = home.sandbox.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [subnet["VpcId"]]}])["SecurityGroups"][0]
    home.sandbox.set_faults({"do": "denied", "service": "ec2", "operation": operation, "times": None})

    vpc = {"subnets": [subnet["SubnetId"]], "security_group_ids": [group["GroupId"]]}
    found = said(home, folder, "vpc", vpc=vpc)

    assert [finding["level"] for finding in found] == levels


def test_keys_are_looked_at(home: Home, folder: Path) -> None:
    kms = home.sandbox.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/facts", TargetKeyId=key)

    assert [found["level"] for found in said(home, folder, "kms", kms={"output": "alias/facts"})] == ["pass"]
    kms.disable_key(KeyId=key)
    assert "is Disabled" in said(home, folder, "kms", kms={"output": key})[0]["message"]
    assert "no KMS key" in said(home, folder, "kms", kms={"output": "alias/nobody"})[0]["message"]


def test_the_size_of_the_data_is_counted(home: Home, folder: Path) -> None:
    (finding,) = said(home, folder, "data_size")
    assert finding["level"] == "pass"
    assert "50 objects; the disk has 125 GB" in finding["message"]


def test_a_quota_of_nothing_leads_to_types_that_have_some(home: Home, folder: Path) -> None:
    finding = next(f for f in said(home, folder, "quota", instance={"type": "ml.p3.2xlarge"}) if f["level"] == "block")
    assert (
        "https://us-west-2.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas/L-" in finding["remedy"]
    )
    assert "ml.g4dn.xlarge (2)" in finding["remedy"]


def test_a_run_longer_than_the_quota_for_it_blocks(home: Home, folder: Path) -> None:
    found = said(home, folder, "quota", instance={"type": "ml.g4dn.xlarge", "max_runtime": "6d"})
    assert [finding["level"] for finding in found] == ["pass", "block"]
    assert "Longest run time" in found[1]["message"]


def test_a_warm_pool_needs_a_quota_of_its_own(home: Home, folder: Path) -> None:
    found = said(home, folder, "quota", instance={"type": "ml.g4dn.xlarge", "keep_alive": "10m"})
    assert "'ml.g4dn.xlarge for training warm pool usage' is 0" in found[-1]["message"]


def test_what_running_jobs_hold_counts_on_demand_and_spot_apart(home: Home, folder: Path) -> None:
    account = account_of(home)
    instance = {"type": "ml.m5.xlarge", "count": 3, "max_runtime": "30m"}
    # It is not to be over before it is counted.
    path = run_file(folder, unique_name("held"), instance=instance, environment={"JSFT_SANDBOX_CAPACITY_WAIT": "600"})
    request = home.json("launch", path, "--dry-run")
    assert account.launching.attempt(request).problem is None

    quotas = QuotaBook(account.quotas, account.training, QuotaCache(folder, lambda: "123456789012"))
    on_demand = quotas.facts(InstanceChoice("ml.m5.xlarge"), ["ml.m5.xlarge"])
    spot = quotas.facts(InstanceChoice("ml.m5.xlarge", spot=True))

    assert (on_demand.limit, on_demand.in_use, on_demand.free) == (4.0, 3, {"ml.m5.xlarge": 1.0})
    assert (spot.name, spot.in_use) == ("ml.m5.xlarge for spot training job usage", 0)


TYPE = "ml.m5.xlarge for training job usage"


def quotas_with(cache: QuotaCache, home: Home) -> QuotaBook:
    account = account_of(home)
    return QuotaBook(account.quotas, account.training, cache)


@pytest.fixture
def slow_quotas(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing that takes longer than anybody's patience."""
    monkeypatch.setattr("jsft_tui.services.preflight.quotas.PATIENCE", 0.1)
    home.sandbox.set_faults({"do": "slow", "service": "service-quotas", "seconds": 1, "times": 1})


@pytest.mark.usefixtures("slow_quotas")
def test_quotas_that_take_long_are_those_on_disk(home: Home, tmp_path: Path) -> None:
    cache = QuotaCache(tmp_path, lambda: "123456789012")
    cache.write({TYPE: AppliedQuota(3.0, "L-3")})
    assert quotas_with(cache, home).facts(InstanceChoice("ml.m5.xlarge")).limit == 3.0


@pytest.mark.usefixtures("slow_quotas")
@pytest.mark.parametrize("saved", [TYPE, "nothing of use"])
def test_old_quotas_never_stand_in_the_way_of_a_run(home: Home, tmp_path: Path, saved: str) -> None:
    cache = QuotaCache(tmp_path, lambda: "123456789012")
    cache.write({saved: AppliedQuota(0.0, "L-0")})
    assert quotas_with(cache, home).facts(InstanceChoice("ml.m5.xlarge")).limit == 4.0


def test_quotas_that_are_denied_are_not_papered_over_with_those_on_disk(home: Home, tmp_path: Path) -> None:
    cache = QuotaCache(tmp_path, lambda: "123456789012")
    cache.write({TYPE: AppliedQuota(3.0, "L-3")})
    home.sandbox.set_faults({"do": "denied", "service": "service-quotas", "times": None})
    with pytest.raises(Problem, match="not authorized"):
        quotas_with(cache, home).facts(InstanceChoice("ml.m5.xlarge"))


def test_quotas_are_kept_on_disk_for_their_account_alone(home: Home, tmp_path: Path) -> None:
    cache = QuotaCache(tmp_path, lambda: "123456789012")
    quotas_with(cache, home).applied()
    ends = time.monotonic() + PATIENCE
    while cache.read() is None and time.monotonic() < ends:
        time.sleep(0.01)
    assert (cache.read() or {})[TYPE].value == 4.0
    assert QuotaCache(tmp_path, lambda: "210987654321").read() is None


def test_quotas_of_an_unknown_account_are_not_kept(tmp_path: Path) -> None:
    def no_account() -> str:
        raise Problem("AccessDenied", "not told.")

    cache = QuotaCache(tmp_path, no_account)
    cache.write({TYPE: AppliedQuota(3.0)})

    assert cache.read() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", '{"saved": 1, "quotas": {}}', '{"saved": 9e12, "quotas": {"a": 1}}', "{"])
def test_a_cache_that_cannot_be_used_is_no_cache(tmp_path: Path, text: str) -> None:
    (tmp_path / "quotas-123456789012.json").write_text(text)
    assert QuotaCache(tmp_path, lambda: "123456789012").read() is None
    assert QuotaCache(tmp_path, lambda: "../../etc/passwd").read() is None
