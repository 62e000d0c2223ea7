"""Preflight of what lies around the job: disk, JumpStart's content, zones, network, keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.account.kms import KeyFacts, is_alias, region_of_key
from jsft_tui.core.account.network import NetworkFacts, S3Route, SecurityGroup, Subnet
from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.checks.account.vpc import NETWORK
from jsft_tui.core.run.run import KmsKeys, Vpc
from jsft_tui.core.sizing.disk import GB, GIB, SizeFacts, in_words
from tests.core.catalog.specs import model_spec
from tests.core.preflight.examples import DENIED, KEY, assert_says, chosen, findings, inputs, level, plan

CPU = chosen("ml.m5.xlarge")
"""A type whose disk can be chosen."""

# -- size against disk


def data_of(total: int, *, complete: bool = True) -> Inputs:
    return inputs(size={"training": SizeFacts(total, 1000, complete)}, content={})


def test_data_that_fits_passes_with_both_sizes() -> None:
    assert_says("data_size", Level.PASS, "2.0 GB in 1,000 objects", "450 GB", planned=plan(), known=data_of(2 * GB))


def test_data_larger_than_a_disk_that_can_be_chosen_blocks_and_says_how_large_it_has_to_be() -> None:
    known = data_of(40 * GIB)
    assert_says("data_size", Level.BLOCK, "32.2 GB", "volume_gb: 50", planned=plan(instance=CPU), known=known)
    assert level("data_size", plan(instance=CPU, volume_gb=50), known) is Level.PASS


def test_data_larger_than_a_fixed_disk_blocks_and_names_types_with_more() -> None:
    assert_says("data_size", Level.BLOCK, "ml.g5.12xlarge", planned=plan(), known=data_of(500 * GB))
    assert_says("data_size", Level.BLOCK, "use less data", planned=plan(), known=data_of(9_000 * GB))


def test_data_that_leaves_little_room_warns() -> None:
    assert_says("data_size", Level.WARN, "leave little", planned=plan(instance=CPU), known=data_of(28 * GIB))


def test_weights_lie_on_the_same_disk() -> None:
    known = inputs(size={"training": SizeFacts(20 * GIB, 1)}, content={"model": SizeFacts(20 * GIB, 1)})
    assert level("data_size", plan(instance=CPU), known) is Level.BLOCK


def test_more_objects_than_were_counted_are_unknown_unless_they_are_too_many_already() -> None:
    assert_says("data_size", Level.UNKNOWN, "more than 1.0 GB", planned=plan(), known=data_of(GB, complete=False))
    assert level("data_size", plan(), data_of(500 * GB, complete=False)) is Level.BLOCK


def test_a_channel_that_is_denied_is_unknown_beside_one_that_is_not() -> None:
    known = inputs(size={"training": SizeFacts(GB, 1), "validation": DENIED})
    assert {found.level for found in findings("data_size", plan(), known)} == {Level.PASS, Level.UNKNOWN}


def test_a_type_with_an_unknown_disk_is_unknown() -> None:
    assert_says("data_size", Level.UNKNOWN, "is unknown", planned=plan(instance=chosen("ml.z9.x")), known=data_of(GB))


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (450 * GB, "450 GB"), (7_600 * GB, "7.6 TB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_words(size) == words


# -- JumpStart's content


def test_weights_that_are_not_there_block() -> None:
    known = inputs(content={"model": SizeFacts(0, 0), "code": SizeFacts(1, 1)})
    assert_says("weights", Level.BLOCK, "no weights for this model", "another version", planned=plan(), known=known)


def test_weights_that_are_there_pass_and_denied_ones_are_unknown() -> None:
    assert_says("weights", Level.PASS, "weights: 20.0 MB", planned=plan())
    assert level("weights", plan(), inputs(content={"model": DENIED, "code": DENIED})) is Level.UNKNOWN
    assert_says("weights", Level.PASS, "gated", planned=plan(), known=inputs(content={}))
    assert level("weights", plan(model=model_spec(training_supported=False)), Inputs()) is Level.PASS


# -- availability


def test_a_type_that_is_not_offered_in_the_region_warns_and_names_those_that_are() -> None:
    planned = plan(instance=chosen("ml.p3.2xlarge"))
    assert_says("availability", Level.WARN, "p3.2xlarge", "ml.g5.2xlarge, ml.m5.xlarge", planned=planned)
    assert_says("availability", Level.WARN, "another region", planned=planned, known=inputs(offers={}))


def test_a_type_that_is_offered_passes_with_its_zones() -> None:
    assert_says("availability", Level.PASS, "2 zones of us-west-2", planned=plan())


# -- network

VPC = Vpc(("subnet-1", "subnet-2"), ("sg-1",))
ONE = Subnet("subnet-1", "vpc-1", "us-west-2a", 100, S3Route.ENDPOINT)
TWO = Subnet("subnet-2", "vpc-1", "us-west-2b", 100, S3Route.NETWORK)
GROUP = SecurityGroup("sg-1", "vpc-1", lets_members_talk=False)


def network(*items: Subnet | SecurityGroup) -> Inputs:
    subnets = {item.id: item for item in items if isinstance(item, Subnet)}
    return inputs(network=NetworkFacts(subnets, {i.id: i for i in items if isinstance(i, SecurityGroup)}))


def vpc_says(expected: Level, *parts: str, known: Inputs, **run: Any) -> None:
    assert_says("vpc", expected, *parts, planned=plan(vpc=VPC, **run), known=known)


def test_a_network_with_a_way_and_room_passes() -> None:
    known = network(ONE, TWO, GROUP)
    vpc_says(Level.PASS, "an S3 endpoint and its default route", known=known)
    vpc_says(Level.PASS, "200 free addresses, 2 needed", known=known)


def test_ids_that_do_not_exist_block_each() -> None:
    vpc_says(Level.BLOCK, "no subnet subnet-2", known=network(ONE, GROUP))
    vpc_says(Level.BLOCK, "no security group sg-1", known=network(ONE, TWO))


def test_several_vpcs_block() -> None:
    vpc_says(Level.BLOCK, "several VPCs (vpc-1, vpc-2)", known=network(ONE, replace(TWO, vpc="vpc-2"), GROUP))
    vpc_says(Level.BLOCK, "several VPCs", known=network(ONE, TWO, replace(GROUP, vpc="vpc-2")))


def test_a_vpc_of_dedicated_tenancy_blocks() -> None:
    known = network(ONE, TWO, GROUP)[NETWORK]
    dedicated = inputs(network=replace(known, tenancies={"vpc-1": "dedicated"}))
    vpc_says(Level.BLOCK, "vpc-1 is of dedicated tenancy", "another VPC", known=dedicated)
    vpc_says(Level.PASS, "200 free", known=inputs(network=replace(known, tenancies={"vpc-1": "default"})))


def test_a_tenancy_that_is_not_known_is_unknown_beside_what_was() -> None:
    found = findings("vpc", plan(vpc=VPC), inputs(network=replace(network(ONE, TWO, GROUP)[NETWORK], tenancies=None)))
    assert [finding.level for finding in found] == [Level.UNKNOWN, Level.PASS, Level.PASS]
    assert "ec2:DescribeVpcs" in found[0].remedy


def test_no_way_to_s3_blocks_and_says_which_endpoint_to_add() -> None:
    known = network(replace(ONE, route=S3Route.NONE), replace(TWO, route=S3Route.INTERNET_GATEWAY), GROUP)
    vpc_says(Level.BLOCK, "subnet-1, subnet-2", "no public address", "com.amazonaws.us-west-2.s3", known=known)


def test_one_subnet_without_a_way_warns() -> None:
    vpc_says(Level.WARN, "subnet-2", "gateway endpoint", known=network(ONE, replace(TWO, route=S3Route.NONE), GROUP))


def test_routes_that_are_not_known_are_unknown_beside_what_was() -> None:
    known = network(replace(ONE, route=None), replace(TWO, route=None), GROUP)
    found = findings("vpc", plan(vpc=VPC), known)
    assert [finding.level for finding in found] == [Level.PASS, Level.UNKNOWN]
    assert "ec2:DescribeRouteTables" in found[1].remedy


def test_too_few_addresses_block() -> None:
    known = network(replace(ONE, free_addresses=1), replace(TWO, free_addresses=2), GROUP)
    vpc_says(Level.BLOCK, "3 free addresses", "needs 4", known=known, instance=chosen(count=2))
    assert level("vpc", plan(vpc=VPC), known) is Level.PASS


def test_subnets_in_zones_without_the_type_warn() -> None:
    known = network(replace(ONE, zone="us-west-2d"), replace(TWO, zone="us-west-2d"), GROUP)
    vpc_says(Level.WARN, "not offered in us-west-2d", "us-west-2a, us-west-2b", known=known)


def test_several_instances_that_cannot_talk_warn() -> None:
    vpc_says(Level.WARN, "must communicate", "sg-1", known=network(ONE, TWO, GROUP), instance=chosen(count=2))
    talking = network(ONE, TWO, replace(GROUP, lets_members_talk=True))
    assert level("vpc", plan(vpc=VPC, instance=chosen(count=2)), talking) is Level.PASS


# -- keys


def key_says(expected: Level, *parts: str, found: object, **keys: str) -> None:
    run = plan(instance=CPU, kms=KmsKeys(**(keys or {"output": KEY})))
    assert_says(
        "kms", expected, *parts, planned=run, known=inputs(keys={f"kms.{name}": found for name in ("output", "volume")})
    )


def test_a_key_that_is_enabled_passes() -> None:
    key_says(Level.PASS, "kms.output", KEY, found=KeyFacts(True, KEY))
    key_says(Level.PASS, "alias/mine is enabled", found=KeyFacts(True, KEY), output="alias/mine")


def test_a_key_that_does_not_exist_blocks() -> None:
    key_says(Level.BLOCK, "no KMS key", "Check its id", found=KeyFacts(False))


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion", "PendingImport"])
def test_a_key_that_is_not_enabled_blocks(state: str) -> None:
    key_says(Level.BLOCK, f"is {state}", found=KeyFacts(True, KEY, state))


def test_a_key_of_another_kind_blocks() -> None:
    key_says(Level.BLOCK, "SIGN_VERIFY", found=KeyFacts(True, KEY, usage="SIGN_VERIFY", spec="RSA_2048"))


def test_a_key_that_may_not_be_described_is_unknown() -> None:
    key_says(Level.UNKNOWN, DENIED.message, found=DENIED)


def test_a_volume_takes_no_alias_and_no_key_of_another_region() -> None:
    key_says(Level.BLOCK, "is an alias", found=KeyFacts(True, KEY), volume="alias/mine")
    key_says(Level.BLOCK, "eu-west-1", found=KeyFacts(True), output="arn:aws:kms:eu-west-1:123456789012:key/1a2b")


def test_a_key_that_is_not_sent_is_not_looked_at() -> None:
    assert level("kms", plan(kms=KmsKeys(volume="alias/mine")), Inputs()) is Level.PASS  # NVMe: see `volume`
    assert level("kms", plan(), Inputs()) is Level.PASS


def test_names_of_keys() -> None:
    assert is_alias("alias/a") and is_alias("arn:aws:kms:us-west-2:123456789012:alias/a")
    assert not is_alias("1a2b") and not is_alias(KEY)
    assert region_of_key(KEY) == "us-west-2"
    assert region_of_key("1a2b") is None and region_of_key("alias/a") is None
