"""Service quotas and prices, as boto3 sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.core.instances.types import instance_types
from jsft_tui.sandbox.account.prices import USD_PER_HOUR, PriceListService
from jsft_tui.sandbox.account.quotas import QuotasService, all_quotas
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.seed import QUOTAS
from tests.sandbox.running import RunningSandbox


def prices(**parameters: Any) -> dict[str, Any]:
    return PriceListService("us-west-2").answer(Call("GetProducts", parameters, "us-east-1"))


def match(field: str, value: str, kind: str = "TERM_MATCH") -> dict[str, str]:
    return {"Type": kind, "Field": field, "Value": value}


def test_every_training_type_has_its_three_quotas_and_the_seeded_values(sandbox: RunningSandbox) -> None:
    pages = sandbox.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    found = {quota["QuotaName"]: quota["Value"] for page in pages for quota in page["Quotas"]}
    for name in instance_types():
        assert f"{name} for training job usage" in found
        assert f"{name} for spot training job usage" in found
        assert f"{name} for training warm pool usage" in found
    assert {name: found[name] for name in QUOTAS} == dict(QUOTAS)
    assert found["ml.p4de.24xlarge for training job usage"] == 0


def test_a_quota_is_found_by_its_code_and_the_known_codes_are_awss(sandbox: RunningSandbox) -> None:
    client = sandbox.client("service-quotas")
    quota = client.get_service_quota(ServiceCode="sagemaker", QuotaCode="L-D438008E")["Quota"]
    assert (quota["QuotaName"], quota["Value"]) == ("ml.p3.2xlarge for training job usage", 0.0)
    with pytest.raises(client.exceptions.NoSuchResourceException):
        client.get_service_quota(ServiceCode="sagemaker", QuotaCode="L-00000000")
    with pytest.raises(client.exceptions.NoSuchResourceException):
        client.list_service_quotas(ServiceCode="vpc")


def test_quota_codes_are_unique() -> None:
    codes = [quota.code for quota in all_quotas()]
    assert len(set(codes)) == len(codes) > 600


def test_defaults_are_not_the_applied_values(sandbox: RunningSandbox) -> None:
    pages = sandbox.client("service-quotas").get_paginator("list_aws_default_service_quotas")
    found = {
        quota["QuotaName"]: quota["Value"]
        for page in pages.paginate(ServiceCode="sagemaker")
        for quota in page["Quotas"]
    }
    assert found["ml.m5.xlarge for training job usage"] == 0
    assert found["Longest run time for a training job"] == 432_000


def test_a_strange_page_token_is_refused() -> None:
    with pytest.raises(ApiError) as caught:
        QuotasService().answer(
            Call("ListServiceQuotas", {"ServiceCode": "sagemaker", "NextToken": "abcd"}, "us-west-2")
        )
    assert caught.value.code == "InvalidPaginationTokenException"


def test_a_training_price_is_found_as_in_the_real_list(sandbox: RunningSandbox) -> None:
    answer = sandbox.client("pricing", region="us-east-1").get_products(
        ServiceCode="AmazonSageMaker", Filters=[match("usagetype", "USW2-Train:ml.g5.12xlarge")]
    )
    (text,) = answer["PriceList"]
    product = json.loads(text)
    assert product["product"]["attributes"]["instanceName"] == "ml.g5.12xlarge"
    (term,) = product["terms"]["OnDemand"].values()
    (dimension,) = term["priceDimensions"].values()
    assert float(dimension["pricePerUnit"]["USD"]) == 7.09
    assert dimension["unit"] == "Hrs"
    assert product["publicationDate"].startswith("2026-")


def test_products_are_filtered_and_paged(sandbox: RunningSandbox) -> None:
    pages = (
        sandbox.client("pricing", region="us-east-1")
        .get_paginator("get_products")
        .paginate(
            ServiceCode="AmazonSageMaker",
            Filters=[
                match("regionCode", "us-west-2"),
                match("component", "Training"),
                match("productFamily", "ml instance"),
            ],
            PaginationConfig={"PageSize": 20},
        )
    )
    names = [json.loads(text)["product"]["attributes"]["instanceName"] for page in pages for text in page["PriceList"]]
    assert sorted(names) == sorted(USD_PER_HOUR)
    assert set(names) <= set(instance_types())


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        (match("instanceName", "ml.p4de.24xlarge"), 0),
        (match("nonsense", "x"), 0),
        (match("instanceName", "ml.g5.xlarge,ml.g5.2xlarge", "ANY_OF"), 2),
        (match("instanceName", "ml.g5.", "CONTAINS"), 8),
    ],
)
def test_filters_match_as_documented(rule: dict[str, str], count: int) -> None:
    training = [match("regionCode", "us-west-2"), match("component", "Training")]
    answer = prices(ServiceCode="AmazonSageMaker", Filters=[*training, rule])
    assert len(answer["PriceList"]) == count


def test_prices_of_another_service_are_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(ClientError):
        sandbox.client("pricing").get_products(ServiceCode="AmazonEC2")
