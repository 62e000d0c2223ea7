"""The types that a model can be deployed to, and the name and the bound of a deploy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.mode import Asynchronous, Serverless
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.life.lifetime import JOB_TAG
from jsft_tui.core.serving.offers import (
    DeployOffer,
    HostingOffer,
    deploy_bound,
    endpoints_of,
    free_name,
    hosting_offers,
)
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.storage.uri import S3Uri

SPEC = ModelSpec.parse(
    {
        "model_id": "m",
        "version": "1",
        "default_inference_instance_type": "ml.g4dn.xlarge",
        "supported_inference_instance_types": [
            "ml.p2.xlarge",
            "ml.g5.xlarge",
            "ml.m5.large",
            "ml.g4dn.xlarge",
            "ml.c5.xlarge",
        ],
    }
)
PRICES = {
    "ml.g5.xlarge": Price(1.5, "list"),
    "ml.m5.large": Price(0.125, "list"),
    "ml.g4dn.xlarge": Price(0.75, "list"),
}
QUOTAS = {
    "ml.g5.xlarge for endpoint usage": 0.0,
    "ml.m5.large for endpoint usage": 4.0,
    "ml.g4dn.xlarge for endpoint usage": 2.0,
}


def test_those_with_quota_come_first_the_cheapest_of_them_first_and_retired_ones_not_at_all() -> None:
    found = hosting_offers(SPEC, "", PRICES, QUOTAS, {"ml.g4dn.xlarge": 1})
    assert [each.name for each in found] == ["ml.m5.large", "ml.g4dn.xlarge", "ml.c5.xlarge", "ml.g5.xlarge"]
    assert [each.quota_text for each in found] == ["0 of 4 used", "1 of 2 used", "", "no quota"]
    assert [each.left for each in found] == [4.0, 1.0, None, 0.0]
    assert DeployOffer("job", "m", "job", found).suggested == "ml.g4dn.xlarge"


def test_where_the_models_own_type_has_no_quota_left_one_like_it_is_suggested() -> None:
    quotas = {**QUOTAS, "ml.g5.xlarge for endpoint usage": 1.0}
    found = hosting_offers(SPEC, "", PRICES, quotas, {"ml.g4dn.xlarge": 2})
    assert DeployOffer("job", "m", "job", found).suggested == "ml.g5.xlarge"
    full = hosting_offers(SPEC, "", PRICES, QUOTAS, {"ml.g4dn.xlarge": 2})
    assert DeployOffer("job", "m", "job", full).suggested == "ml.g4dn.xlarge"


def test_what_is_not_known_is_not_said() -> None:
    found = hosting_offers(SPEC, "", {}, {}, None)
    assert {(each.price, each.limit, each.in_use) for each in found} == {(None, None, None)}
    assert HostingOffer("ml.m5.large", limit=3.0).quota_text == "quota 3"
    assert DeployOffer("job", "m", "job", ()).suggested == ""
    assert DeployOffer("job", "m", "job", ()).get("ml.x") == HostingOffer("ml.x")


@pytest.mark.parametrize(
    ("taken", "found"),
    [((), "job"), (("other",), "job"), (("job",), "job-2"), (("job", "job-2", "job-3"), "job-4")],
)
def test_a_name_that_no_endpoint_has(taken: tuple[str, ...], found: str) -> None:
    assert free_name("job", taken) == found


def test_the_endpoints_that_a_job_has_are_those_that_cost() -> None:
    def endpoint(name: str, status: EndpointStatus, job: str) -> Endpoint:
        return Endpoint(name, "", status, 0.0, name, tags={JOB_TAG: job} if job else {})

    running, lost = EndpointStatus.IN_SERVICE, EndpointStatus.CREATING
    listed = [
        endpoint("other", running, "other-job"),
        endpoint("named-otherwise", running, "job"),
        endpoint("job", lost, ""),
        endpoint("job-2", EndpointStatus.FAILED, "job"),
        endpoint("job-3", EndpointStatus.DELETING, "job"),
    ]
    assert endpoints_of("job", listed) == ("named-otherwise", "job")


def test_a_long_name_stays_one_of_an_endpoint() -> None:
    job = f"{'a' * 60}-ab"
    assert free_name(job, {job}) == f"{'a' * 60}-2"


def test_the_bound_is_that_of_the_lifetime_else_of_a_month() -> None:
    offer = HostingOffer("ml.m5.large", PRICES["ml.m5.large"])
    chosen = Deployment("mine", "ml.x", 2, lifetime_seconds=7200)
    assert deploy_bound(chosen, offer.price) == 0.5
    assert deploy_bound(replace(chosen, lifetime_seconds=None), offer.price) == 182.5
    assert deploy_bound(replace(chosen, mode=Asynchronous(S3Uri("b", "k/"), 10)), offer.price) == 2.5
    assert deploy_bound(replace(chosen, mode=Serverless()), offer.price) == 0.0
    assert deploy_bound(chosen, None) is None
