"""Checks of recipe jobs on instances: those of instances, and what jsft does not run there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.common.findings import Level
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.base.customization_access import customization_access
from jsft_tui.core.preflight.base.required_access import caller_access, role_access
from jsft_tui.core.preflight.checks import checks_for
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.run import InstanceChoice
from tests.common.shared_data import PLACE
from tests.core.customization.on_instances import TYPE, instance_run, on_instances
from tests.core.preflight.examples import GOOD, assert_says, inputs

PACKAGE = "arn:aws:sagemaker:us-west-2:123456789012:model-package/my-models/3"
APP = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-app/app-1"


def planned(*, region: str = "us-west-2", spec: dict[str, Any] | None = None, **fields: Any) -> Plan:
    return Plan(instance_run(**fields), on_instances(**(spec or {})), Place(region, PLACE.buckets))


def test_it_has_the_checks_of_instances_and_those_of_recipes_and_passes_them() -> None:
    run = planned()
    names = {check.name for check in checks_for(run)}
    assert names >= {"quota", "instance", "volume", "spot", "cost", "image", "weights", "recipe", "records", "vpc"}
    assert {"serverless_cost", "package_group", "source_model"}.isdisjoint(names)
    known = inputs(
        data={"train": GOOD["data"]["training"]},
        lint={"train": GOOD["lint"]["training"]},
        size={"train": GOOD["size"]["training"]},
    )
    bad = {Level.BLOCK, Level.WARN}
    found = [finding for check in checks_for(run) for finding in check.run(run, known)]
    assert [each for each in found if each.level in bad and each.check not in ("availability", "cost")] == []


@pytest.mark.parametrize(
    ("fields", "spec", "words"),
    [
        ({"technique": Technique.RLVR}, {"technique": Technique.RLVR}, ("RLVR", "SFT and DPO")),
        ({}, {"gated_bucket": True}, ("gated", "serverless")),
        ({"choices": {"source_model_package": PACKAGE}}, {}, ("source_model_package", "serverless")),
    ],
    ids=["RLVR", "gated", "continued"],
)
def test_what_was_not_compared_with_the_sdk_is_blocked_and_says_what_to_do(
    fields: dict[str, Any], spec: dict[str, Any], words: tuple[str, ...]
) -> None:
    assert_says("recipe", Level.BLOCK, *words, planned=planned(spec=spec, **fields))


def test_a_region_without_an_image_blocks_and_names_those_that_have_one() -> None:
    assert_says("recipe", Level.BLOCK, "eu-west-1", planned=planned(region="eu-west-3"))


def test_a_type_off_the_recipes_list_blocks_and_another_number_of_instances_is_a_warning() -> None:
    other = planned(instance=InstanceChoice("ml.p4d.24xlarge"))
    assert_says("instance", Level.BLOCK, "not made for this type", TYPE, planned=other)
    assert_says("recipe", Level.WARN, "1 instance", "count: 1", planned=planned(instance=InstanceChoice(TYPE, count=4)))


def test_access_to_the_recipe_is_needed_and_none_to_hub_and_registry() -> None:
    run = planned(choices={"mlflow_app": APP})
    folder = "arn:aws:s3:::my-output/models/tiny-sft-1/input/recipe/*"
    assert folder in {arn for access in caller_access(run, "123456789012") for arn in access.resources}
    assert folder in {arn for access in role_access(run) for arn in access.resources}
    assert [access.resources for access in customization_access(run)] == [(APP,)]


def test_full_weights_have_their_own_recipe() -> None:
    run = replace(instance_run(), customization=Customization(Technique.SFT, Adapter.FULL))
    assert_says("recipe", Level.PASS, "SFT full", planned=Plan(run, on_instances(adapter=Adapter.FULL), PLACE))
