"""Read on-demand prices of training and hosting instances (Price List API)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price

SERVICE = "AmazonSageMaker"
API_REGIONS = ("us-east-1", "eu-central-1", "ap-south-1")
"""Regions with an endpoint of the Price List API. Not verified with AWS."""


class PriceList:
    """The Price List API of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def training_prices(self, region: str) -> dict[str, Price]:
        """Read the price of each instance type that is listed for training in a region."""
        return self._prices_of("Training", "Train", region)

    def hosting_prices(self, region: str) -> dict[str, Price]:
        """Read the price of each instance type that is listed for real-time endpoints in a region."""
        return self._prices_of("Hosting", "Host", region)

    def _prices_of(self, component: str, usage: str, region: str) -> dict[str, Price]:
        filters = [
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region},
            {"Type": "TERM_MATCH", "Field": "component", "Value": component},
        ]
        found: dict[str, Price] = {}
        with translate_errors("read the price list"):
            pages = self._client.get_paginator("get_products").paginate(ServiceCode=SERVICE, Filters=filters)
            for page in pages:
                for text in page["PriceList"]:
                    found.update(_prices(json.loads(text) if isinstance(text, str) else text, usage))
        return found

    def sku_price(self, usage_type: str, region: str) -> SkuPrice | None:
        """Read the price of a usage type, such as a serverless customization; None where the list has none."""
        filters = [
            {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region},
            {"Type": "TERM_MATCH", "Field": "usagetype", "Value": usage_type},
        ]
        with translate_errors("read the price list"):
            answer = self._client.get_products(ServiceCode=SERVICE, Filters=filters, MaxResults=10)
            for text in answer["PriceList"]:
                product = json.loads(text) if isinstance(text, str) else text
                for usd, unit in _dimensions(product):
                    return SkuPrice(usd, unit, PRICE_LIST)
        return None

    @property
    def _client(self) -> Any:
        return self._session.client("pricing")


def _prices(product: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Price]]:
    usage = str(product.get("product", {}).get("attributes", {}).get("usagetype", ""))
    # "USW2-Train:ml.g5.2xlarge", "USW2-Host:ml.g5.2xlarge"; spot and others have another word there.
    head, _, name = usage.partition(":")
    if not head.endswith(kind) or not name.startswith("ml."):
        return
    date = str(product.get("publicationDate", ""))[:10]
    for usd, _ in _dimensions(product):
        yield name, Price(usd, PRICE_LIST, date)


def _dimensions(product: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Yield the on-demand prices of a product that are not zero, with their units."""
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term.get("priceDimensions", {}).values():
            usd = float(dimension.get("pricePerUnit", {}).get("USD", 0) or 0)
            if usd > 0:
                yield usd, str(dimension.get("unit", ""))
