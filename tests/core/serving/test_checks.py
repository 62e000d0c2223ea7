"""The checks before a deploy: one that would pass, and what makes each of them object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jsft_tui.core.account.permissions import Permissions, Verdict
from jsft_tui.core.account.quotas import QuotaFacts
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.request.place import Place
from jsft_tui.core.serving.checks import checks, requirements
from jsft_tui.core.serving.checks.artifact import MODEL_SIZE, READER, ModelSize
from jsft_tui.core.serving.checks.cost import HOSTING_PRICES
from jsft_tui.core.serving.checks.instance import OFFERED
from jsft_tui.core.serving.checks.lifetime import KEEPER
from jsft_tui.core.serving.checks.name import NAMES, NameUse
from jsft_tui.core.serving.checks.permissions import DEPLOYER, deployer_access
from jsft_tui.core.serving.checks.quota import ENDPOINT_QUOTA
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.mode import Asynchronous, Serverless
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.deploy.trained_model import TrainedModel
from jsft_tui.core.serving.endpoint import EndpointStatus
from jsft_tui.core.serving.life.lifetime import EXPIRES_TAG
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.storage.uri import S3Uri
from tests.common.shared_data import PLACE

TYPE = "ml.g5.2xlarge"
GIB = 1024**3
CREATE = ("sagemaker:CreateModel", "arn:m")
SCHEDULED = {"scheduler_role": "arn:k", "tags": {EXPIRES_TAG: "2030-01-01T00:00:00Z"}}
READ = ("s3:GetObject", "arn:aws:s3:::b/k*")

SPEC = {
    "model_id": "huggingface-llm-a",
    "version": "1.0.0",
    "hosting_prepacked_artifact_key": "prepacked/",
    "supported_inference_instance_types": [TYPE, "ml.p3.2xlarge", "ml.g5.12xlarge"],
    "hosting_resource_requirements": {"min_memory_mb": 8192, "num_accelerators": 1},
}
PLAN = DeployPlan(
    Deployment("mine", TYPE, lifetime_seconds=7200),
    TrainedModel("job", "huggingface-llm-a", "1.0.0", S3Uri("b", "k/"), is_uncompressed=True, role="arn:r"),
    ModelSpec.parse(SPEC),
    Place("us-west-2", PLACE.buckets, "registry/image:1"),
)
FACTS: dict[Requirement[Any], Any] = {
    NAMES: NameUse(),
    OFFERED: {TYPE: ("us-west-2a",), "ml.m5.large": ("us-west-2a",)},
    ENDPOINT_QUOTA: QuotaFacts(f"{TYPE} for endpoint usage", 2, 1),
    MODEL_SIZE: ModelSize(5 * GIB, 3),
    READER: Permissions({READ: Verdict.ALLOWED}),
    HOSTING_PRICES: {TYPE: Price(1.5, "price list")},
    DEPLOYER: Permissions({CREATE: Verdict.ALLOWED}),
    KEEPER: Permissions({CREATE: Verdict.ALLOWED}),
}


def findings(plan: DeployPlan = PLAN, facts: dict[Requirement[Any], Any] | None = None) -> list[Finding]:
    inputs = Inputs({**FACTS, **(facts or {})})
    return [finding for check in checks() for finding in check.run(plan, inputs)]


def with_(**changes: Any) -> DeployPlan:
    return replace(PLAN, deployment=replace(PLAN.deployment, **changes))


def spec_with(**changes: Any) -> DeployPlan:
    return replace(PLAN, spec=ModelSpec.parse({**SPEC, **changes}))


def compressed(spec: dict[str, Any] | None = None, *, isolated: bool = False, **changes: Any) -> DeployPlan:
    needs = SPEC["hosting_resource_requirements"] if spec is None else spec
    known = {**SPEC, "hosting_resource_requirements": needs, "inference_enable_network_isolation": isolated}
    trained = replace(PLAN.trained, is_uncompressed=False)
    deployment = replace(PLAN.deployment, **changes)
    return replace(PLAN, deployment=deployment, trained=trained, spec=ModelSpec.parse(known))


def test_a_sound_deploy_passes_every_check() -> None:
    assert {finding.level for finding in findings()} == {Level.PASS}
    assert set(requirements()) == set(FACTS)


def test_what_lets_an_endpoint_scale_is_asked_for_where_it_is_to_scale() -> None:
    queue = with_(mode=Asynchronous(S3Uri("b", "out/")), role="arn:aws:iam::123456789012:role/Train", name="mine")
    wanted = {
        action: access.resources for access in deployer_access(queue, "123456789012") for action in access.actions
    }
    target = "arn:aws:application-autoscaling:us-west-2:123456789012:scalable-target/*"
    assert wanted["application-autoscaling:RegisterScalableTarget"] == (target,)
    assert wanted["application-autoscaling:PutScalingPolicy"] == (target,)
    assert wanted["cloudwatch:PutMetricAlarm"] == ("arn:aws:cloudwatch:us-west-2:123456789012:alarm:jsft-mine-wake",)
    assert wanted["sagemaker:DeleteTags"] == ("arn:aws:sagemaker:us-west-2:123456789012:endpoint/mine",)
    plain = with_(role="arn:aws:iam::123456789012:role/Train")
    asked = {action for access in deployer_access(plain, "123456789012") for action in access.actions}
    assert not asked & {"application-autoscaling:RegisterScalableTarget", "sagemaker:DeleteTags"}


@pytest.mark.parametrize(
    ("check", "level", "plan", "facts"),
    [
        ("name", Level.BLOCK, with_(name="-x"), {}),
        ("permissions", Level.BLOCK, PLAN, {DEPLOYER: Permissions({CREATE: Verdict.NOT_ALLOWED})}),
        ("permissions", Level.UNKNOWN, PLAN, {DEPLOYER: Permissions({CREATE: Verdict.DEPENDS})}),
        ("permissions", Level.UNKNOWN, PLAN, {DEPLOYER: Problem("AccessDenied", "no.")}),
        ("lifetime", Level.PASS, with_(**SCHEDULED), {}),
        ("lifetime", Level.WARN, with_(**SCHEDULED), {KEEPER: Permissions({CREATE: Verdict.NOT_ALLOWED})}),
        ("lifetime", Level.PASS, PLAN, {KEEPER: Problem("AccessDenied", "no.")}),
        ("mode", Level.PASS, with_(mode=Asynchronous(S3Uri("b", "out/"))), {}),
        ("cost", Level.PASS, with_(mode=Asynchronous(S3Uri("b", "out/")), lifetime_seconds=None), {}),
        ("mode", Level.BLOCK, with_(mode=Serverless()), {}),  # not compressed
        ("mode", Level.BLOCK, compressed(mode=Serverless()), {}),  # GPUs
        (
            "mode",
            Level.PASS,
            compressed(mode=Serverless(), instance_type="ml.m5.large", spec={"num_accelerators": 0}),
            {},
        ),
        ("mode", Level.WARN, compressed(mode=Serverless(), instance_type="ml.m5.large", spec={}, isolated=True), {}),
        ("memory", Level.BLOCK, with_(mode=Serverless()), {MODEL_SIZE: ModelSize(5 * GIB, 1)}),
        ("memory", Level.PASS, with_(mode=Serverless(6144)), {MODEL_SIZE: ModelSize(5 * GIB, 1)}),
        ("quota", Level.PASS, with_(mode=Serverless()), {ENDPOINT_QUOTA: QuotaFacts("q", 0, 0)}),
        ("cost", Level.PASS, with_(mode=Serverless(), lifetime_seconds=None), {HOSTING_PRICES: {}}),
        ("name", Level.BLOCK, PLAN, {NAMES: NameUse(others=("endpoint",))}),
        ("name", Level.PASS, PLAN, {NAMES: NameUse(ours=("model",))}),
        ("name", Level.BLOCK, PLAN, {NAMES: NameUse(ours=("endpoint",), status=EndpointStatus.FAILED)}),
        ("name", Level.BLOCK, PLAN, {NAMES: NameUse(ours=("endpoint",), status=EndpointStatus.DELETING)}),
        ("name", Level.PASS, PLAN, {NAMES: NameUse(ours=("endpoint",), status=EndpointStatus.IN_SERVICE)}),
        ("image", Level.BLOCK, replace(PLAN, place=Place("us-west-2", PLACE.buckets)), {}),
        ("image", Level.BLOCK, spec_with(hosting_prepacked_artifact_key=None), {}),  # uncompressed
        ("instance", Level.BLOCK, with_(instance_type="g5"), {}),
        ("instance", Level.BLOCK, with_(count=0), {}),
        ("instance", Level.WARN, with_(instance_type="ml.p3.2xlarge"), {}),
        ("instance", Level.WARN, with_(instance_type="ml.m5.large"), {}),
        ("instance", Level.WARN, PLAN, {OFFERED: {}}),
        ("quota", Level.BLOCK, PLAN, {ENDPOINT_QUOTA: QuotaFacts("q", 0, 0)}),
        ("quota", Level.BLOCK, PLAN, {ENDPOINT_QUOTA: QuotaFacts("q", 1, 1)}),
        ("quota", Level.UNKNOWN, PLAN, {ENDPOINT_QUOTA: QuotaFacts("q", None, 1)}),
        ("quota", Level.PASS, PLAN, {ENDPOINT_QUOTA: QuotaFacts("q", 1, 1), NAMES: NameUse(ours=("endpoint",))}),
        ("artifact", Level.BLOCK, PLAN, {MODEL_SIZE: ModelSize(0, 0)}),
        ("artifact", Level.BLOCK, PLAN, {MODEL_SIZE: ModelSize(5, 1, "GLACIER")}),
        ("artifact", Level.BLOCK, PLAN, {READER: Permissions({READ: Verdict.DENIED})}),
        ("artifact", Level.UNKNOWN, PLAN, {READER: Permissions({READ: Verdict.NOT_ALLOWED})}),
        ("artifact", Level.UNKNOWN, PLAN, {READER: Problem("AccessDenied", "no.")}),
        ("memory", Level.BLOCK, PLAN, {MODEL_SIZE: ModelSize(40 * GIB, 3)}),
        ("memory", Level.WARN, PLAN, {MODEL_SIZE: ModelSize(21 * GIB, 3)}),
        ("memory", Level.BLOCK, with_(instance_type="ml.m5.large"), {}),
        ("memory", Level.WARN, spec_with(hosting_resource_requirements={"num_accelerators": 4}), {}),
        ("license", Level.WARN, spec_with(deprecated=True), {}),
        ("cost", Level.WARN, with_(lifetime_seconds=None), {}),
        ("cost", Level.BLOCK, with_(lifetime_seconds=None, max_usd_per_month=500), {}),
        ("cost", Level.PASS, with_(max_usd_per_month=500), {}),
        ("cost", Level.BLOCK, with_(max_usd_per_month=2), {}),
        ("cost", Level.BLOCK, with_(mode=Asynchronous(S3Uri("b", "out/"), 10), max_usd_per_month=20), {}),
        ("cost", Level.PASS, with_(mode=Asynchronous(S3Uri("b", "out/"), 10), max_usd_per_month=40), {}),
        ("quota", Level.BLOCK, with_(mode=Asynchronous(S3Uri("b", "out/"), 2)), {}),
        ("quota", Level.PASS, with_(mode=Asynchronous(S3Uri("b", "out/"), 1)), {}),
        ("cost", Level.UNKNOWN, PLAN, {HOSTING_PRICES: {"ml.x.large": Price(1, "")}}),
    ],
)
def test_a_check_says(check: str, level: Level, plan: DeployPlan, facts: dict[Requirement[Any], Any]) -> None:
    levels = [finding.level for finding in findings(plan, facts) if finding.check == check]

    worst = min(levels, key=lambda each: each.badness)
    assert worst is level
    assert verdict(levels) is (level if level is not Level.UNKNOWN else Level.PASS)
