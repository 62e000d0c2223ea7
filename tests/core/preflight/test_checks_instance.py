"""Preflight of the machine: type, image, disk, network, spot, cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.run.run import KmsKeys, Vpc
from jsft_tui.core.sizing.names import refuse_unknown_type
from jsft_tui.core.storage.bucket import BucketFacts
from tests.common.shared_data import PLACE, needs_shared_data, spec
from tests.core.catalog.specs import model_spec
from tests.core.preflight.examples import ELSEWHERE, assert_says, chosen, findings, inputs, level, plan

# -- instance


def test_a_supported_type_passes_with_its_gpus() -> None:
    assert_says("instance", Level.PASS, "1 x ml.g5.2xlarge (1 x A10G)", planned=plan())
    assert_says("instance", Level.PASS, "no GPU", planned=plan(instance=chosen("ml.m5.xlarge")))


def test_a_type_without_an_image_blocks_with_those_that_are_supported() -> None:
    assert_says(
        "instance", Level.BLOCK, "ml.c5.xlarge", "ml.g5.12xlarge", planned=plan(instance=chosen("ml.c5.xlarge"))
    )


@pytest.mark.parametrize("type_", ["ml.z9.gigantic", "g5", "", "ml.g5.3xlarge"])
def test_a_type_that_does_not_exist_blocks(type_: str) -> None:
    assert level("instance", plan(instance=chosen(type_))) is Level.BLOCK


def test_a_type_that_is_not_listed_but_has_an_image_warns() -> None:
    assert_says("instance", Level.WARN, "does not list ml.g5.xlarge", planned=plan(instance=chosen("ml.g5.xlarge")))


@pytest.mark.parametrize(
    ("type_", "listed", "says"),
    [("ml.m5.large", "ml.m5.xlarge", "16 GiB of memory"), ("ml.g4dn.xlarge", "ml.g5.xlarge", "22.35 GiB")],
    ids=["host", "gpu"],
)
def test_less_memory_than_the_listed_types_have_may_do(type_: str, listed: str, says: str) -> None:
    model = model_spec(supported_training_instance_types=[listed])
    assert_says("instance", Level.WARN, says, planned=plan(model=model, instance=chosen(type_)))


def test_more_gpus_than_any_listed_type_has_block() -> None:
    assert_says("instance", Level.BLOCK, "8 GPUs", planned=plan(instance=chosen("ml.g5.48xlarge")))


def test_a_listed_type_of_the_future_warns() -> None:
    model = model_spec(supported_training_instance_types=["ml.zz9.48xlarge"])
    refuse_unknown_type("ml.zz9.48xlarge", model)
    assert_says("instance", Level.WARN, "unknown", planned=plan(model=model, instance=chosen("ml.zz9.48xlarge")))


def test_a_legacy_type_warns_and_names_newer_ones() -> None:
    assert_says("instance", Level.WARN, "legacy", "ml.g5.2xlarge", planned=plan(instance=chosen("ml.p3.2xlarge")))


def test_several_instances_of_an_algorithm_for_one_warn() -> None:
    assert_says("instance", Level.WARN, "count: 1", planned=plan(instance=chosen(count=2)))
    alone = model_spec(model_id="catboost-classification-model")
    assert_says("instance", Level.WARN, "count: 1", planned=plan(model=alone, instance=chosen(count=2)))
    spread = model_spec(model_id="lightgbm-classification-model")
    assert level("instance", plan(model=spread, instance=chosen(count=2))) is Level.PASS


# -- image, gated weights


def test_the_image_is_named() -> None:
    assert_says("image", Level.PASS, "tensorflow-training:2.9-gpu", planned=plan())
    assert_says("image", Level.PASS, "tensorflow-training:2.9-cpu", planned=plan(instance=chosen("ml.m5.xlarge")))


def test_no_image_for_the_family_blocks() -> None:
    assert_says(
        "image", Level.BLOCK, "no training image", "ml.c5.xlarge", planned=plan(instance=chosen("ml.c5.xlarge"))
    )


def test_no_image_in_the_region_blocks() -> None:
    there = replace(plan(), place=replace(PLACE, region="mars-north-1"))
    assert_says("image", Level.BLOCK, "mars-north-1", planned=there)


@needs_shared_data
def test_a_family_without_gated_weights_blocks_and_names_those_that_have_them() -> None:
    model = spec("meta-textgeneration-llama-2-7b")
    planned = plan(model=model, instance=chosen("ml.g6.12xlarge"), accept_eula=True)
    assert level("image", planned) is Level.BLOCK


# -- volume


def test_a_disk_that_is_fixed_says_what_has_no_effect() -> None:
    assert_says("volume", Level.PASS, "450 GB of local NVMe", planned=plan())
    assert_says("volume", Level.WARN, "takes no volume key", planned=plan(kms=KmsKeys(volume="key")))
    assert_says("volume", Level.WARN, "no effect", planned=plan(volume_gb=1000))


def test_a_disk_that_can_be_chosen_is_named() -> None:
    cpu = chosen("ml.m5.xlarge")
    assert_says("volume", Level.PASS, "30 GB", planned=plan(instance=cpu))
    assert_says("volume", Level.PASS, "256 GB", planned=plan(instance=cpu, model=model_spec(training_volume_size=256)))
    assert_says("volume", Level.PASS, "100 GB", planned=plan(instance=cpu, volume_gb=100, kms=KmsKeys(volume="key")))
    assert_says("volume", Level.WARN, "usual quota", planned=plan(instance=cpu, volume_gb=2000))


# -- VPC


def test_without_a_vpc_there_is_nothing_to_check() -> None:
    assert level("vpc", plan()) is Level.PASS


@pytest.mark.parametrize(
    ("subnets", "groups", "part"),
    [
        ((), ("sg-1",), "subnets must list 1 to 16"),
        (("subnet-1",), (), "security_group_ids must list 1 to 5"),
        (tuple(f"subnet-{n}" for n in range(17)), ("sg-1",), "1 to 16 ids, not 17"),
        (("subnet-1",), tuple(f"sg-{n}" for n in range(6)), "1 to 5 ids, not 6"),
        (("vpc-1",), ("sg-1",), "'vpc-1'"),
        (("subnet-1",), ("default",), "'default'"),
    ],
)
def test_a_vpc_that_the_service_would_refuse_blocks(
    subnets: tuple[str, ...], groups: tuple[str, ...], part: str
) -> None:
    assert_says("vpc", Level.BLOCK, part, planned=plan(vpc=Vpc(subnets, groups)))


# -- spot, times


def test_on_demand_there_is_nothing_to_wait_for() -> None:
    assert level("spot", plan()) is Level.PASS
    assert_says("spot", Level.BLOCK, "max_wait", "spot: true", planned=plan(instance=chosen(max_wait=86_400)))


def test_a_wait_shorter_than_the_run_blocks() -> None:
    assert level("spot", plan(instance=chosen(spot=True, max_runtime=3600, max_wait=3599))) is Level.BLOCK
    assert level("spot", plan(instance=chosen(spot=True, max_runtime=3600, max_wait=3600))) is Level.PASS


def test_a_long_spot_run_without_a_checkpoint_warns() -> None:
    long = chosen(spot=True, max_runtime=3 * 3600)
    assert_says("spot", Level.WARN, "starts over after an interruption", planned=plan(instance=long))
    assert level("spot", plan(instance=long, checkpoint="s3://my-output/checkpoints/")) is Level.PASS


def test_a_warm_pool_on_spot_warns() -> None:
    assert_says(
        "spot", Level.WARN, "keep_alive", planned=plan(instance=chosen(spot=True, max_runtime=3600, keep_alive=60))
    )


def test_a_checkpoint_that_is_no_place_blocks() -> None:
    assert_says("spot", Level.BLOCK, "s3://", planned=plan(checkpoint="checkpoints/"))


def test_a_run_of_more_than_28_days_blocks() -> None:
    assert_says("spot", Level.BLOCK, "28 days", planned=plan(instance=chosen(max_runtime=29 * 86_400)))
    assert level("spot", plan(instance=chosen(max_runtime=28 * 86_400))) is Level.PASS


def test_a_checkpoint_bucket_has_to_be_in_the_region() -> None:
    planned = plan(checkpoint="s3://my-output/checkpoints/")
    assert_says("spot", Level.BLOCK, "does not exist", planned=planned, known=inputs(checkpoint=BucketFacts(False)))
    assert_says("spot", Level.BLOCK, "eu-west-1", planned=planned, known=inputs(checkpoint=ELSEWHERE))
    found = findings("spot", planned, inputs(checkpoint=BucketFacts(True)))
    assert next(finding.message for finding in found if finding.level is Level.UNKNOWN).endswith(
        "could not be determined."
    )


# -- cost


def test_a_spot_run_costs_from_the_largest_discount_to_the_full_price() -> None:
    spot = chosen(spot=True, max_runtime=6 * 3600)
    assert_says("cost", Level.PASS, "$0.90 to $9.00", planned=plan(instance=spot, checkpoint="s3://my-output/c/"))
    assert_says("cost", Level.BLOCK, "the cap is $8.99", planned=plan(instance=spot, max_cost_usd=8.99))


def test_the_most_it_can_cost_is_said_with_its_origin() -> None:
    assert_says("cost", Level.PASS, "at most $9.00", "6h x $1.50 x 1", "a test of 2026-11-23", planned=plan())


def test_a_cost_above_the_cap_blocks_and_one_at_the_cap_does_not() -> None:
    assert_says("cost", Level.BLOCK, "$9.00", "the cap is $8.99", planned=plan(max_cost_usd=8.99))
    assert level("cost", plan(max_cost_usd=9.0)) is Level.PASS
    assert level("cost", plan(max_cost_usd=0.0)) is Level.BLOCK


@pytest.mark.parametrize("cap", [None, 5.0])
def test_an_unknown_price_is_unknown_and_never_nothing(cap: float | None) -> None:
    assert_says("cost", Level.UNKNOWN, "unknown", planned=plan(max_cost_usd=cap), known=inputs(prices={}))
